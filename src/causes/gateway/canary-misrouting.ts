import type { Facts, RouteBackend } from "../../derive/views.ts";
import type { Observed } from "../../evidence/observed.ts";
import { refText } from "../../evidence/object-ref.ts";
import { type Clue, speaksAgainst, speaksFor } from "../clue.ts";
import { defineCause, refuted, undecided } from "../define-cause.ts";
import type { Fix } from "../fix.ts";
import { countText } from "../requests.ts";
import { see } from "../see.ts";

/** Fewer failures than these may be anybody's. */
const fewest = 3;
/** The canary fails so many times as often as its primary before the canary is to blame. */
const timesWorse = 5;

/**
 * A canary takes a share of the requests and fails where its primary serves. What is wrong with it
 * is for deeper causes; that clients are sent there at all is what can be undone at once.
 */
export const canaryMisrouting = defineCause({
  id: "canary-misrouting",
  title: "A canary takes requests and fails them",
  hop: "gateway",
  codes: [502, 503, 504],
  prior: 0.02,
  leadsTo: [],
  needs: ["route", "traffic"],
  helps: ["gatewayTraffic"],
  weigh({ route, traffic, gatewayTraffic }) {
    const subject = route.rule?.object;
    if (route.role !== "canary" || subject === undefined)
      return refuted(speaksAgainst.decisive("the route is no canary", route.target));
    const failed = traffic.failures.length;
    if (failed < fewest)
      return refuted(
        speaksAgainst.strong(
          countText(failed, traffic.requests, "requests of the canary failed"),
          "gateway log",
        ),
      );
    const text = `${countText(failed, traffic.requests, "requests")} that the canary ${refText(route.backend.service)} took failed`;
    const primary = primaryCounts(route.primary, gatewayTraffic);
    if (primary === undefined || primary.requests === 0)
      return undecided(`${text}; how its primary fares is not in the log`, see.get(subject), [
        speaksFor.moderate(text, "gateway log, proxy_alternative_upstream_name"),
      ]);
    const other = `${countText(primary.failed, primary.requests, "requests")} that stayed with ${primary.name}`;
    if (failed / traffic.requests < (timesWorse * primary.failed) / primary.requests)
      return refuted(speaksAgainst.strong(`${other} failed as well`, "gateway log"));
    const clues: Clue[] = [
      speaksFor.strong(`${text}, against ${other}`, "gateway log, proxy_alternative_upstream_name", {
        see: see.get(subject),
      }),
    ];
    clues.push(shareClue(route.weight, traffic.requests, primary.requests));
    return {
      state: "supported",
      subject,
      clues,
      explains: () => true,
      fixes: [stop(subject)],
    };
  },
});

function primaryCounts(
  primary: RouteBackend | undefined,
  traffic: Observed<Facts["gatewayTraffic"]>,
): { name: string; requests: number; failed: number } | undefined {
  if (primary === undefined || traffic.state !== "present") return undefined;
  const { namespace, name } = primary.service;
  const port = primary.port?.number ?? primary.port?.name;
  const upstream = traffic.value.routes.find((r) => r.upstreamName === `${namespace}-${name}-${port}`);
  if (upstream === undefined) return undefined;
  return { name: refText(primary.service), requests: upstream.requests, failed: upstream.failed };
}

function shareClue(weight: number | undefined, own: number, others: number): Clue {
  const share = Math.round((own / (own + others)) * 100);
  const set = weight === undefined ? "a header or a cookie chooses them" : `its weight is ${weight} %`;
  return speaksFor.moderate(
    `it took ${share} % of the requests; ${set}`,
    "Ingress annotations canary, canary-weight",
  );
}

function stop(object: { kind: string; namespace?: string; name: string }): Fix {
  const prefix = "nginx.ingress.kubernetes.io/canary";
  const annotations = {
    [`${prefix}-weight`]: "0",
    [`${prefix}-by-header`]: null,
    [`${prefix}-by-cookie`]: null,
  };
  const body = { metadata: { annotations } };
  const words = ["kubectl", "patch", "ingress", object.name, "-n", object.namespace ?? "default"];
  return {
    title: `Send no request to the canary: weight 0 and no header or cookie on ${refText(object)}`,
    applicability: "unsafe",
    commands: [see.shell(...words, "--type", "merge", "-p", JSON.stringify(body))],
    patch: { object, type: "merge", body },
    effect: "its primary takes every request again; no pod restarts",
  };
}
