import { type Clue, speaksAgainst, speaksFor } from "../clue.ts";
import { defineCause, refuted, undecided } from "../define-cause.ts";
import { someOf } from "../names.ts";
import { countText, ofClass } from "../requests.ts";
import { see } from "../see.ts";
import { givenUp } from "./given-up.ts";
import { slowCallsNear } from "./slow-calls.ts";
import { pathSkew, readTimer, responseTimeouts } from "../timeouts.ts";

/**
 * The application waits for something slower than itself: a database, a cache, another service. It
 * accepts the request at once and sends no header until the gateway's timer ends it, on the paths
 * that need that something and on no other.
 */
export const slowDependency = defineCause({
  id: "slow-dependency",
  title: "The application waits for a slow dependency",
  hop: "dependency",
  codes: [504, 503, 502],
  prior: 0.05,
  leadsTo: [
    "app-emitted-5xx",
    "worker-pool-exhausted",
    "app-worker-crash",
    "readiness-probe-timeout-flapping",
    "lb-idle-timeout-expired",
    "cdn-origin-timeout",
  ],
  needs: ["route", "pods", "traffic"],
  helps: ["settings", "appLog", "patterns"],
  weigh({ route, pods, traffic, settings, appLog }) {
    const timeouts = responseTimeouts(traffic);
    const gaveUp = givenUp(traffic, appLog);
    if (timeouts.length === 0 && gaveUp !== undefined) return gaveUp;
    if (timeouts.length === 0)
      return refuted(
        speaksAgainst.decisive("no request waited in vain for a response header", "gateway log"),
      );
    const timer = readTimer(timeouts, settings);
    const { slow, fast } = pathSkew(traffic);
    const told = slowCallsNear(
      appLog,
      timeouts.map((t) => t.endMs),
    );
    const clues: Clue[] = [];
    const median = slow.flatMap((p) => p.medianSuccessMs ?? [])[0];
    if (fast.length > 0)
      clues.push(
        speaksFor.moderate(
          `${countText(timeouts.length, timeouts.length, "timeouts")} are on ${someOf(slow.map((p) => p.template))}; ${fast.length} other paths of the same pods stay fast`,
          "gateway access log, paths",
          { group: "paths" },
        ),
      );
    if (median !== undefined && median < timer.value * 0.2)
      clues.push(
        speaksFor.moderate(
          `the same path usually takes ${Math.round(median)} ms, now it hits the timer of ${timer.value / 1000} s`,
          "gateway access log, durations",
        ),
      );
    const sample = told[0];
    if (sample !== undefined)
      clues.push(
        speaksFor.strong(
          `the application says what it waits for: ${sample.line.slice(0, 160)}`,
          `log of ${sample.namespace}/${sample.pod}`,
          { see: see.logs({ kind: "Pod", namespace: sample.namespace, name: sample.pod }, sample.container) },
        ),
      );
    const connected = timeouts.filter((t) => t.attempts.some((a) => typeof a.connectMs === "number")).length;
    if (connected > 0)
      clues.push(
        speaksFor.weak(
          `${connected} of them were connected at once and then got no header`,
          "gateway access log, connect times",
        ),
      );
    const isReady = pods.some((p) => p.ready);
    if (isReady)
      clues.push(
        speaksFor.weak(
          "the pods stay ready: the process is not stuck as a whole",
          "Pods .status.conditions[Ready]",
        ),
      );
    if (sample === undefined)
      return undecided(
        `${timeouts.length} requests waited ${timer.value / 1000} s in vain; what the application waited for is not in the evidence`,
        pods[0] === undefined ? undefined : see.logs(pods[0].ref),
        clues,
      );
    return {
      state: "supported",
      subject: sample.peer === undefined ? route.backend.service : { kind: "Dependency", name: sample.peer },
      clues,
      explains: ofClass("response-timeout"),
      fixes: [
        {
          title: `Look at ${sample.peer ?? "the dependency"} for the time of the failures; give the application's call a timeout well below the gateway's ${timer.value / 1000} s, and a circuit breaker`,
          applicability: "display-only",
          commands: [],
        },
      ],
    };
  },
});
