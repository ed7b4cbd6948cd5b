import type { PodSpec, NodeSpec } from "kubernetes-types/core/v1";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { controllerReference, listOf, objectOf } from "../../../lab/controllers/objects.ts";
import { startScheduler } from "../../../lab/controllers/scheduler/start.ts";
import { condition } from "./shop-deployment.ts";
import { openTestMachine, pass, type TestMachine, whileRunning } from "./test-machine.ts";

beforeEach(() => void vi.useFakeTimers({ now: Date.parse("2026-11-24T10:00:00Z") }));
afterEach(() => void vi.useRealTimers());

const node = (name: string, spec: NodeSpec = {}, allocatable: object = {}, labels: object = {}): object => ({
  metadata: { name, labels: { "kubernetes.io/hostname": name, ...labels } },
  spec,
  status: { allocatable: { cpu: "1", memory: "1Gi", pods: "10", ...allocatable } },
});

const pod = (name: string, requests: object = {}, spec: Partial<PodSpec> = {}): object => ({
  metadata: {
    name,
    namespace: "shop",
    labels: { app: "cart" },
    ownerReferences: [
      { apiVersion: "apps/v1", kind: "ReplicaSet", name: "cart", uid: "set-1", controller: true },
    ],
  },
  spec: { containers: [{ name: "app", image: "lab/node-server:1", resources: { requests } }], ...spec },
  status: { phase: "Pending" },
});

const zone = (name: string) => ({ "topology.kubernetes.io/zone": name });

const nodeOf = (machine: TestMachine, name: string) =>
  objectOf(machine.store, "pods", name, "shop")?.spec?.nodeName;

const cartSet = {
  metadata: { name: "cart", namespace: "shop" },
  spec: {
    replicas: 0,
    selector: { matchLabels: { app: "cart" } },
    template: { metadata: { labels: { app: "cart" } }, spec: { containers: [{ name: "app", image: "a" }] } },
  },
};

/** Pods of ReplicaSet shop/cart. */
function createPods(machine: TestMachine, pods: readonly object[]): void {
  machine.create("replicasets", cartSet);
  const owner = controllerReference("replicasets", objectOf(machine.store, "replicasets", "cart", "shop")!);
  for (const object of pods as { metadata: object }[])
    machine.create("pods", { ...object, metadata: { ...object.metadata, ownerReferences: [owner] } });
}

async function schedule(objects: { nodes: object[]; pods: object[] }): Promise<TestMachine> {
  const machine = openTestMachine();
  for (const object of objects.nodes) machine.create("nodes", object);
  createPods(machine, objects.pods);
  await whileRunning(machine, [startScheduler], async () => void (await pass(100)));
  return machine;
}

test("a pod is bound, says so in an event and in its condition", async () => {
  const machine = await schedule({ nodes: [node("n1")], pods: [pod("cart-1")] });
  expect(nodeOf(machine, "cart-1")).toBe("n1");
  const stored = objectOf(machine.store, "pods", "cart-1", "shop")!;
  expect(condition(stored, "PodScheduled")).toMatchObject({ status: "True" });
  expect(machine.events).toEqual([
    {
      component: "default-scheduler",
      about: "Pod/cart-1",
      type: "Normal",
      reason: "Scheduled",
      message: "Successfully assigned shop/cart-1 to n1",
    },
  ]);
});

test("pods of one workload are spread over nodes and zones", async () => {
  const machine = await schedule({
    nodes: [node("n1", {}, {}, zone("a")), node("n2", {}, {}, zone("a")), node("n3", {}, {}, zone("b"))],
    pods: [1, 2, 3].map((i) => pod(`cart-${i}`)),
  });
  expect([1, 2, 3].map((i) => nodeOf(machine, `cart-${i}`))).toEqual(["n1", "n3", "n2"]);
});

