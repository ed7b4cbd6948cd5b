import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { startAutoscalers } from "../../../lab/controllers/hpa/start.ts";
import { defaultSettings } from "../../../lab/controllers/settings.ts";
import { objectOf } from "../../../lab/controllers/objects.ts";
import { cart, cartDeployment, condition } from "./shop-deployment.ts";
import { openTestMachine, pass, type TestMachine, whileRunning } from "./test-machine.ts";

const start = Date.parse("2026-11-24T10:00:00Z");
beforeEach(() => void vi.useFakeTimers({ now: start }));
afterEach(() => void vi.useRealTimers());

const hpa = (spec: object = {}): object => ({
  metadata: { name: "cart", namespace: "shop" },
  spec: {
    scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "cart" },
    minReplicas: 1,
    maxReplicas: 10,
    metrics: [
      {
        type: "Resource",
        resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 50 } },
      },
    ],
    ...spec,
  },
});

const podOf = (index: number, ready: boolean, requests: object): object => ({
  metadata: { name: `cart-${index}`, namespace: "shop", labels: { app: "cart" } },
  spec: { containers: [{ name: "app", image: "lab/node-server:1", resources: { requests } }] },
  status: {
    phase: "Running",
    startTime: "2026-11-24T09:00:00Z",
    conditions: [
      {
        type: "Ready",
        status: ready ? "True" : "False",
        lastTransitionTime: "2026-11-24T09:00:10Z",
      },
    ],
  },
});

interface World {
  readonly machine: TestMachine;
  /** Milli-cores of pod number i; undefined: no sample. */
  use(milli: (index: number) => number | undefined): void;
  readonly running: (body: () => Promise<void>) => Promise<void>;
}

function world(
  replicas: number,
  own: { spec?: object; ready?: (i: number) => boolean; requests?: object } = {},
): World {
  const machine = openTestMachine();
  machine.create("deployments", cartDeployment({ replicas }));
  machine.create("horizontalpodautoscalers", hpa(own.spec));
  for (let i = 1; i <= replicas; i += 1)
    machine.create("pods", podOf(i, own.ready?.(i) ?? true, own.requests ?? { cpu: "200m" }));
  let usage: ((index: number) => number | undefined) | undefined;
  const metrics = {
    resource: (pod: { metadata?: { name?: string } }) => {
      const milli = usage?.(Number(pod.metadata?.name?.slice(5)));
      return milli === undefined ? undefined : { milli, atMs: Date.now(), windowMs: 15_000 };
    },
  };
  return {
    machine,
    use: (milli) => void (usage = milli),
    running: (body) => whileRunning(machine, [(m) => startAutoscalers(m, metrics, defaultSettings)], body),
  };
}

const replicas = (machine: TestMachine) => cart(machine).spec?.replicas;
const status = (machine: TestMachine) => objectOf(machine.store, "horizontalpodautoscalers", "cart", "shop")!;

test("it grows by the ratio of use to target, in its own words", async () => {
  const { machine, use, running } = world(2);
  use(() => 170);
  await running(async () => {
    await pass(100);
    expect(replicas(machine)).toBe(4);
    expect(machine.events.at(-1)).toEqual({
      component: "horizontal-pod-autoscaler",
      about: "HorizontalPodAutoscaler/cart",
      type: "Normal",
      reason: "SuccessfulRescale",
      message: "New size: 4; reason: cpu resource utilization (percentage of request) above target",
    });
    expect(status(machine).status).toMatchObject({
      currentReplicas: 2,
      desiredReplicas: 4,
      lastScaleTime: "2026-11-24T10:00:00Z",
      currentMetrics: [
        {
          type: "Resource",
          resource: { name: "cpu", current: { averageUtilization: 85, averageValue: "170m" } },
        },
      ],
    });
    expect(condition(status(machine), "AbleToScale")).toMatchObject({
      status: "True",
      reason: "SucceededRescale",
      message: "the HPA controller was able to update the target scale to 4",
    });
    expect(condition(status(machine), "ScalingActive")).toMatchObject({
      status: "True",
      reason: "ValidMetricFound",
      message:
        "the HPA was able to successfully calculate a replica count from cpu resource utilization (percentage of request)",
    });
    expect(condition(status(machine), "ScalingLimited")).toMatchObject({
      status: "False",
      reason: "DesiredWithinRange",
    });
  });
});

test.each([
  ["4 % under target", 96, 3],
  ["8 % above", 108, 3],
  ["12 % above", 112, 4],
])("a ratio within a tenth changes nothing: %s", async (_name, milli, expected) => {
  const { machine, use, running } = world(3);
  use(() => milli);
  await running(async () => void (await pass(15_100)));
  expect(replicas(machine)).toBe(expected);
});

