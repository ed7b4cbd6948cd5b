import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { listOf, objectOf } from "../../../lab/controllers/objects.ts";
import { startEndpoints } from "../../../lab/controllers/endpoints/start.ts";
import { startNodeLifecycle } from "../../../lab/controllers/node-lifecycle/start.ts";
import { startTaintEviction } from "../../../lab/controllers/node-lifecycle/taint-eviction.ts";
import { startPodGarbage } from "../../../lab/controllers/pod-gc.ts";
import { defaultSettings } from "../../../lab/controllers/settings.ts";
import { timestamp } from "../../../lab/controllers/timestamp.ts";
import type { Machine, Stop } from "../../../lab/machine/machine.ts";
import { condition } from "./shop-deployment.ts";
import { openTestMachine, pass, type TestMachine, whileRunning } from "./test-machine.ts";

beforeEach(() => void vi.useFakeTimers({ now: Date.parse("2026-11-24T10:00:00Z") }));
afterEach(() => void vi.useRealTimers());

const ready = (status = "True") => ({
  conditions: [
    {
      type: "Ready",
      status,
      lastHeartbeatTime: timestamp(Date.now()),
      lastTransitionTime: "2026-11-24T09:00:00Z",
    },
  ],
});

/** The grace before 1.32, when it became 50 s. */
const clusterOf130 = { ...defaultSettings, nodeMonitorGraceMs: 40_000 };

/** Heartbeats of nodes that are not in `silent`, every ten seconds. */
const beating =
  (silent: ReadonlySet<string>) =>
  (machine: Machine): Stop => {
    const beat = (): void => {
      for (const { name } of machine.store.list("nodes"))
        if (!silent.has(name))
          machine.writes.updateStatus("nodes", name, undefined, (s) => ({ ...s, ...ready() }));
    };
    beat();
    const timer = setInterval(beat, 10_000);
    return async () => clearInterval(timer);
  };

function twoNodes(): TestMachine {
  const machine = openTestMachine();
  for (const name of ["node-1", "node-2"]) machine.create("nodes", { metadata: { name }, status: ready() });
  for (const [name, nodeName] of [
    ["cart-1", "node-1"],
    ["cart-2", "node-2"],
  ])
    machine.create("pods", {
      metadata: { name, namespace: "shop", labels: { app: "cart" } },
      spec: { nodeName, containers: [{ name: "app", image: "a:1" }] },
      status: {
        phase: "Running",
        podIP: `10.42.1.${name?.slice(5)}`,
        conditions: [{ type: "Ready", status: "True", lastTransitionTime: "2026-11-24T09:00:00Z" }],
      },
    });
  return machine;
}

const running = (
  machine: TestMachine,
  silent: ReadonlySet<string>,
  body: () => Promise<void>,
  settings = clusterOf130,
): Promise<void> =>
  whileRunning(
    machine,
    [
      beating(silent),
      (m) => startNodeLifecycle(m, settings),
      (m) => startTaintEviction(m, settings),
      (m) => startEndpoints(m, settings),
      startPodGarbage,
    ],
    body,
  );

const node = (machine: TestMachine, name: string) => objectOf(machine.store, "nodes", name)!;
const pod = (machine: TestMachine, name: string) => objectOf(machine.store, "pods", name, "shop");
const taints = (machine: TestMachine, name: string) =>
  (node(machine, name).spec?.taints ?? []).map(({ key, effect }) => `${key}:${effect}`).toSorted();

test("a silent node is Unknown after its grace, its pods are not ready, and are evicted five minutes later", async () => {
  const machine = twoNodes();
  machine.create("services", {
    metadata: { name: "cart", namespace: "shop" },
    spec: { selector: { app: "cart" }, ports: [{ port: 80, targetPort: 8080 }] },
  });
  const silent = new Set<string>();
  const endpoints = () =>
    listOf(machine.store, "endpointslices", "shop").flatMap((slice) =>
      slice.endpoints.map(({ nodeName, conditions }) => [nodeName, conditions?.ready]),
    );
  await running(machine, silent, async () => {
    await pass(60_000);
    expect(taints(machine, "node-1")).toEqual([]);
    silent.add("node-1");
    await pass(29_000);
    expect(condition(node(machine, "node-1"), "Ready")).toMatchObject({ status: "True" });
    expect(endpoints()).toEqual([
      ["node-1", true],
      ["node-2", true],
    ]);
    await pass(21_000);
    expect(condition(node(machine, "node-1"), "Ready")).toMatchObject({
      status: "Unknown",
      reason: "NodeStatusUnknown",
      message: "Kubelet stopped posting node status.",
    });
    expect(taints(machine, "node-1")).toEqual([
      "node.kubernetes.io/unreachable:NoExecute",
      "node.kubernetes.io/unreachable:NoSchedule",
    ]);
    expect(condition(pod(machine, "cart-1")!, "Ready")).toMatchObject({ status: "False" });
    expect(condition(pod(machine, "cart-2")!, "Ready")).toMatchObject({ status: "True" });
    expect(endpoints()).toEqual([
      ["node-1", false],
      ["node-2", true],
    ]);
    expect(machine.events.slice(-2)).toMatchObject([
      {
        about: "Node/node-1",
        type: "Normal",
        reason: "NodeNotReady",
        message: "Node node-1 status is now: NodeNotReady",
      },
      { about: "Pod/cart-1", type: "Warning", reason: "NodeNotReady", message: "Node is not ready" },
    ]);
    await pass(290_000);
    expect(pod(machine, "cart-1")?.metadata?.deletionTimestamp).toBeUndefined();
    await pass(20_000);
    // Nobody is there to end it: it goes on terminating.
    expect(pod(machine, "cart-1")?.metadata?.deletionTimestamp).toBeDefined();
    expect(condition(pod(machine, "cart-1")!, "DisruptionTarget")).toMatchObject({
      reason: "DeletionByTaintManager",
    });
    expect(machine.events.at(-1)).toMatchObject({
      component: "taint-eviction-controller",
      type: "Normal",
      reason: "TaintManagerEviction",
      message: "Marking for deletion Pod shop/cart-1",
    });
    expect(pod(machine, "cart-2")?.metadata?.deletionTimestamp).toBeUndefined();
  });
});

