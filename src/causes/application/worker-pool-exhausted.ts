import { type Clue, speaksAgainst, speaksFor } from "../clue.ts";
import { defineCause, refuted, undecided } from "../define-cause.ts";
import { throttlingClues } from "../metric-clues.ts";
import { morePods } from "../more-pods.ts";
import { fullPoolsNear, isOverload } from "../overload.ts";
import { alive, ownerOf } from "../pods.ts";
import { countText } from "../requests.ts";
import { see } from "../see.ts";
import { pathSkew, responseTimeouts } from "../timeouts.ts";

/**
 * Every worker, thread or pooled database connection of the application is taken: new requests wait
 * in a queue that the gateway cannot see, even the cheapest ones.
 */
export const workerPoolExhausted = defineCause({
  id: "worker-pool-exhausted",
  title: "All workers or pooled connections of the application are taken",
  hop: "application",
  codes: [504, 502, 503],
  prior: 0.03,
  leadsTo: [
    "app-emitted-5xx",
    "readiness-probe-timeout-flapping",
    "lb-idle-timeout-expired",
    "cdn-origin-timeout",
  ],
  needs: ["pods", "traffic"],
  helps: ["appLog", "patterns", "autoscalers", "metrics"],
  weigh({ pods, traffic, appLog, autoscalers, metrics }) {
    const failed = traffic.failures.filter(isOverload);
    if (failed.length === 0)
      return refuted(
        speaksAgainst.decisive("no request failed in a way that a full pool explains", "gateway log"),
      );
    const told = fullPoolsNear(appLog, failed);
    const { slow, fast } = pathSkew(traffic);
    const clues: Clue[] = [];
    const sample = told[0];
    if (sample !== undefined) {
      const says = sample.timeMs === undefined ? speaksFor.moderate : speaksFor.strong;
      clues.push(
        says(
          `the application says so, ${told.length} times near the failures: ${sample.line.slice(0, 160)}`,
          `log of ${sample.namespace}/${sample.pod}`,
          { see: see.logs({ kind: "Pod", namespace: sample.namespace, name: sample.pod }, sample.container) },
        ),
      );
      clues.push(
        speaksFor.moderate(
          `${countText(failed.length, traffic.failures.length, "failures")} are timeouts or refusals of an overloaded application`,
          "gateway log",
        ),
      );
    }
    clues.push(
      ...throttlingClues(
        metrics,
        pods,
        failed.map(({ endMs }) => ({ fromMs: endMs, toMs: endMs })),
      ),
    );
    const timeouts = responseTimeouts(traffic).length;
    if (timeouts > 0 && fast.length === 0 && slow.length >= 3)
      clues.push(
        speaksFor.strong(`all ${slow.length} paths time out, cheap ones too`, "gateway access log, paths", {
          group: "paths",
        }),
      );
    else if (timeouts > 0 && fast.length > slow.length * 2 && sample === undefined)
      return refuted(
        speaksAgainst.strong(`${fast.length} paths of the same pods stay fast`, "gateway access log, paths"),
      );
    if (sample === undefined)
      return undecided(
        "requests time out; nothing read says that the pool is full",
        alive(pods)[0] === undefined ? undefined : see.logs(alive(pods)[0]!.ref),
        clues,
      );
    const more = morePods(pods, traffic, failed, autoscalers);
    const subject =
      alive(pods)[0] === undefined ? { kind: "Pod", name: sample.pod } : ownerOf(alive(pods)[0]!);
    return {
      state: "supported",
      subject,
      clues,
      explains: isOverload,
      fixes: [
        ...(more === undefined ? [] : [more]),
        {
          title:
            "Hold workers and connections for a shorter time (no slow call while holding one), then raise the pool or the number of pods; shed load early with 503 or 429",
          applicability: "display-only",
          commands: [],
        },
      ],
    };
  },
});