test("no faster than to twice as many, no further than the maximum", async () => {
  const { machine, use, running } = world(3);
  use(() => 900);
  await running(async () => {
    await pass(100);
    expect(replicas(machine)).toBe(6);
    expect(condition(status(machine), "ScalingLimited")).toMatchObject({
      status: "True",
      reason: "ScaleUpLimit",
      message: "the desired replica count is increasing faster than the maximum scale rate",
    });
    await pass(15_100);
    expect(replicas(machine)).toBe(10);
    expect(condition(status(machine), "ScalingLimited")).toMatchObject({
      status: "True",
      reason: "TooManyReplicas",
      message: "the desired replica count is more than the maximum replica count",
    });
  });
});

test("it shrinks only when no recommendation of the last five minutes was higher", async () => {
  const { machine, use, running } = world(4);
  use(() => 100);
  await running(async () => {
    await pass(60_000);
    use(() => 20);
    await pass(200_000);
    expect(replicas(machine)).toBe(4);
    expect(condition(status(machine), "AbleToScale")).toMatchObject({
      reason: "ScaleDownStabilized",
      message:
        "recent recommendations were higher than current one, applying the highest recent recommendation",
    });
    await pass(120_000);
    expect(replicas(machine)).toBe(1);
    expect(machine.events.at(-1)?.message).toBe("New size: 1; reason: All metrics below target");
  });
});

test("policies of its behavior slow it down, both ways", async () => {
  const behavior = {
    scaleUp: { policies: [{ type: "Pods", value: 1, periodSeconds: 60 }] },
    scaleDown: {
      stabilizationWindowSeconds: 0,
      policies: [{ type: "Percent", value: 50, periodSeconds: 60 }],
    },
  };
  const { machine, use, running } = world(4, { spec: { behavior } });
  use(() => 300);
  await running(async () => {
    await pass(31_000);
    expect(replicas(machine)).toBe(5);
    await pass(45_000);
    expect(replicas(machine)).toBe(6);
    use(() => 5);
    await pass(15_000);
    expect(replicas(machine)).toBe(3);
    expect(condition(status(machine), "ScalingLimited")).toMatchObject({
      reason: "ScaleDownLimit",
      status: "True",
    });
  });
});

test("pods that are not ready or not measured speak against a change", async () => {
  const missing = world(4);
  missing.use((i) => (i <= 2 ? 190 : undefined));
  await missing.running(async () => void (await pass(100)));
  // 95 % of two pods is 47 % of four: no change instead of 4.
  expect(replicas(missing.machine)).toBe(4);

  const unready = world(4, { ready: (i) => i <= 2 });
  unready.use(() => 190);
  await unready.running(async () => void (await pass(100)));
  expect(replicas(unready.machine)).toBe(4);
});

test("without metrics, or without requests, it says why it cannot", async () => {
  const silent = world(2);
  await silent.running(async () => void (await pass(100)));
  const reason =
    "failed to get cpu utilization: unable to get metrics for resource cpu: no metrics returned from resource metrics API";
  expect(condition(status(silent.machine), "ScalingActive")).toMatchObject({
    status: "False",
    reason: "FailedGetResourceMetric",
    message: `the HPA was unable to compute the replica count: ${reason}`,
  });
  expect(silent.machine.events.map(({ reason: r, message }) => [r, message])).toEqual([
    ["FailedGetResourceMetric", reason],
    [
      "FailedComputeMetricsReplicas",
      `invalid metrics (1 invalid out of 1), first error is: failed to get cpu resource metric value: ${reason}`,
    ],
  ]);

  const free = world(2, { requests: { memory: "64Mi" } });
  free.use(() => 500);
  await free.running(async () => void (await pass(100)));
  expect(condition(status(free.machine), "ScalingActive")).toMatchObject({
    status: "False",
    message:
      "the HPA was unable to compute the replica count: failed to get cpu utilization: missing request for cpu in container app of Pod cart-1",
  });
  expect(replicas(free.machine)).toBe(2);
});

test("a target at zero is left alone, one outside the limits is brought inside", async () => {
  const zero = world(0);
  await zero.running(async () => void (await pass(100)));
  expect(replicas(zero.machine)).toBe(0);
  expect(condition(status(zero.machine), "ScalingActive")).toMatchObject({ reason: "ScalingDisabled" });
  const few = world(1, { spec: { minReplicas: 3 } });
  await few.running(async () => void (await pass(100)));
  expect(replicas(few.machine)).toBe(3);
  expect(few.machine.events.at(-1)?.message).toBe(
    "New size: 3; reason: Current number of replicas below Spec.MinReplicas",
  );
});