test("a node that speaks again loses its taints, and its pods stay", async () => {
  const machine = twoNodes();
  const silent = new Set(["node-1"]);
  await running(machine, silent, async () => {
    await pass(60_000);
    expect(taints(machine, "node-1")).toHaveLength(2);
    silent.clear();
    await pass(15_000);
    expect(taints(machine, "node-1")).toEqual([]);
    await pass(400_000);
    expect(pod(machine, "cart-1")?.metadata?.deletionTimestamp).toBeUndefined();
  });
});

test("with every node silent nobody is driven out", async () => {
  const machine = twoNodes();
  await running(machine, new Set(["node-1", "node-2"]), async () => {
    await pass(700_000);
    expect(taints(machine, "node-1")).toEqual(["node.kubernetes.io/unreachable:NoSchedule"]);
    expect(pod(machine, "cart-1")?.metadata?.deletionTimestamp).toBeUndefined();
  });
});

test("a cordon is a taint that evicts nobody; a NoExecute taint evicts who does not tolerate it", async () => {
  const machine = twoNodes();
  await running(machine, new Set(), async () => {
    await pass(1000);
    machine.patch("nodes", "node-1", { spec: { unschedulable: true } });
    await pass(1000);
    expect(taints(machine, "node-1")).toEqual(["node.kubernetes.io/unschedulable:NoSchedule"]);
    expect(pod(machine, "cart-1")?.metadata?.deletionTimestamp).toBeUndefined();
    machine.patch("nodes", "node-1", {
      spec: { unschedulable: null, taints: [{ key: "maintenance", effect: "NoExecute" }] },
    });
    await pass(1000);
    expect(taints(machine, "node-1")).toEqual(["maintenance:NoExecute"]);
    expect(pod(machine, "cart-1")?.metadata?.deletionTimestamp).toBeDefined();
  });
});

test("a shorter default toleration goes for pods that asked for nothing else", async () => {
  const machine = twoNodes();
  machine.create("pods", {
    metadata: { name: "own", namespace: "shop" },
    spec: {
      nodeName: "node-1",
      containers: [{ name: "app", image: "a:1" }],
      tolerations: [
        {
          key: "node.kubernetes.io/unreachable",
          operator: "Exists",
          effect: "NoExecute",
          tolerationSeconds: 60,
        },
      ],
    },
  });
  const settings = {
    ...defaultSettings,
    nodeMonitorGraceMs: 10_000,
    nodeMonitorPeriodMs: 1000,
    defaultTolerationSeconds: 5,
  };
  const isGoing = (name: string) => pod(machine, name)?.metadata?.deletionTimestamp !== undefined;
  await running(
    machine,
    new Set(["node-1"]),
    async () => {
      await pass(12_500);
      expect([isGoing("cart-1"), isGoing("own")]).toEqual([false, false]);
      await pass(7000);
      expect([isGoing("cart-1"), isGoing("own")]).toEqual([true, false]);
      await pass(60_000);
      expect(isGoing("own")).toBe(true);
    },
    settings,
  );
});

test("pods of a node that was deleted are taken away", async () => {
  const machine = twoNodes();
  await running(machine, new Set(), async () => {
    await pass(1000);
    machine.writes.remove("nodes", "node-1", undefined);
    await pass(39_000);
    expect(pod(machine, "cart-1")).toBeDefined();
    await pass(2000);
    expect(pod(machine, "cart-1")).toBeUndefined();
    expect(pod(machine, "cart-2")).toBeDefined();
  });
});
