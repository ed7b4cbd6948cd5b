import type { EventView } from "../../derive/views.ts";
import { refText, sameRef } from "../../evidence/object-ref.ts";
import type { LoggedRequest } from "../../logs/traffic.ts";
import { type Clue, speaksAgainst, speaksFor } from "../clue.ts";
import { defineCause, refuted, undecided } from "../define-cause.ts";
import { isOverload, loadRise } from "../overload.ts";
import { countText } from "../requests.ts";
import { see } from "../see.ts";

/** Metrics, sync, scheduling and start together: scale-ups later than this after the onset are another story. */
const lagMs = 10 * 60_000;
const settleMs = 3 * 60_000;

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
  helps: ["patterns"],
  weigh({ autoscalers, events, traffic }) {
    const scaler = autoscalers[0];
    if (scaler === undefined)
      return refuted(speaksAgainst.decisive("no autoscaler for the workload", "HorizontalPodAutoscalers"));
    const failed = traffic.failures.filter(isOverload);
    const onset = failed[0]?.startMs;
    if (onset === undefined)
      return refuted(
        speaksAgainst.decisive("no request failed in a way that overload explains", "gateway log"),
      );
    const up = events.find(
      (e) =>
        sameRef(e.about, scaler.ref) &&
        e.reason === "SuccessfulRescale" &&
        /above target/.test(e.message) &&
        e.lastMs > onset &&
        e.firstMs <= onset + lagMs,
    );
    if (up === undefined)
      return refuted(
        speaksAgainst.strong("no scale-up followed the first failures", `Events of ${refText(scaler.ref)}`, {
          see: see.events(scaler.ref),
        }),
      );
    const rise = loadRise(traffic);
    if (rise === undefined)
      return undecided(
        "the autoscaler acted after the first failures; the log does not reach back to show whether load rose",
        see.events(scaler.ref),
      );
    if (rise.ratio < 1.2)
      return refuted(
        speaksAgainst.strong(
          `load did not rise: ${rise.before} requests a minute before, ${rise.during} during`,
          "gateway log",
        ),
      );
    const explains = (request: LoggedRequest): boolean =>
      isOverload(request) && request.endMs >= onset && request.startMs <= up.lastMs + settleMs;
    const hits = failed.filter(explains).length;
    const lag = Math.round((up.firstMs - onset) / 1000);
    const clues: Clue[] = [
      speaksFor.strong(
        `the autoscaler acted ${lag} s after the first failure: ${up.message}`,
        `Event on ${refText(scaler.ref)} at ${at(up)}`,
        { see: see.events(scaler.ref) },
      ),
    ];
    clues.push(
      speaksFor.strong(
        `load rose ${rise.ratio.toFixed(1)} times, from ${rise.before} to ${rise.during} requests a minute, as failures began`,
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
          title: `Let ${refText(scaler.ref)} start earlier and higher: minReplicas above ${scaler.min}, a lower target, faster scaleUp behaviour, or a metric that leads (requests, queue)`,
          applicability: "unsafe",
          commands: [see.patch(scaler.ref, "merge", more)],
          patch: { object: scaler.ref, type: "merge", body: more },
          effect: "starts pods; costs capacity all day",
        },
      ],
    };
  },
});

const at = (event: EventView): string => new Date(event.lastMs).toISOString();
