import { speaksAgainst, speaksFor } from "../clue.ts";
import { defineCause, refuted } from "../define-cause.ts";
import { someOf } from "../names.ts";
import { countText, failedAttempts, ofClass } from "../requests.ts";
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
  helps: ["settings"],
  weigh({ route, traffic, settings }) {
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
            "Find what drops the packets: NetworkPolicies of the namespace, the node of these addresses, the CNI; a longer timer only delays the error",
          applicability: "display-only",
          commands: [see.list("networkpolicies", route.namespace), see.list("pods", route.namespace)],
        },
      ],
    };
  },
});
