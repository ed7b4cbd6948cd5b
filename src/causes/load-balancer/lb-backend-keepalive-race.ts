import type { Gateway } from "../../derive/views.ts";
import type { Observed } from "../../evidence/observed.ts";
import { type Clue, speaksAgainst, speaksFor } from "../clue.ts";
import { defineCause, refuted, undecided } from "../define-cause.ts";
import { balanced, explainedBy, firstAt, quoted, unlessLoggedBy } from "../outer-log.ts";
import { countText, ipOf } from "../requests.ts";
import { see } from "../see.ts";
import { isBackendRace, raceIdleS, raceSigns } from "./races.ts";
import { targetAt } from "./targets.ts";

const fewest = 3;
/** A race alone reaches 1e-6 to 1e-4 of the requests. */
const raceShare = 0.01;

/**
 * The target closes an idle connection in the moment in which the load balancer sends the next request
 * on it. The target never sees that request; the load balancer answers 502 by itself, within milliseconds.
 */
export const lbBackendKeepaliveRace = defineCause({
  id: "lb-backend-keepalive-race",
  title: "The target closes idle connections that the load balancer is about to reuse",
  hop: "load-balancer",
  codes: [502, 503],
  prior: 0.03,
  leadsTo: [],
  needs: ["route", "traffic"],
  helps: ["gateway", "pods", "nodes", "patterns"],
  weigh({ route, traffic, gateway, pods, nodes }) {
    const elsewhere = unlessLoggedBy("load-balancer", traffic);
    if (elsewhere !== undefined) return elsewhere;
    const hits = explainedBy(traffic, isBackendRace);
    const count = hits.length;
    if (count === 0)
      return refuted(
        speaksAgainst.decisive(
          "no target closed a connection at once and without an answer",
          "load balancer's log",
        ),
      );
    const share = count / Math.max(1, traffic.requests);
    if (share > raceShare)
      return refuted(
        speaksAgainst.strong(
          `${countText(count, traffic.requests, "requests")} ended so, ${(share * 100).toFixed(1)} %: far more than a race gives`,
          "load balancer's log",
        ),
      );
    const cluster = { pods, gateway, nodes };
    const signs = raceSigns(hits, (address) => targetAt(address, cluster)?.pod);
    if (signs.nearPodEvents > count / 2)
      return refuted(
        speaksAgainst.strong(
          `${countText(signs.nearPodEvents, count, "of them")} are at pods that ended, restarted or were told to stop then`,
          "load balancer's log against pod times",
        ),
      );
    const idle = gatewayKeepAlive(gateway, signs.addresses);
    if (idle !== undefined && idle.seconds >= raceIdleS(traffic))
      return refuted(
        speaksAgainst.strong(
          `the gateway keeps idle client connections for ${idle.seconds} s, longer than the load balancer's ${raceIdleS(traffic)} s`,
          idle.source,
        ),
      );
    const text = `${countText(count, traffic.requests, "requests")} ended within ${signs.slowestMs} ms without an answer of the target, and no pod ended then${quoted(hits)}`;
    const clues: Clue[] = [
      speaksFor.strong(text, `load balancer's log, first at ${firstAt(hits)}`, { group: "closes" }),
      ...signs.clues,
    ];
    if (idle !== undefined)
      clues.push(
        speaksFor.strong(
          `the gateway closes client connections that are idle for ${idle.seconds} s, the load balancer reuses them for ${raceIdleS(traffic)} s`,
          idle.source,
        ),
      );
    const isAtPods = [...signs.addresses].some((address) => {
      const pod = targetAt(address, cluster)?.pod;
      return pod !== undefined && pods.state === "present" && pods.value.includes(pod);
    });
    if (idle === undefined && !isAtPods)
      return undecided(
        `${text}; how long these targets keep idle connections was not read`,
        see.shell(
          "kubectl",
          "get",
          "configmap",
          "ingress-nginx-controller",
          "-n",
          "ingress-nginx",
          "-o",
          "yaml",
        ),
        clues,
      );
    if (count < fewest)
      return undecided(`${text}; too few to tell a race from an accident`, undefined, clues);
    return {
      state: "supported",
      subject: balanced(route, gateway),
      clues,
      explains: isBackendRace,
      fixes: [
        {
          title: `Let the target keep idle connections longer than the load balancer's ${raceIdleS(traffic)} s: ${keepAliveKey(gateway)} in the gateway's ConfigMap ("${raceIdleS(traffic) + 20}${isHaproxy(gateway) ? "s" : ""}"), or Node server.keepAliveTimeout, gunicorn --keep-alive, uvicorn --timeout-keep-alive where it sends to pods directly`,
          applicability: "display-only",
          commands: [],
        },
      ],
    };
  },
});

const isHaproxy = (gateway: Observed<Gateway>): boolean =>
  gateway.state === "present" && gateway.value.kind === "haproxy";

const keepAliveKey = (gateway: Observed<Gateway>): string =>
  isHaproxy(gateway)
    ? "timeout-keep-alive (haproxy-ingress) or timeout-http-keep-alive (haproxytech's controller)"
    : "keep-alive";

/** How long ingress-nginx keeps an idle client connection: `keep-alive`, 75 s by default (internal/ingress/controller/config/config.go). */
function gatewayKeepAlive(
  gateway: Observed<Gateway>,
  addresses: ReadonlySet<string>,
): { seconds: number; source: string } | undefined {
  if (gateway.state !== "present" || gateway.value.kind !== "ingress-nginx") return undefined;
  const { pods, config, configRef } = gateway.value;
  const ips = new Set([...addresses].map(ipOf));
  const isTarget = pods.some((p) => p.ips.some((ip) => ips.has(ip)));
  if (!isTarget || config === undefined) return undefined;
  const seconds = Number(config["keep-alive"] ?? "75");
  if (!Number.isFinite(seconds)) return undefined;
  const where = configRef === undefined ? "" : ` ${configRef.namespace}/${configRef.name}`;
  return { seconds, source: `ConfigMap${where} .data.keep-alive` };
}
