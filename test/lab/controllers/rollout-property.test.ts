import fc from "fast-check";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Deployment } from "kubernetes-types/apps/v1";
import type { Pod } from "kubernetes-types/core/v1";
import { maxSurge, maxUnavailable, replicasOf } from "../../../lab/controllers/deployment/rollout-limits.ts";
import { startDeployments } from "../../../lab/controllers/deployment/start.ts";
import { isActive, isReady, readySinceMs } from "../../../lab/controllers/pod-state.ts";
import type { Store } from "../../../lab/api-server/store.ts";
import type { Machine, Stop } from "../../../lab/machine/machine.ts";
import { startReplicaSets } from "../../../lab/controllers/replica-set/start.ts";
import { startPretendKubelet } from "./pretend-kubelet.ts";
import { cart, cartDeployment, livePods, pods, replicaSets, setImage } from "./shop-deployment.ts";
import { openTestMachine, pass, type TestMachine, whileRunning } from "./test-machine.ts";

beforeEach(() => void vi.useFakeTimers({ now: Date.parse("2026-11-24T10:00:00Z") }));
afterEach(() => void vi.useRealTimers());

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
const shape = fc
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
const roll = fc.record({ do: fc.constant("roll" as const), image: fc.integer({ min: 1, max: 4 }) });
const scale = fc.record({ do: fc.constant("scale" as const), to: fc.integer({ min: 0, max: 9 }) });
const pause = fc.constant({ do: "pause" as const });
const wait = fc.record({ do: fc.constant("wait" as const), ms: fc.integer({ min: 0, max: 5000 }) });

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

async function play(
  given: Given,
  watch: (machine: TestMachine, limits: Limits) => void,
  scalesWhenSettled: boolean,
): Promise<void> {
  vi.setSystemTime(Date.parse("2026-11-24T10:00:00Z"));
  violations = [];
  const { replicas, surge, unavailable, minReadySeconds, readyMs, endMs } = given.shape;
  const { setLagMs, rolloutLagMs } = given.shape;
  const machine = openTestMachine();
  const number = (pod: Pod): number => Number(pod.metadata?.uid?.slice(4));
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

/** Looked at a moment after each new pod: the sets that grow and those that shrink are handled one after the other. */
const watchTotal = (machine: TestMachine, limits: Limits): void =>
  void machine.store.subscribe(({ resource, type }) => {
    if (resource !== "pods" || type !== "ADDED") return;
    const lowest = limits.maxTotal();
    setTimeout(() => {
      const most = Math.max(lowest, limits.maxTotal());
      if (livePods(machine).length > most)
        violations.push(`${livePods(machine).length} pods, at most ${most}`);
    }, 350);
  });

/** Looked at whenever an available pod is taken away. */
const watchAvailable = (machine: TestMachine, limits: Limits): void =>
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

test("rollouts, one over the other, never go below desired - maxUnavailable or above desired + maxSurge", async () => {
  const steps = fc.array(fc.oneof({ arbitrary: roll, weight: 3 }, { arbitrary: wait, weight: 4 }, scale), {
    maxLength: 12,
  });
  await fc.assert(
    fc.asyncProperty(fc.record({ shape, steps }), (given) =>
      play(
        given,
        (machine, limits) => {
          watchTotal(machine, limits);
          watchAvailable(machine, limits);
        },
        true,
      ),
    ),
    { numRuns: Number(process.env["RUNS"] ?? 60), seed: Number(process.env["SEED"] ?? 20261124) },
  );
}, 600_000);

test("scaled and paused in the middle of rollouts, it keeps its limit above and ends as asked", async () => {
  const steps = fc.array(fc.oneof(roll, { arbitrary: wait, weight: 2 }, scale, pause), { maxLength: 14 });
  await fc.assert(
    fc.asyncProperty(fc.record({ shape, steps }), (given) => play(given, watchTotal, false)),
    { numRuns: Number(process.env["RUNS"] ?? 60), seed: Number(process.env["SEED"] ?? 20261124) },
  );
}, 600_000);
