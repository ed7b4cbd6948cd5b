import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { startDeployments } from "../../../lab/controllers/deployment/start.ts";
import { startDisruption } from "../../../lab/controllers/disruption.ts";
import { objectOf } from "../../../lab/controllers/objects.ts";
import { startReplicaSets } from "../../../lab/controllers/replica-set/start.ts";
import { startPretendKubelet } from "./pretend-kubelet.ts";
import { cartDeployment, condition, pods } from "./shop-deployment.ts";
import { openTestMachine, pass, type TestMachine, whileRunning } from "./test-machine.ts";

beforeEach(() => void vi.useFakeTimers({ now: Date.parse("2026-11-24T10:00:00Z") }));
afterEach(() => void vi.useRealTimers());

const budget = (machine: TestMachine) => objectOf(machine.store, "poddisruptionbudgets", "cart", "shop")!;

test.each([
  [{ minAvailable: 3 }, { expectedPods: 5, desiredHealthy: 3, currentHealthy: 4, disruptionsAllowed: 1 }],
  [{ minAvailable: "50%" }, { expectedPods: 5, desiredHealthy: 3, currentHealthy: 4, disruptionsAllowed: 1 }],
  [{ maxUnavailable: 1 }, { expectedPods: 5, desiredHealthy: 4, currentHealthy: 4, disruptionsAllowed: 0 }],
  [
    { maxUnavailable: "30%" },
    { expectedPods: 5, desiredHealthy: 3, currentHealthy: 4, disruptionsAllowed: 1 },
  ],
  [
    { minAvailable: "100%" },
    { expectedPods: 5, desiredHealthy: 5, currentHealthy: 4, disruptionsAllowed: 0 },
  ],
])("%j of five with one not ready", async (spec, expected) => {
  const machine = openTestMachine();
  machine.create("deployments", cartDeployment({ replicas: 5 }));
  machine.create("poddisruptionbudgets", {
    metadata: { name: "cart", namespace: "shop" },
    spec: { selector: { matchLabels: { app: "cart" } }, ...spec },
  });
  let seen = 0;
  const order = new Map<string, number>();
  const kubelet = startPretendKubelet({
    readyAfterMs: ({ metadata }) => {
      const name = metadata?.name ?? "";
      if (!order.has(name)) order.set(name, seen++);
      return order.get(name) === 0 ? Infinity : 0;
    },
    endsAfterMs: () => 0,
    bindTo: "node-1",
  });
  await whileRunning(machine, [startDeployments, startReplicaSets, startDisruption, kubelet], async () => {
    await pass(5000);
    expect(budget(machine).status).toMatchObject({ ...expected, observedGeneration: 1 });
    const isAllowed = expected.disruptionsAllowed > 0;
    expect(condition(budget(machine), "DisruptionAllowed")).toMatchObject({
      status: isAllowed ? "True" : "False",
      reason: isAllowed ? "SufficientPods" : "InsufficientPods",
    });
    expect(pods(machine)).toHaveLength(5);
  });
});

test("a pod that is being deleted is not healthy, and nothing is allowed for no pods", async () => {
  const machine = openTestMachine();
  machine.create("poddisruptionbudgets", {
    metadata: { name: "cart", namespace: "shop" },
    spec: { selector: { matchLabels: { app: "cart" } }, minAvailable: 0 },
  });
  await whileRunning(machine, [startDisruption], async () => {
    await pass(1000);
    expect(budget(machine).status).toMatchObject({ expectedPods: 0, disruptionsAllowed: 0 });
    expect(machine.events).toMatchObject([{ reason: "NoPods", message: "No matching pods found" }]);
    machine.create("pods", {
      metadata: { name: "cart-1", namespace: "shop", labels: { app: "cart" } },
      spec: { nodeName: "node-1", containers: [{ name: "app", image: "a:1" }] },
      status: { phase: "Running", conditions: [{ type: "Ready", status: "True" }] },
    });
    await pass(100);
    expect(budget(machine).status).toMatchObject({ currentHealthy: 1, disruptionsAllowed: 1 });
    machine.writes.remove("pods", "cart-1", "shop");
    await pass(100);
    expect(budget(machine).status).toMatchObject({ currentHealthy: 0, disruptionsAllowed: 0 });
  });
});
