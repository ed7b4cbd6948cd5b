import type { EventView, Workload } from "../../derive/views.ts";
import { refText, sameRef } from "../../evidence/object-ref.ts";
import type { LoggedRequest } from "../../logs/traffic.ts";
import { speaksAgainst, speaksFor } from "../clue.ts";
import { defineCause, refuted, undecided } from "../define-cause.ts";
import { isOverload } from "../overload.ts";
import { see } from "../see.ts";

/** A deploy and the autoscaler's repair lie within this. */
const repairMs = 20 * 60_000;
const settleMs = 2 * 60_000;

/** "Scaled down replica set web-5d9 from 8 to 2", older: "… to 2 from 8" */
const scaledDown = /^Scaled down replica set (\S+) (?:from (\d+) to (\d+)|to (\d+) from (\d+))$/;

/**
 * The deployed manifest carries a fixed number of replicas, so each deploy throws away what the
 * autoscaler had scaled to. The few pods left are overloaded until it has scaled up again.
 */
export const replicasResetOnDeploy = defineCause({
  id: "replicas-reset-on-deploy",
  title: "A deploy reset the replica count below what the autoscaler had set",
  hop: "pod",
  codes: [502, 503, 504],
  prior: 0.02,
  leadsTo: ["hpa-lag", "worker-pool-exhausted"],
  needs: ["workloads", "autoscalers", "events"],
  helps: ["traffic"],
  weigh({ workloads, autoscalers, events, traffic }) {
    const scaler = autoscalers[0];
    const workload = workloads.find((w) => w.relation !== "named-alike");
    if (scaler === undefined || workload === undefined)
      return refuted(
        speaksAgainst.decisive("no autoscaler owns the replica count", "HorizontalPodAutoscalers"),
      );
    const reset = findReset(events, workload.ref.name, scaler.min) ?? madeAnew(events, workload, scaler.min);
    const repair =
      reset === undefined
        ? undefined
        : events.find(
            (e) =>
              sameRef(e.about, scaler.ref) &&
              e.reason === "SuccessfulRescale" &&
              e.lastMs > reset.event.lastMs &&
              e.lastMs <= reset.event.lastMs + repairMs,
          );
    if (reset === undefined || repair === undefined)
      return refuted(
        speaksAgainst.strong(
          "no scale-down that the autoscaler had to take back",
          `Events of ${refText(workload.ref)}`,
        ),
      );
    const clues = [
      speaksFor.strong(
        `${reset.event.message} at ${new Date(reset.event.lastMs).toISOString()}, not ordered by the autoscaler${reset.to < scaler.min ? ` (its minimum is ${scaler.min})` : ""}`,
        `Event on ${refText(workload.ref)}`,
        { see: see.events(workload.ref) },
      ),
      speaksFor.strong(
        `${repair.message} at ${new Date(repair.lastMs).toISOString()}: the autoscaler took it back`,
        `Event on ${refText(scaler.ref)}`,
        { see: see.events(scaler.ref) },
      ),
    ];
    const explains = (request: LoggedRequest): boolean =>
      request.endMs >= reset.event.lastMs - 5000 &&
      request.startMs <= repair.lastMs + settleMs &&
      isOverload(request);
    const hits = traffic.state === "present" ? traffic.value.failures.filter(explains).length : 0;
    if (traffic.state !== "present")
      return undecided(
        "a deploy reset the replica count; whether requests failed then is not known",
        see.events(workload.ref),
        clues,
      );
    if (hits === 0)
      return undecided(
        "a deploy reset the replica count, and no request failed then",
        see.events(workload.ref),
        clues,
      );
    clues.push(speaksFor.moderate(`${hits} requests failed between the two`, "gateway log against events"));
    return {
      state: "supported",
      subject: workload.ref,
      clues,
      explains,
      fixes: [
        {
          title: `Leave .spec.replicas out of the manifest of ${refText(workload.ref)}: ${refText(scaler.ref)} owns it`,
          applicability: "display-only",
          commands: [],
        },
      ],
    };
  },
});

const scaledUp = /^Scaled up replica set \S+ from 0 to (\d+)$/;
const newMs = 30_000;

/** The Deployment itself is new, and began with fewer pods than the autoscaler's minimum. */
function madeAnew(
  events: readonly EventView[],
  workload: Workload,
  min: number,
): { event: EventView; to: number } | undefined {
  for (const event of events) {
    const isOwn = event.reason === "ScalingReplicaSet" && sameRef(event.about, workload.ref);
    const to = isOwn ? Number(scaledUp.exec(event.message)?.[1] ?? min) : min;
    if (to < min && Math.abs(event.firstMs - workload.createdMs) <= newMs) return { event, to };
  }
  return undefined;
}

function findReset(
  events: readonly EventView[],
  workload: string,
  min: number,
): { event: EventView; to: number } | undefined {
  for (const event of events.toReversed()) {
    const match =
      event.reason === "ScalingReplicaSet" && event.about.name === workload
        ? scaledDown.exec(event.message)
        : null;
    if (match === null) continue;
    const to = Number(match[3] ?? match[4]);
    const from = Number(match[2] ?? match[5]);
    const ordered = events.some(
      (e) =>
        e.reason === "SuccessfulRescale" &&
        new RegExp(`New size: ${to};`).test(e.message) &&
        Math.abs(e.lastMs - event.lastMs) < 30_000,
    );
    if (to > 0 && from >= to * 1.5 && !ordered && to < Math.max(min, from)) return { event, to };
  }
  return undefined;
}
