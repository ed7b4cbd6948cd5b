import type { PodView } from "../../derive/views.ts";
import { failedAttempts } from "../requests.ts";
import { type Clue, speaksAgainst, speaksFor } from "../clue.ts";
import { defineCause, refuted, undecided } from "../define-cause.ts";
import { explainedBy, firstAt, quoted, unlessLoggedInside, wordsOf } from "../outer-log.ts";
import { alive } from "../pods.ts";
import { countText, type Explains } from "../requests.ts";
import { see } from "../see.ts";
import { failedChecks } from "../server-checks.ts";

/** nginx `no live upstreams`, Envoy's flag UH and its details: there are hosts, and all are taken out. */
const noneLive = /no live upstreams|\bflag UH\b|no_healthy_upstream/;
const explains: Explains = (request, attempt) =>
  (attempt?.failure ?? request.failure) === "no-endpoint" && noneLive.test(wordsOf(request, attempt));

/** nginx takes a peer out for fail_timeout, 10 s; Envoy ejects for 30 s the first time. */
const triggerMs = 35_000;
const gapMs = 15_000;

/**
 * After a few genuine failures the proxy takes every peer out for some seconds, by its own count (nginx max_fails=1
 * fail_timeout=10s, Envoy's outlier detection), and answers errors while all pods are ready.
 */
export const outlierEjectionOrPassiveHealth = defineCause({
  id: "outlier-ejection-or-passive-health",
  title: "The proxy has taken every pod out for a few failures, although they are ready",
  hop: "gateway",
  codes: [502, 503],
  prior: 0.02,
  leadsTo: [],
  needs: ["route", "traffic", "pods"],
  helps: ["gatewayLog", "patterns"],
  weigh({ route, traffic, pods, gatewayLog }) {
    const outside = unlessLoggedInside(traffic);
    if (outside !== undefined) return outside;
    if (route.gatewayKind === "ingress-nginx")
      return refuted(
        speaksAgainst.decisive(
          "the balancer of ingress-nginx never takes a peer out by its own count",
          "gateway kind",
        ),
      );
    const hits = explainedBy(traffic, explains);
    const checks = failedChecks(gatewayLog, route.backend.service, /^Layer/);
    const unserved = checks === undefined ? [] : explainedBy(traffic, checks.explains);
    if (hits.length === 0 && checks !== undefined && unserved.length > 0)
      return undecided(
        `${countText(unserved.length, traffic.failures.length, "failed requests")} found no server: HAProxy's own checks had taken out ${checks.servers.length}, and say ${checks.reason}; why they fail is for other causes to say`,
        see.list("pods", route.namespace),
      );
    if (hits.length === 0)
      return refuted(speaksAgainst.decisive("no request was told that no upstream is live", "gateway log"));
    const times = hits.map((h) => h.request.startMs);
    const ready = alive(pods).filter((p) => wasReadyAll(p, times));
    if (ready.length === 0)
      return refuted(
        speaksAgainst.strong("no pod was ready all that time", "Pods .status.conditions[Ready]", {
          see: see.list("pods", route.namespace),
        }),
      );
    const text = `${countText(hits.length, traffic.failures.length, "failed requests")} were told that no upstream is live, while ${ready.length} of ${alive(pods).length} pods were ready${quoted(hits)}`;
    const clues: Clue[] = [
      speaksFor.strong(text, `gateway log from ${firstAt(hits)}, Pods .status.conditions[Ready]`, {
        see: see.list("pods", route.namespace),
      }),
    ];
    const genuine = failedAttempts(traffic)
      .filter(({ attempt }) => attempt.failure !== "no-endpoint" && attempt.failure !== "app-status")
      .map(({ attempt }) => attempt);
    const starts = burstStarts(times);
    const triggered = starts.filter((ms) =>
      genuine.some((a) => a.endMs <= ms + 1000 && a.endMs >= ms - triggerMs),
    );
    if (triggered.length < starts.length)
      return undecided(
        `${text}; ${starts.length - triggered.length} of ${starts.length} bursts have no failure before them that would take peers out`,
        see.list("endpointslices", route.namespace),
        clues,
      );
    clues.push(
      speaksFor.strong(
        `each of the ${starts.length} bursts began within ${triggerMs / 1000} s of genuine failures (${genuine.length} in all, ${genuine[0]?.failure})`,
        "gateway log, times",
        { group: "bursts" },
      ),
    );
    return {
      state: "supported",
      subject: route.backend.service,
      clues,
      explains,
      fixes: [
        {
          title:
            "Mend what failed first (the failures right before each burst), and let the proxy be slower to judge: nginx.org/max-fails 0, outlierDetection with more consecutive errors and a maxEjectionPercent below 100",
          applicability: "display-only",
          commands: [],
        },
      ],
    };
  },
});

const wasReadyAll = (pod: PodView, times: readonly number[]): boolean =>
  pod.ready &&
  pod.createdMs <= Math.min(...ends(times)) &&
  (pod.readyChangedMs === undefined || pod.readyChangedMs <= Math.min(...ends(times)));

const ends = (times: readonly number[]): readonly number[] => [times[0] ?? 0, times.at(-1) ?? 0];

/** First moments of groups with at least `gapMs` of quiet before them. */
function burstStarts(times: readonly number[]): number[] {
  const sorted = times.toSorted((a, b) => a - b);
  return sorted.filter((ms, i) => i === 0 || ms - sorted[i - 1]! > gapMs);
}
