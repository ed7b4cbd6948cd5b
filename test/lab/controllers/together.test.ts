import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { listOf, objectOf } from "../../../lab/controllers/objects.ts";
import { settingsOf } from "../../../lab/controllers/settings.ts";
import { startControllers } from "../../../lab/controllers/start.ts";
import { timestamp } from "../../../lab/controllers/timestamp.ts";
import type { Machine, Stop } from "../../../lab/machine/machine.ts";
import { startPretendKubelet } from "./pretend-kubelet.ts";
import { cartDeployment, livePods, pods, setImage } from "./shop-deployment.ts";
import { openTestMachine, pass, type TestMachine, whileRunning } from "./test-machine.ts";

beforeEach(() => void vi.useFakeTimers({ now: Date.parse("2026-11-24T10:00:00Z") }));
afterEach(() => void vi.useRealTimers());

const nodes = ["node-1", "node-2"];

const startHeartbeats = (machine: Machine): Stop => {
  const beat = (): void => {
    for (const name of nodes)
      machine.writes.updateStatus("nodes", name, undefined, (status) => ({
        ...status,
        conditions: [{ type: "Ready", status: "True", lastHeartbeatTime: timestamp(Date.now()) }],
      }));
  };
  const timer = setInterval(beat, 10_000);
  beat();
  return async () => clearInterval(timer);
};

const kubelet = startPretendKubelet({ readyAfterMs: () => 1000, endsAfterMs: () => 4000 });

function shop(): TestMachine {
  const machine = openTestMachine();
  for (const name of nodes)
    machine.create("nodes", {
      metadata: { name },
      status: {
        allocatable: { cpu: "4", memory: "4Gi", pods: "20" },
        conditions: [{ type: "Ready", status: "True" }],
      },
    });
  machine.create("services", {
    metadata: { name: "cart", namespace: "shop" },
    spec: { selector: { app: "cart" }, ports: [{ port: 80, targetPort: 8080 }] },
  });
  machine.create("deployments", cartDeployment({ replicas: 4 }));
  return machine;
}

const running = (machine: TestMachine, body: () => Promise<void>): Promise<void> =>
  whileRunning(
    machine,
    [startHeartbeats, kubelet, (m) => startControllers(m, { resource: () => undefined })],
    body,
  );

const endpoints = (machine: TestMachine) =>
  listOf(machine.store, "endpointslices", "shop").flatMap((slice) => slice.endpoints);

test("a Deployment becomes pods on both nodes, and endpoints; a clean rollout never has fewer than it may", async () => {
  const machine = shop();
  await running(machine, async () => {
    await pass(5000);
    expect(
      pods(machine)
        .map(({ spec }) => spec?.nodeName)
        .toSorted(),
    ).toEqual(["node-1", "node-1", "node-2", "node-2"]);
    const ready: number[] = [];
    machine.store.subscribe(({ resource }) => {
      const count = endpoints(machine).filter(({ conditions }) => conditions?.ready).length;
      if (resource === "endpointslices") ready.push(count);
    });
    setImage(machine, "lab/node-server:2");
    await pass(30_000);
    expect(Math.min(...ready)).toBeGreaterThanOrEqual(3);
    expect(livePods(machine).map(({ spec }) => spec?.containers[0]?.image)).toEqual(
      Array.from({ length: 4 }, () => "lab/node-server:2"),
    );
    expect(endpoints(machine)).toHaveLength(4);
  });
});

test("with a delay the endpoint of a pod that is ending is still told of as ready, and so is asked", async () => {
  const machine = shop();
  settingsOf(machine).endpointDelayMs = () => 3000;
  await running(machine, async () => {
    await pass(10_000);
    const name = pods(machine)[0]?.metadata?.name ?? "";
    machine.writes.remove("pods", name, "shop");
    const own = () => endpoints(machine).find(({ targetRef }) => targetRef?.name === name)?.conditions;
    await pass(2500);
    expect(objectOf(machine.store, "pods", name, "shop")?.metadata?.deletionTimestamp).toBeDefined();
    expect(own()).toEqual({ ready: true, serving: true, terminating: false });
    await pass(1000);
    expect(own()).toEqual({ ready: false, serving: true, terminating: true });
    await pass(4000);
    expect(own()).toBeUndefined();
  });
});

test("a Deployment that is deleted takes all with it", async () => {
  const machine = shop();
  await running(machine, async () => {
    await pass(5000);
    machine.writes.remove("deployments", "cart", "shop", { propagationPolicy: "Background" });
    await pass(10_000);
    expect(pods(machine)).toEqual([]);
    expect(machine.store.list("replicasets", "shop")).toEqual([]);
    expect(endpoints(machine)).toEqual([]);
  });
});
