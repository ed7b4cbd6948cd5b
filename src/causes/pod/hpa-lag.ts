import type { EventView, PodView } from "../../derive/views.ts";
import type { Observed } from "../../evidence/observed.ts";
import { refText, sameRef } from "../../evidence/object-ref.ts";
import type { LoggedRequest } from "../../logs/traffic.ts";
import { type Clue, speaksAgainst, speaksFor } from "../clue.ts";
import { defineCause, refuted, undecided } from "../define-cause.ts";
import { loadRise } from "../load-rise.ts";
import { isOverload } from "../overload.ts";
import { countText } from "../requests.ts";
import { see } from "../see.ts";

/** Metrics, sync, scheduling and start together: scale-ups later than this after the onset are another story. */
const lagMs = 10 * 60_000;
const settleMs = 3 * 60_000;
/** Events and creation times have whole seconds. */
const sameMomentMs = 1000;

/**
 * Load rises faster than the autoscaler adds pods: metrics, its own rhythm, scheduling and start
 * take a minute or more, and until then the pods that are there are overloaded.
 */
export const hpaLag = defineCause({
  id: "hpa-lag",
  title: "The autoscaler added pods later than the load came",
  hop: "pod",
  codes: [502, 503, 504],
  prior: 0.02,
  leadsTo: ["worker-pool-exhausted", "readiness-probe-timeout-flapping"],
  needs: ["autoscalers", "events", "traffic"],
  helps: ["pods", "patterns"],
  weigh({ autoscalers, events, traffic, pods }) {
    const scaler = autoscalers[0];
    if (scaler === undefined)
      return refuted(speaksAgainst.decisive("no autoscaler for the workload", "HorizontalPodAutoscalers"));
    const failed = traffic.failures.filter(isOverload);
    const onset = failed[0]?.startMs;
    if (onset === undefined)
      return refuted(
        speaksAgainst.decisive("no request failed in a way that overload explains", "gateway log"),
      );
    const ups = events.filter(
      (e) =>
        sameRef(e.about, scaler.ref) &&
        e.reason === "SuccessfulRescale" &&
        /above target/.test(e.message) &&
        (e.lastMs > onset || bringsLatePods(e, onset, pods)) &&
        e.firstMs <= onset + lagMs,
    );
    const up = ups[0];
    if (up === undefined)
      return refuted(
        speaksAgainst.strong(
          "no scale-up followed the first failures, nor did pods of one just before",
          `Events of ${refText(scaler.ref)}`,
          {
            see: see.events(scaler.ref),
          },
        ),
      );
    const rise = loadRise(traffic);
    if (rise === undefined)
      return undecided(
        "the autoscaler acted after the first failures; the log does not reach back to show whether load rose",
        see.events(scaler.ref),
      );
    if (rise.ratio < 1.2)
      return refuted(speaksAgainst.strong(`load did not rise: ${rise.text}`, "gateway log"));
    if (!rise.isClear)
      return undecided(
        `the autoscaler acted after the first failures; load went ${rise.text}, which may be chance`,
        see.events(scaler.ref),
      );
    const lastMs = Math.max(...ups.map((e) => e.lastMs));
    const explains = (request: LoggedRequest): boolean =>
      isOverload(request) && request.endMs >= onset && request.startMs <= lastMs + settleMs;
    const hits = failed.filter(explains).length;
    const clues: Clue[] = [
      speaksFor.strong(
        `the autoscaler acted ${lagText(up.firstMs - onset)}: ${up.message}`,
        `Event on ${refText(scaler.ref)} at ${at(up)}`,
        { see: see.events(scaler.ref) },
      ),
    ];
    clues.push(
      speaksFor.strong(
        `load rose ${rise.ratio.toFixed(1)} times, ${rise.text}, as failures began`,
        "gateway log",
        { group: "load" },
      ),
    );
    if (hits >= failed.length * 0.9)
      clues.push(
        speaksFor.moderate(
          `${countText(hits, failed.length, "overload failures")} end with the new pods`,
          "gateway log against events",
          { group: "end" },
        ),
      );
    const more = { spec: { minReplicas: Math.max(scaler.min + 1, Math.ceil(scaler.desired / 2)) } };
    return {
      state: "supported",
      subject: scaler.ref,
      clues,
      explains,
      fixes: [
        {
          title: `Let ${refText(scaler.ref)} start higher: minReplicas ${more.spec.minReplicas} instead of ${scaler.min} (or earlier: a lower target, faster scaleUp behaviour, a metric that leads such as requests)`,
          applicability: "unsafe",
          commands: [see.patch(scaler.ref, "merge", more)],
          patch: { object: scaler.ref, type: "merge", body: more },
          effect: "starts pods; costs capacity all day",
        },
      ],
    };
  },
});

/** It acted before requests failed, and the pods that it asked for were ready only after. */
const bringsLatePods = (up: EventView, onset: number, pods: Observed<readonly PodView[]>): boolean =>
  pods.state === "present" &&
  up.firstMs > onset - lagMs &&
  pods.value.some(
    (p) => p.createdMs >= up.firstMs - sameMomentMs && (!p.ready || (p.readyChangedMs ?? 0) > onset),
  );

const lagText = (ms: number): string =>
  ms >= 0
    ? `${Math.round(ms / 1000)} s after the first failure`
    : `${Math.round(-ms / 1000)} s before the first failure, and its pods were ready after that`;

const at = (event: EventView): string => new Date(event.lastMs).toISOString();
