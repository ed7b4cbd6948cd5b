import { type Clue, speaksAgainst, speaksFor } from "../clue.ts";
import { defineCause, refuted } from "../define-cause.ts";
import { someOf } from "../names.ts";
import { balanced, explainedBy, firstAt, madeHere, medianMs, quoted, unlessLoggedBy } from "../outer-log.ts";
import { countText } from "../requests.ts";
import { mostOf } from "../said.ts";
import { slowestSuccess } from "../timeouts.ts";

const explains = madeHere("response-timeout");

/**
 * The load balancer's own timer is the shortest of the way: it gives up on a target that is connected
 * and still at work. The gateway behind it writes 499, as its client has left.
 */
export const lbIdleTimeoutExpired = defineCause({
  id: "lb-idle-timeout-expired",
  title: "The load balancer's timer ends requests that are still being worked on",
  hop: "load-balancer",
  codes: [504, 502, 503],
  prior: 0.03,
  leadsTo: [],
  needs: ["route", "traffic"],
  helps: ["gateway", "patterns"],
  weigh({ route, traffic, gateway }) {
    const elsewhere = unlessLoggedBy("load-balancer", traffic);
    if (elsewhere !== undefined) return elsewhere;
    const hits = explainedBy(traffic, explains);
    if (hits.length === 0)
      return refuted(
        speaksAgainst.decisive(
          "no request ended at the load balancer's own timer; what a target answered in time is the target's",
          "load balancer's log",
        ),
      );
    const seconds = medianMs(hits) / 1000;
    const paths = mostOf(
      hits.map((h) => h.request),
      (r) => r.path.split("?")[0] ?? r.path,
    );
    const clues: Clue[] = [
      speaksFor.decisive(
        `${countText(hits.length, traffic.failures.length, "failed requests")} were ended by the load balancer after ${seconds.toFixed(1)} s at a connected target, on ${someOf(paths)}${quoted(hits)}`,
        `load balancer's log, first at ${firstAt(hits)}`,
        { group: "timer" },
      ),
    ];
    const slowest = slowestSuccess(traffic.paths.filter((p) => p.failed > 0));
    if (slowest !== undefined && slowest >= seconds * 600)
      clues.push(
        speaksFor.moderate(
          `successes on the same paths take up to ${(slowest / 1000).toFixed(1)} s, near the timer of ${Math.round(seconds)} s`,
          "load balancer's log, durations",
          { group: "durations" },
        ),
      );
    const subject = balanced(route, gateway);
    return {
      state: "supported",
      subject,
      clues,
      explains,
      fixes: [
        {
          title: `Make these requests shorter (a job and polling, heartbeats on streams), or raise the load balancer's timer above ${Math.round(seconds)} s: idle_timeout.timeout_seconds at AWS (alb.ingress.kubernetes.io/load-balancer-attributes), BackendConfig timeoutSec at Google, appgw.ingress.kubernetes.io/request-timeout at Azure`,
          applicability: "display-only",
          commands: [],
        },
      ],
    };
  },
});
