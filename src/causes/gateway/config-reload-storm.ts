import type { FailureClass } from "../../logs/traffic.ts";
import { type Clue, speaksAgainst, speaksFor } from "../clue.ts";
import { defineCause, refuted, undecided } from "../define-cause.ts";
import { gatewayPodRef, signalSource, signalsOf } from "../gateway-signals.ts";
import { explainedBy } from "../outer-log.ts";
import { countText, type Explains } from "../requests.ts";
import { see } from "../see.ts";

const fewestReloads = 5;
const fewestFailures = 3;
/** A reload every two minutes or more often is no everyday change. */
const longestPauseMs = 120_000;
/** What a reload breaks shows within this. */
const afterMs = 5000;
const beforeMs = 1000;
/** Where reloads cover more of the time, failures near one prove nothing. */
const mostCover = 0.4;
const broken: readonly FailureClass[] = [
  "closed-before-header",
  "connect-refused",
  "truncated",
  "local-resource",
  "unclassified",
];

/**
 * Something changes the gateway's configuration again and again. Each reload drops the idle connections to the pods,
 * ends long-lived ones and costs CPU; in a storm of them requests break around each.
 */
export const configReloadStorm = defineCause({
  id: "config-reload-storm",
  title: "The gateway reloads its configuration again and again, and requests break around it",
  hop: "gateway",
  codes: [502, 499],
  prior: 0.01,
  leadsTo: [],
  needs: ["gateway", "gatewayLog", "traffic"],
  helps: ["patterns"],
  weigh({ gateway, gatewayLog, traffic }) {
    const reloads = signalsOf({ state: "present", value: gatewayLog }, "reload").filter(
      (s) => s.timeMs !== undefined,
    );
    const times = reloads.map((s) => s.timeMs!);
    const spanMs = Math.max(1, (times.at(-1) ?? 0) - (times[0] ?? 0));
    const pauseMs = spanMs / Math.max(1, times.length - 1);
    if (times.length < fewestReloads || pauseMs > longestPauseMs)
      return refuted(speaksAgainst.strong(`${times.length} reloads in the log, no storm`, "gateway log"));
    const isNear = (ms: number): boolean => times.some((t) => ms >= t - beforeMs && ms <= t + afterMs);
    const explains: Explains = (request, attempt) => {
      const failure = attempt?.failure ?? request.failure;
      return failure !== undefined && broken.includes(failure) && isNear(attempt?.endMs ?? request.endMs);
    };
    const hits = explainedBy(traffic, explains);
    if (hits.length < fewestFailures || hits.length < traffic.failures.length * 0.5)
      return refuted(
        speaksAgainst.strong(
          `${countText(hits.length, traffic.failures.length, "failed requests")} lie within ${afterMs / 1000} s of a reload`,
          "gateway log against its access log",
        ),
      );
    const coverMs = coverage(times, Math.max(traffic.fromMs, 0), traffic.toMs);
    const cover = coverMs / Math.max(1, traffic.toMs - traffic.fromMs);
    const text = `${countText(hits.length, traffic.failures.length, "failed requests")} lie within ${afterMs / 1000} s of one of ${times.length} reloads, which cover ${(cover * 100).toFixed(0)} % of the time`;
    const first = reloads[0]!;
    const pod = gatewayPodRef(first);
    const clues: Clue[] = [
      speaksFor.strong(text, "gateway log against its access log", { group: "reloads" }),
    ];
    if (cover > mostCover) return undecided(`${text}: near a reload is nearly always`, undefined, clues);
    clues.push(
      speaksFor.strong(
        `a reload every ${Math.round(pauseMs / 1000)} s, from ${new Date(times[0]!).toISOString()} to ${new Date(times.at(-1)!).toISOString()}`,
        signalSource(first),
        pod === undefined ? {} : { see: see.grep(pod, "successfully reloaded") },
      ),
    );
    return {
      state: "supported",
      subject: gateway.workload ?? gateway.pods[0]?.ref ?? { kind: "Gateway", name: gateway.kind },
      clues,
      explains,
      fixes: [
        {
          title:
            "Find the object that changes so often (an Ingress, Secret or ConfigMap that some tool rewrites: kubectl get ingress,secret -A --watch) and calm it; --sync-rate-limit of the controller spaces reloads out",
          applicability: "display-only",
          commands: [see.shell("kubectl", "get", "ingress", "-A", "--watch", "--output-watch-events")],
        },
      ],
    };
  },
});

/** Milliseconds of the window that lie around some reload. */
function coverage(times: readonly number[], fromMs: number, toMs: number): number {
  let covered = 0;
  let until = fromMs;
  for (const t of times.toSorted((a, b) => a - b)) {
    const from = Math.max(until, t - beforeMs);
    const to = Math.min(toMs, t + afterMs);
    if (to > from) covered += to - from;
    until = Math.max(until, to);
  }
  return covered;
}
