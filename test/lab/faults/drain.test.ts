import { expect, it } from "vitest";
import { drainNode } from "../../../lab/faults/drain.ts";
import { openTestMachine, type TestMachine } from "../controllers/test-machine.ts";

const labels = { app: "cart" };

function machineWith(disruptionsAllowed: number): TestMachine {
  const machine = openTestMachine();
  machine.create("nodes", { metadata: { name: "node-1" } });
  for (const [name, nodeName] of [
    ["cart-a", "node-1"],
    ["cart-b", "node-1"],
    ["cart-c", "node-2"],
  ]) {
    const spec = { nodeName, terminationGracePeriodSeconds: 30, containers: [{ name: "app", image: "a:1" }] };
    const conditions = [{ type: "Ready", status: "True" }];
    const metadata = { name, namespace: "shop", labels };
    machine.create("pods", { metadata, spec, status: { phase: "Running", conditions } });
  }
  machine.create("poddisruptionbudgets", {
    metadata: { name: "cart", namespace: "shop" },
    spec: { maxUnavailable: 1, selector: { matchLabels: labels } },
    status: { observedGeneration: 1, currentHealthy: 3, desiredHealthy: 2, disruptionsAllowed },
  });
  return machine;
}

const leaving = ({ store }: TestMachine): string[] =>
  store
    .list("pods", "shop")
    .filter(({ object }) => object.metadata?.deletionTimestamp !== undefined)
    .map(({ name }) => name);

it("a drain cordons the node and evicts what is on it, and nothing else", async () => {
  const machine = machineWith(2);
  await drainNode(machine, "node-1");
  expect(leaving(machine)).toEqual(["cart-a", "cart-b"]);
  expect(machine.store.get("nodes", "node-1", undefined)?.object["spec"]).toMatchObject({
    unschedulable: true,
  });
});

it("a drain asks again for a pod that the budget refused", async () => {
  const machine = machineWith(1);
  const draining = drainNode(machine, "node-1");
  expect(leaving(machine)).toEqual(["cart-a"]);
  machine.setStatus("poddisruptionbudgets", "cart", { disruptionsAllowed: 1 });
  await draining;
  expect(leaving(machine)).toEqual(["cart-a", "cart-b"]);
});
