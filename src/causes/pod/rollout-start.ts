import type { EventView, Workload } from "../../derive/views.ts";

/** Longest time between old pods being told to go and the new ReplicaSet, with Recreate: a grace period. */
const togetherMs = 600_000;

/** The event of the newest rollout's old ReplicaSet losing its last pod. */
export function scaledToNone(workload: Workload, events: readonly EventView[]): EventView | undefined {
  const newest = workload.revisions[0]?.ref.name;
  return events
    .filter(
      ({ about, message }) =>
        about.kind === workload.ref.kind &&
        about.name === workload.ref.name &&
        about.namespace === workload.ref.namespace &&
        /^Scaled down replica set (\S+) .*\bto 0\b/.exec(message)?.[1] !== newest &&
        /^Scaled down .*\bto 0\b/.test(message),
    )
    .toSorted((a, b) => a.lastMs - b.lastMs)
    .at(-1);
}

/**
 * When the newest rollout began. With Recreate the new ReplicaSet comes when the last old pod is gone,
 * a grace period after the start; an undone rollout goes back to a ReplicaSet that is old.
 * (kubernetes/kubernetes pkg/controller/deployment/recreate.go)
 */
export function rolloutStartMs(workload: Workload, events: readonly EventView[]): number | undefined {
  const createdMs = workload.revisions[0]?.createdMs;
  const downMs = scaledToNone(workload, events)?.lastMs;
  if (createdMs === undefined || downMs === undefined) return createdMs;
  return Math.abs(createdMs - downMs) <= togetherMs
    ? Math.min(createdMs, downMs)
    : Math.max(createdMs, downMs);
}
