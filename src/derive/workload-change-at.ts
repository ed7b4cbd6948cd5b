import { type ObjectRef, refText, sameRef } from "../evidence/object-ref.ts";
import { joinMs, relation, type StateAt, type Try } from "./attempt-state.ts";
import type { EventView, Workload } from "./views.ts";

/** A step of a rollout moves traffic for this long: endpoints follow, old pods go, new ones warm up. */
const stepMs = 30_000;
/** Steps of one rollout follow each other at most this far apart. */
const pauseMs = 600_000;

/** The workload was being rolled out or scaled, by the steps that its controllers report. */
export function workloadChangeAt(one: Try, steps: readonly EventView[]): StateAt | undefined {
  const near = steps.find((e) => one.endMs >= e.firstMs - joinMs && one.startMs <= e.lastMs + stepMs);
  if (near === undefined) return undefined;
  const sets = new Set(
    steps.filter((e) => Math.abs(e.lastMs - near.lastMs) <= pauseMs).map((e) => setOf(e) ?? ""),
  );
  sets.delete("");
  const atMs = one.endMs >= near.lastMs ? near.lastMs : near.firstMs;
  return {
    state: sets.size > 1 ? "rollout" : "scaling",
    text: relation(one.endMs, atMs, near.message),
    source: refText(near.ref),
  };
}

/** Steps of the workloads whose pods the Service selects. */
export function stepsOf(events: readonly EventView[], workloads: readonly Workload[]): EventView[] {
  const own = workloads.filter((w) => w.relation === "selected").map((w) => w.ref);
  return events.filter((event) => isStep(event, own));
}

/** Of a Deployment or Rollout (ScalingReplicaSet), or of its autoscaler (SuccessfulRescale). */
function isStep(event: EventView, own: readonly ObjectRef[]): boolean {
  if (event.reason === "ScalingReplicaSet") return own.some((ref) => sameRef(ref, event.about));
  if (event.reason !== "SuccessfulRescale") return false;
  return own.some((ref) => ref.namespace === event.about.namespace && ref.name === event.about.name);
}

/** "Scaled up replica set cart-6d4cf56db6 from 0 to 1" (kubernetes pkg/controller/deployment/sync.go). */
export const setOf = (event: EventView): string | undefined =>
  event.message.match(/^Scaled (?:up|down) replica set (\S+)/)?.[1];
