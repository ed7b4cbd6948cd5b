import type { Pod } from "kubernetes-types/core/v1";
import type { PodDisruptionBudget } from "kubernetes-types/policy/v1";
import type { Machine, Stop } from "../machine/machine.ts";
import { type Condition, withCondition } from "./conditions.ts";
import { startControlLoop } from "./control-loop.ts";
import { matchesSelector } from "./label-match.ts";
import {
  asSubject,
  controllerOf,
  isBeingDeleted,
  keysOfAll,
  listOf,
  nameOf,
  namespaceOf,
  objectOf,
  splitKey,
  uidOf,
} from "./objects.ts";
import { isReady } from "./pod-state.ts";
import { scaledValue } from "./scaled-value.ts";
import { momentOf } from "./timestamp.ts";
import { writeStatus } from "./write-status.ts";

/** A pod that an eviction was granted for counts as gone for so long (kubernetes pkg/controller/disruption/disruption.go DeletionTimeout). */
const deletionTimeoutMs = 120_000;

/** Keeps the status of PodDisruptionBudgets, which evictions are granted by (kubernetes pkg/controller/disruption/disruption.go). */
export function startDisruption(machine: Machine): Stop {
  const { store } = machine;
  const watched = new Set(["pods", "replicasets", "deployments", "statefulsets"]);
  return startControlLoop(machine, {
    name: "disruption-controller",
    keysOf: ({ resource, object }) => {
      if (resource === "poddisruptionbudgets") return [object.key];
      return watched.has(resource) ? keysOfAll(store, "poddisruptionbudgets", object.namespace) : [];
    },
    allKeys: () => keysOfAll(store, "poddisruptionbudgets"),
    sync: (key) => {
      const { namespace, name } = splitKey(key);
      const budget = objectOf(store, "poddisruptionbudgets", name, namespace);
      if (budget !== undefined) syncBudget(machine, budget);
    },
  });
}

function syncBudget(machine: Machine, budget: PodDisruptionBudget): void {
  const nowMs = machine.nowMs();
  const pods = listOf(machine.store, "pods", namespaceOf(budget)).filter((pod) =>
    matchesSelector(budget.spec?.selector, pod.metadata?.labels),
  );
  if (pods.length === 0) tellNoPods(machine, budget);
  const { expected, desired } = expectations(machine, budget, pods);
  const granted = stillGranted(budget, pods, nowMs);
  const healthy = pods.filter((pod) => !isBeingDeleted(pod) && !(nameOf(pod) in granted) && isReady(pod));
  const allowed = expected > 0 ? Math.max(0, healthy.length - desired) : 0;
  const generation = budget.metadata?.generation ?? 0;
  const condition = {
    type: "DisruptionAllowed",
    status: allowed > 0 ? "True" : "False",
    reason: allowed > 0 ? "SufficientPods" : "InsufficientPods",
    message: "",
    observedGeneration: generation,
  };
  writeStatus(machine, "poddisruptionbudgets", budget, {
    conditions: withCondition<Condition>(budget.status?.conditions ?? [], condition, nowMs),
    currentHealthy: healthy.length,
    desiredHealthy: desired,
    disruptionsAllowed: allowed,
    expectedPods: expected,
    observedGeneration: generation,
    ...(Object.keys(granted).length > 0 ? { disruptedPods: granted } : {}),
  });
}

/** Once, when it is first seen: the real one says so at every sync, and its events are counted up. */
function tellNoPods(machine: Machine, budget: PodDisruptionBudget): void {
  if (budget.status?.observedGeneration === budget.metadata?.generation) return;
  const event = { type: "Normal", reason: "NoPods", message: "No matching pods found" } as const;
  machine.event("controllermanager", asSubject("poddisruptionbudgets", budget), event);
}

/** How many pods there should be, and how many of them have to be healthy; percentages are rounded up (getExpectedPodCount). */
function expectations(
  machine: Machine,
  { spec }: PodDisruptionBudget,
  pods: readonly Pod[],
): { expected: number; desired: number } {
  if (spec?.maxUnavailable !== undefined) {
    const expected = expectedScale(machine, pods);
    return { expected, desired: Math.max(0, expected - scaledValue(spec.maxUnavailable, expected, "up")) };
  }
  if (typeof spec?.minAvailable === "number") return { expected: pods.length, desired: spec.minAvailable };
  const expected = expectedScale(machine, pods);
  return { expected, desired: scaledValue(spec?.minAvailable, expected, "up") };
}

/** The sizes of the workloads that the pods belong to, each once. */
function expectedScale({ store }: Machine, pods: readonly Pod[]): number {
  const sizes = new Map<string, number>();
  for (const pod of pods) {
    const owner = controllerOf(pod);
    if (owner === undefined) continue;
    const namespace = namespaceOf(pod);
    const set = objectOf(store, "replicasets", owner.name, namespace);
    const parent = set === undefined ? undefined : controllerOf(set);
    const deployment =
      parent === undefined ? undefined : objectOf(store, "deployments", parent.name, namespace);
    const stateful = objectOf(store, "statefulsets", owner.name, namespace);
    const workload = owner.kind === "StatefulSet" ? stateful : (deployment ?? set);
    if (workload !== undefined) sizes.set(uidOf(workload), workload.spec?.replicas ?? 1);
  }
  return [...sizes.values()].reduce((sum, size) => sum + size, 0);
}

/** Evictions granted a moment ago, whose pods are not being deleted yet (buildDisruptedPodMap). */
function stillGranted(
  budget: PodDisruptionBudget,
  pods: readonly Pod[],
  nowMs: number,
): Record<string, string> {
  const alive = new Set(pods.filter((pod) => !isBeingDeleted(pod)).map(nameOf));
  const granted = Object.entries(budget.status?.disruptedPods ?? {}).filter(
    ([name, at]) => alive.has(name) && (momentOf(at) ?? 0) + deletionTimeoutMs > nowMs,
  );
  return Object.fromEntries(granted);
}
