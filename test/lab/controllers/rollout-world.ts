import fc from "fast-check";
import { expect, vi } from "vitest";
import type { Deployment, ReplicaSet } from "kubernetes-types/apps/v1";
import type { Pod } from "kubernetes-types/core/v1";
import { sizeOf, totalOf } from "../../../lab/controllers/deployment/replica-sets.ts";
import { maxSurge, maxUnavailable, replicasOf } from "../../../lab/controllers/deployment/rollout-limits.ts";
import { startDeployments } from "../../../lab/controllers/deployment/start.ts";
import { isActive, isReady, readySinceMs } from "../../../lab/controllers/pod-state.ts";
import type { Store } from "../../../lab/api-server/store.ts";
import type { Machine, Stop } from "../../../lab/machine/machine.ts";
import { startReplicaSets } from "../../../lab/controllers/replica-set/start.ts";
import { startPretendKubelet } from "./pretend-kubelet.ts";
import { cart, cartDeployment, livePods, pods, replicaSets, setImage } from "./shop-deployment.ts";
import { openTestMachine, pass, type TestMachine, whileRunning } from "./test-machine.ts";

interface Given {
  readonly shape: typeof shape extends fc.Arbitrary<infer S> ? S : never;
  readonly steps: readonly Step[];
}

type Limits = ReturnType<typeof watchLimits>;

/** Of the run that is on. */
let violations: string[] = [];

type Step =
  | { readonly do: "roll"; readonly image: number }
  | { readonly do: "scale"; readonly to: number }
  | { readonly do: "pause" }
  | { readonly do: "wait"; readonly ms: number };

const limit = fc.oneof(
  fc.integer({ min: 0, max: 4 }),
  fc.constantFrom("0%", "10%", "25%", "34%", "50%", "100%"),
);
const isZero = (value: number | string): boolean => Number.parseInt(String(value), 10) === 0;
export const shape = fc
  .record({
    replicas: fc.integer({ min: 0, max: 9 }),
    surge: limit,
    unavailable: limit,
    minReadySeconds: fc.constantFrom(0, 0, 2),
    readyMs: fc.array(fc.integer({ min: 0, max: 4000 }), { minLength: 1, maxLength: 6 }),
    endMs: fc.array(fc.integer({ min: 0, max: 3000 }), { minLength: 1, maxLength: 4 }),
    setLagMs: fc.constantFrom(0, 0, 20, 300),
    rolloutLagMs: fc.constantFrom(0, 0, 20, 300),
  })
  // The API refuses a rollout that could not begin.
  .filter(({ surge, unavailable }) => !(isZero(surge) && isZero(unavailable)));
export const roll = fc.record({ do: fc.constant("roll" as const), image: fc.integer({ min: 1, max: 4 }) });
export const scale = fc.record({ do: fc.constant("scale" as const), to: fc.integer({ min: 0, max: 9 }) });
export const pause = fc.constant({ do: "pause" as const });
export const wait = fc.record({ do: fc.constant("wait" as const), ms: fc.integer({ min: 0, max: 5000 }) });

/** Longer than the two controllers need to hear of a change and act on it. */
const reactionMs = 1500;

/** A controller whose watch is late. */
const late =
  (start: (machine: Machine) => Stop, lagMs: number) =>
  (machine: Machine): Stop => {
    const { store } = machine;
    const subscribe: Store["subscribe"] = (listener) =>
      store.subscribe((change) => void setTimeout(listener, lagMs, change));
    return start({ ...machine, store: { ...store, subscribe } });
  };

/** What the Deployment allowed lately: controllers act on what they saw a moment ago. */
function watchLimits(machine: TestMachine): { maxTotal(): number; minAvailable(): number } {
  const past: { readonly atMs: number; readonly total: number; readonly available: number }[] = [];
  const note = (): void => {
    const now: Deployment = cart(machine);
    const replicas = replicasOf(now);
    const available = replicas - maxUnavailable(now);
    past.push({ atMs: Date.now(), total: replicas + maxSurge(now), available });
  };
  note();
  machine.store.subscribe(({ resource }) => resource === "deployments" && note());
  const recent = () =>
    past.filter(
      ({ atMs }, i) =>
        i === past.length - 1 ||
        atMs > Date.now() - reactionMs ||
        (past[i + 1]?.atMs ?? 0) > Date.now() - reactionMs,
    );
  return {
    maxTotal: () => Math.max(...recent().map(({ total }) => total)),
    minAvailable: () => Math.min(...recent().map(({ available }) => available)),
  };
}

/** Until everything is rolled out, five minutes at most. */
async function settle(machine: TestMachine): Promise<void> {
  for (let waitedMs = 0; waitedMs < 300_000; waitedMs += 4000) {
    await pass(4000);
    const { status, metadata } = cart(machine);
    const desired = replicasOf(cart(machine));
    const isDone =
      status?.observedGeneration === metadata?.generation &&
      (status?.updatedReplicas ?? 0) === desired &&
      (status?.availableReplicas ?? 0) === desired;
    if (isDone && pods(machine).length === desired) return;
  }
}