test("what does not fit waits, with the scheduler's own words", async () => {
  const machine = await schedule({
    nodes: [
      node("n1", { unschedulable: true }),
      node("n2", { taints: [{ key: "dedicated", value: "gpu", effect: "NoSchedule" }] }),
      node("n3", {}, { cpu: "500m", memory: "64Mi" }),
      node("n4"),
      node("n5"),
    ],
    pods: [
      pod("a-1", { cpu: "400m" }, { nodeSelector: { "kubernetes.io/hostname": "n4" } }),
      pod("b-1", { cpu: "800m", memory: "128Mi" }, { nodeSelector: { "kubernetes.io/hostname": "n4" } }),
      pod("c-1", { cpu: "800m", memory: "128Mi" }, { nodeSelector: { disk: "ssd" } }),
      pod("d-1", { cpu: "2", memory: "128Mi" }),
    ],
  });
  expect(nodeOf(machine, "a-1")).toBe("n4");
  const failures = machine.events.filter(({ reason }) => reason === "FailedScheduling");
  expect(failures.map(({ message }) => message)).toEqual([
    "0/5 nodes are available: 1 Insufficient cpu, 1 node(s) had untolerated taint {dedicated: gpu}, " +
      "1 node(s) were unschedulable, 2 node(s) didn't match Pod's node affinity/selector. preemption: " +
      "0/5 nodes are available: 1 No preemption victims found for incoming pod, 4 Preemption is not helpful for scheduling.",
    "0/5 nodes are available: 1 node(s) had untolerated taint {dedicated: gpu}, 1 node(s) were unschedulable, " +
      "3 node(s) didn't match Pod's node affinity/selector. preemption: 0/5 nodes are available: 5 Preemption is not helpful for scheduling.",
    "0/5 nodes are available: 1 Insufficient memory, 1 node(s) had untolerated taint {dedicated: gpu}, " +
      "1 node(s) were unschedulable, 3 Insufficient cpu. preemption: 0/5 nodes are available: 5 Preemption is not helpful for scheduling.",
  ]);
  expect(condition(objectOf(machine.store, "pods", "d-1", "shop")!, "PodScheduled")).toMatchObject({
    status: "False",
    reason: "Unschedulable",
    message: failures[2]?.message,
  });
});

test("tolerations open tainted and cordoned nodes", async () => {
  const machine = await schedule({
    nodes: [
      node("n1", {
        unschedulable: true,
        taints: [{ key: "dedicated", value: "gpu", effect: "NoSchedule" }],
      }),
    ],
    pods: [
      pod("a-1", {}, { tolerations: [{ key: "dedicated", value: "gpu", effect: "NoSchedule" }] }),
      pod("b-1", {}, { tolerations: [{ operator: "Exists" }] }),
    ],
  });
  expect([nodeOf(machine, "a-1"), nodeOf(machine, "b-1")]).toEqual([undefined, "n1"]);
});

test("a waiting pod is told of once, and bound when room is made", async () => {
  const machine = openTestMachine();
  machine.create("nodes", node("n1"));
  createPods(machine, [pod("cart-1", { cpu: "1" }), pod("cart-2", { cpu: "1" })]);
  await whileRunning(machine, [startScheduler], async () => {
    await pass(60_000);
    expect(machine.events.filter(({ reason }) => reason === "FailedScheduling")).toHaveLength(1);
    machine.writes.remove("pods", "cart-1", "shop");
    await pass(1000);
    expect(nodeOf(machine, "cart-2")).toBeUndefined();
    machine.writes.remove("pods", "cart-1", "shop", { gracePeriodSeconds: 0 });
    await pass(1000);
    expect(nodeOf(machine, "cart-2")).toBe("n1");
    expect(listOf(machine.store, "pods")).toHaveLength(1);
  });
});

test("required spreading and anti-affinity are kept", async () => {
  const labelSelector = { matchLabels: { app: "cart" } };
  const topologyKey = "kubernetes.io/hostname";
  const machine = await schedule({
    nodes: [node("n1"), node("n2", {}, { pods: "0" })],
    pods: [
      pod("a-1"),
      pod(
        "b-1",
        {},
        {
          affinity: {
            podAntiAffinity: {
              requiredDuringSchedulingIgnoredDuringExecution: [{ labelSelector, topologyKey }],
            },
          },
        },
      ),
      pod(
        "c-1",
        {},
        {
          topologySpreadConstraints: [
            { maxSkew: 1, topologyKey, whenUnsatisfiable: "DoNotSchedule", labelSelector },
          ],
        },
      ),
    ],
  });
  const failures = machine.events.filter(({ reason }) => reason === "FailedScheduling");
  expect(failures.map(({ message }) => message)).toEqual([
    "0/2 nodes are available: 1 Too many pods, 1 node(s) didn't match pod anti-affinity rules. preemption: " +
      "0/2 nodes are available: 2 No preemption victims found for incoming pod.",
    "0/2 nodes are available: 1 Too many pods, 1 node(s) didn't match pod topology spread constraints. preemption: " +
      "0/2 nodes are available: 2 No preemption victims found for incoming pod.",
  ]);
});
