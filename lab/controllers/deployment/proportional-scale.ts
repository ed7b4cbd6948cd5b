import type { Deployment, ReplicaSet } from "kubernetes-types/apps/v1";
import type { Machine } from "../../machine/machine.ts";
import { byAge } from "../objects.ts";
import { allOf, isScaledUp, type Sets, sizeOf, totalOf } from "./replica-sets.ts";
import { desiredThen, maxThen } from "./revision.ts";
import { isRecreate, maxSurge, replicasOf } from "./rollout-limits.ts";
import { scaleSet } from "./scale-set.ts";
import { availableIn } from "./status.ts";

/** Whether somebody scaled the Deployment since its sets were scaled (kubernetes pkg/controller/deployment/sync.go isScalingEvent). */
export const isScalingEvent = (deployment: Deployment, sets: Sets): boolean =>
  allOf(sets)
    .filter(isScaledUp)
    .some((set) => (desiredThen(set) ?? replicasOf(deployment)) !== replicasOf(deployment));

/** Shares a new size among the sets in the middle of a rollout, or in a pause (kubernetes sync.go scale). */
export function scaleProportionally(machine: Machine, deployment: Deployment, sets: Sets): void {
  const replicas = replicasOf(deployment);
  const only = activeOrLatest(sets);
  if (only !== undefined) {
    scaleSet(machine, deployment, only, replicas);
    return;
  }
  if (isSaturated(deployment, sets.current)) {
    for (const set of sets.old.filter(isScaledUp)) scaleSet(machine, deployment, set, 0);
    return;
  }
  if (isRecreate(deployment)) return;
  const active = allOf(sets).filter(isScaledUp);
  for (const [set, size] of shares(deployment, active)) scaleSet(machine, deployment, set, size);
}

/** The only set with pods, or the newest when none has any. */
function activeOrLatest(sets: Sets): ReplicaSet | undefined {
  const active = allOf(sets).filter(isScaledUp);
  if (active.length > 1) return undefined;
  return active[0] ?? sets.current ?? sets.old.at(-1);
}

const isSaturated = (deployment: Deployment, current: ReplicaSet | undefined): boolean =>
  current !== undefined &&
  desiredThen(current) === replicasOf(deployment) &&
  sizeOf(current) === replicasOf(deployment) &&
  availableIn(current) === replicasOf(deployment);

/** Sizes that keep the proportions, the largest set first; what is left by rounding goes to it. */
function shares(
  deployment: Deployment,
  active: readonly ReplicaSet[],
): readonly (readonly [ReplicaSet, number])[] {
  const replicas = replicasOf(deployment);
  const allowed = replicas > 0 ? replicas + maxSurge(deployment) : 0;
  const toAdd = allowed - totalOf(active, sizeOf);
  const sets = [...active].sort((a, b) => sizeOf(b) - sizeOf(a) || (toAdd > 0 ? byAge(b, a) : byAge(a, b)));
  let added = 0;
  const sizes = sets.map((set) => {
    const share = proportion(deployment, set, toAdd, added);
    added += share;
    return sizeOf(set) + share;
  });
  return sets.map((set, index) => {
    const size = sizes[index] ?? 0;
    return [set, index === 0 && toAdd !== 0 ? Math.max(0, size + toAdd - added) : size] as const;
  });
}

/** kubernetes deployment_util.go GetProportion. */
function proportion(deployment: Deployment, set: ReplicaSet, toAdd: number, added: number): number {
  if (sizeOf(set) === 0 || toAdd === 0 || toAdd === added) return 0;
  const share = fraction(deployment, set);
  return toAdd > 0 ? Math.min(share, toAdd - added) : Math.max(share, toAdd - added);
}

function fraction(deployment: Deployment, set: ReplicaSet): number {
  const replicas = replicasOf(deployment);
  if (replicas === 0) return -sizeOf(set);
  const then = maxThen(set) ?? deployment.status?.replicas ?? 0;
  if (then === 0) return 0;
  return Math.round((sizeOf(set) * (replicas + maxSurge(deployment))) / then) - sizeOf(set);
}