/** Runs a Deployment through the steps, and waits until it is what was asked for last. */
export async function play(
  given: Given,
  watch: (machine: TestMachine, limits: Limits) => void,
  scalesWhenSettled: boolean,
): Promise<void> {
  vi.setSystemTime(Date.parse("2026-11-24T10:00:00Z"));
  violations = [];
  const { replicas, surge, unavailable, minReadySeconds, readyMs, endMs } = given.shape;
  const { setLagMs, rolloutLagMs } = given.shape;
  const machine = openTestMachine();
  const seen: string[] = [];
  /** In the order in which they are first seen. */
  const number = (pod: Pod): number => {
    const uid = pod.metadata?.uid ?? "";
    if (!seen.includes(uid)) seen.push(uid);
    return seen.indexOf(uid);
  };
  const kubelet = startPretendKubelet({
    readyAfterMs: (pod) => readyMs[number(pod) % readyMs.length] ?? 0,
    endsAfterMs: (pod) => endMs[number(pod) % endMs.length] ?? 0,
    bindTo: "node-1",
  });
  machine.create(
    "deployments",
    cartDeployment({
      replicas,
      minReadySeconds,
      strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: surge, maxUnavailable: unavailable } },
    }),
  );
  const controllers = [late(startDeployments, rolloutLagMs), late(startReplicaSets, setLagMs), kubelet];
  await whileRunning(machine, controllers, async () => {
    watch(machine, watchLimits(machine));
    for (const step of given.steps) {
      if (step.do === "roll") setImage(machine, `lab/node-server:${step.image}`);
      else if (step.do === "wait") await pass(step.ms);
      else if (step.do === "pause")
        machine.patch("deployments", "cart", { spec: { paused: !(cart(machine).spec?.paused ?? false) } });
      else {
        if (scalesWhenSettled) await settle(machine);
        machine.patch("deployments", "cart", { spec: { replicas: step.to } });
        if (scalesWhenSettled) await settle(machine);
      }
    }
    machine.patch("deployments", "cart", { spec: { paused: false } });
    await settle(machine);
    expect(violations).toEqual([]);
    const desired = replicasOf(cart(machine));
    expect(pods(machine)).toHaveLength(desired);
    expect(cart(machine).status?.availableReplicas ?? 0).toBe(desired);
    expect(cart(machine).status?.updatedReplicas ?? 0).toBe(desired);
    expect(replicaSets(machine).filter(({ spec }) => (spec?.replicas ?? 0) > 0)).toHaveLength(
      desired > 0 ? 1 : 0,
    );
    const image = cart(machine).spec?.template?.spec?.containers[0]?.image;
    for (const pod of pods(machine)) expect(pod.spec?.containers[0]?.image).toBe(image);
  });
}

/** Sets may never ask for more together, and once each has what it asks for there are no more pods. */
export const watchTotal = (machine: TestMachine, limits: Limits): void =>
  void machine.store.subscribe(({ resource, object, before }) => {
    if (resource !== "replicasets") return;
    const most = limits.maxTotal();
    const sets = replicaSets(machine);
    const [now, then] = [object.object as ReplicaSet, before?.object as ReplicaSet | undefined];
    const asked = totalOf(sets, sizeOf);
    if (sizeOf(now) > (then === undefined ? 0 : sizeOf(then)) && asked > most)
      violations.push(`${asked} pods asked for, at most ${most}`);
    const isSettled = sets.every(
      (set) =>
        set.metadata?.generation === set.status?.observedGeneration && sizeOf(set) === set.status?.replicas,
    );
    if (isSettled && livePods(machine).length > most)
      violations.push(`${livePods(machine).length} pods, at most ${most}`);
  });

/** Looked at whenever an available pod is taken away. */
export const watchAvailable = (machine: TestMachine, limits: Limits): void =>
  void machine.store.subscribe(({ resource, object, before }) => {
    if (resource !== "pods" || before === undefined) return;
    const minReadyMs = (cart(machine).spec?.minReadySeconds ?? 0) * 1000;
    const isServing = (pod: Pod, forMs: number): boolean =>
      isActive(pod) && isReady(pod) && (readySinceMs(pod) ?? 0) + minReadyMs + forMs < Date.now();
    const [now, then] = [object.object as Pod, before.object as Pod];
    // One that became available a moment ago was none when it was decided that it goes.
    if (!isServing(then, reactionMs) || isActive(now)) return;
    const serving = pods(machine).filter((pod) => isServing(pod, 0)).length;
    const least = limits.minAvailable();
    if (serving < least) violations.push(`${serving} available, at least ${least}`);
  });
