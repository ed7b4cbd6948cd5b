import type { PodView } from "../../derive/views.ts";
import type { Observed } from "../../evidence/observed.ts";
import type { Attempt, Traffic } from "../../logs/traffic.ts";
import { speaksAgainst, speaksFor } from "../clue.ts";
import { defineCause, refuted } from "../define-cause.ts";
import { someOf } from "../names.ts";
import { unlessLoggedInside } from "../outer-log.ts";
import { countText, failedAttempts, ipOf, ofClass } from "../requests.ts";
import { mostOf } from "../said.ts";
import { see } from "../see.ts";

const fewest = 2;

/**
 * The gateway's connects to the pods are not answered and its timer ends them. Something drops or
 * delays packets: a policy, a dead node, a vanished address, a full accept queue. This says how the
 * 504 came about; why nobody answers is for deeper causes.
 */
export const proxyConnectTimeout = defineCause({
  id: "proxy-connect-timeout",
  title: "Connects of the gateway to the pods are not answered",
  hop: "gateway",
  codes: [504, 503],
  prior: 0.05,
  leadsTo: [],
  needs: ["route", "traffic"],
  helps: ["settings", "pods", "patterns"],
  weigh({ route, traffic, settings, pods }) {
    const outside = unlessLoggedInside(traffic);
    if (outside !== undefined) return outside;
    const failed = failedAttempts(traffic);
    const hits = failed.filter(({ attempt }) => attempt.failure === "connect-timeout");
    if (hits.length < fewest)
      return refuted(speaksAgainst.strong(`${hits.length} connects timed out`, "gateway log"));
    const addresses = mostOf(
      hits.map((h) => h.request),
      (r) => r.attempts.find((a) => a.failure === "connect-timeout")?.address ?? "-",
    );
    const clues = [
      speaksFor.decisive(
        `${countText(hits.length, failed.length, "failed attempts")} got no answer to their connect, at ${someOf(addresses)}`,
        "gateway log",
      ),
    ];
    const node = onlyNodeOf(hits, traffic, pods);
    if (node !== undefined)
      clues.push(
        speaksFor.moderate(
          `all of these are on node ${node} and pods on other nodes answer, which points at the way to that node rather than at a policy`,
          "gateway log against Pods .spec.nodeName",
          { see: see.describe({ kind: "Node", name: node }) },
        ),
      );
    if (settings.state === "present")
      clues.push(
        speaksFor.weak(
          `the connect timer is ${settings.value.connectTimeoutMs.value / 1000} s, ${settings.value.nextUpstreamTries.value} tries`,
          settings.value.connectTimeoutMs.source,
        ),
      );
    return {
      state: "supported",
      subject: route.backend.service,
      clues,
      explains: ofClass("connect-timeout"),
      fixes: [
        {
          title:
            node === undefined
              ? "Find what drops the packets: NetworkPolicies of the namespace, the node of these addresses, the CNI; a longer timer only delays the error"
              : `Find what drops packets to pods on ${node}: its CNI agent, its routes, the overlay's port (VXLAN UDP 4789 or 8472) in its firewall; cordon it until then`,
          applicability: "display-only",
          commands:
            node === undefined
              ? [see.list("networkpolicies", route.namespace), see.list("pods", route.namespace)]
              : [
                  see.shell(
                    "kubectl",
                    "get",
                    "pods",
                    "-A",
                    "-o",
                    "wide",
                    "--field-selector",
                    `spec.nodeName=${node}`,
                  ),
                  see.shell("kubectl", "cordon", node),
                ],
        },
      ],
    };
  },
});

/** The one node whose pods did not answer while pods of the Service on other nodes did. */
function onlyNodeOf(
  hits: readonly { readonly attempt: Attempt }[],
  traffic: Traffic,
  pods: Observed<readonly PodView[]>,
): string | undefined {
  if (pods.state !== "present") return undefined;
  const nodeAt = (address: string): string | undefined =>
    pods.value.find((p) => p.ips.includes(ipOf(address)))?.node;
  const silent = new Set(hits.map((h) => nodeAt(h.attempt.address)));
  const [node] = silent;
  if (silent.size !== 1 || node === undefined) return undefined;
  const others = [...traffic.addresses].filter(([address]) => {
    const at = nodeAt(address);
    return at !== undefined && at !== node;
  });
  return others.length > 0 && others.every(([, s]) => s.attempts > s.failed) ? node : undefined;
}
