import type { Pod } from "kubernetes-types/core/v1";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { forbidden } from "../../../lab/api-server/status.ts";
import { inDeletionOrder } from "../../../lab/controllers/replica-set/deletion-order.ts";
import { startReplicaSets } from "../../../lab/controllers/replica-set/start.ts";
import { objectOf } from "../../../lab/controllers/objects.ts";
import { startPretendKubelet } from "./pretend-kubelet.ts";
import { condition, livePods, podTemplate, pods } from "./shop-deployment.ts";
import { openTestMachine, pass, type TestMachine, whileRunning } from "./test-machine.ts";

const start = Date.parse("2026-11-24T10:00:00Z");
beforeEach(() => void vi.useFakeTimers({ now: start }));
afterEach(() => void vi.useRealTimers());

const kubelet = startPretendKubelet({ readyAfterMs: () => 0, endsAfterMs: () => 0, bindTo: "node-1" });
const running = (machine: TestMachine, body: () => Promise<void>): Promise<void> =>
  whileRunning(machine, [startReplicaSets, kubelet], body);

const replicaSet = (replicas: number, spec: object = {}): object => ({
  metadata: { name: "cart", namespace: "shop" },
  spec: { replicas, selector: { matchLabels: { app: "cart" } }, template: podTemplate("a:1"), ...spec },
});
const set = (machine: TestMachine) => objectOf(machine.store, "replicasets", "cart", "shop")!;
const told = (machine: TestMachine) =>
  machine.events.map(({ type, reason, message }) => `${type} ${reason}: ${message}`);

/** A pod by what the order looks at. */
const pod = (
  name: string,
  own: Partial<{
    node: string;
    phase: string;
    ready: string | false;
    created: string;
    restarts: number;
    cost: string;
  }> = {},
): Pod => {
  const {
    node = "n1",
    phase = "Running",
    ready = "2026-11-24T08:00:00Z",
    created = "2026-11-24T08:00:00Z",
  } = own;
  return {
    metadata: {
      name,
      uid: name,
      creationTimestamp: created,
      ...(own.cost === undefined
        ? {}
        : { annotations: { "controller.kubernetes.io/pod-deletion-cost": own.cost } }),
    },
    spec: { containers: [], ...(node === "" ? {} : { nodeName: node }) },
    status: {
      phase,
      containerStatuses: [
        { name: "app", restartCount: own.restarts ?? 0, image: "", imageID: "", ready: true },
      ],
      conditions: [
        {
          type: "Ready",
          status: ready === false ? "False" : "True",
          ...(ready === false ? {} : { lastTransitionTime: ready }),
        },
      ],
    },
  };
};

test.each<[string, Pod, Pod]>([
  [
    "unassigned before assigned",
    pod("first", { node: "" }),
    pod("second", { phase: "Pending", ready: false }),
  ],
  ["pending before running", pod("first", { phase: "Pending" }), pod("second", { ready: false })],
  ["not ready before ready", pod("first", { ready: false }), pod("second")],
  ["cheap before dear", pod("first", { cost: "-5", created: "2026-11-20T08:00:00Z" }), pod("second")],
  ["ready for a short time first", pod("first", { ready: "2026-11-24T09:50:00Z" }), pod("second")],
  ["often restarted first", pod("first", { restarts: 3 }), pod("second")],
  ["young before old", pod("first", { created: "2026-11-24T09:59:00Z" }), pod("second")],
])("which pod goes first: %s", (_name, first, second) => {
  for (const given of [
    [first, second],
    [second, first],
  ])
    expect(inDeletionOrder(given, given, start).map(({ metadata }) => metadata?.name)).toEqual([
      "first",
      "second",
    ]);
});

test("pods on a node that others of the workload crowd go first", () => {
  const own = [pod("a", { node: "n1" }), pod("b", { node: "n2" })];
  const order = inDeletionOrder(own, [...own, pod("c", { node: "n2" })], start);
  expect(order.map(({ metadata }) => metadata?.name)).toEqual(["b", "a"]);
});

test("it creates what lacks and deletes what is too much, and says so", async () => {
  const machine = openTestMachine();
  machine.create("replicasets", replicaSet(2));
  await running(machine, async () => {
    await pass(1000);
    expect(pods(machine)).toHaveLength(2);
    expect(set(machine).status).toEqual({
      replicas: 2,
      fullyLabeledReplicas: 2,
      readyReplicas: 2,
      availableReplicas: 2,
      observedGeneration: 1,
    });
    const names = pods(machine).map(({ metadata }) => metadata?.name);
    machine.patch("replicasets", "cart", { spec: { replicas: 0 } });
    await pass(1000);
    expect(pods(machine)).toHaveLength(0);
    expect(told(machine).toSorted()).toEqual(
      [
        ...names.map((name) => `Normal SuccessfulCreate: Created pod: ${name}`),
        ...names.map((name) => `Normal SuccessfulDelete: Deleted pod: ${name}`),
      ].toSorted(),
    );
    expect(set(machine).status).toEqual({ replicas: 0, observedGeneration: 2 });
  });
});

test("a refused pod is told of and tried again, less and less often", async () => {
  const refusal =
    'pods "cart-x" is forbidden: exceeded quota: small, requested: pods=1, used: pods=2, limited: pods=2';
  let isFull = true;
  const machine = openTestMachine((resource) => {
    if (resource === "pods" && isFull) throw forbidden(refusal, "pods", "");
  });
  machine.create("replicasets", replicaSet(5));
  await running(machine, async () => {
    await pass(2000);
    const attempts = machine.events.filter(({ reason }) => reason === "FailedCreate").length;
    expect(told(machine)[0]).toBe(`Warning FailedCreate: Error creating: ${refusal}`);
    // One at a time while it fails, with waits of 5, 10, 20, … milliseconds.
    expect(attempts).toBeGreaterThan(5);
    expect(attempts).toBeLessThan(15);
    expect(condition(set(machine), "ReplicaFailure")).toMatchObject({
      status: "True",
      reason: "FailedCreate",
      message: refusal,
    });
    isFull = false;
    await pass(30_000);
    expect(livePods(machine)).toHaveLength(5);
    expect(condition(set(machine), "ReplicaFailure")).toBeUndefined();
  });
});

test("a matching pod of nobody is adopted, one that matches no longer is let go and replaced", async () => {
  const machine = openTestMachine();
  machine.create("pods", {
    metadata: { name: "stray", namespace: "shop", labels: { app: "cart" } },
    spec: { containers: [{ name: "app", image: "a:1" }] },
  });
  machine.create("replicasets", replicaSet(2));
  await running(machine, async () => {
    await pass(1000);
    expect(pods(machine)).toHaveLength(2);
    const stray = () => objectOf(machine.store, "pods", "stray", "shop")!;
    expect(stray().metadata?.ownerReferences).toMatchObject([
      { kind: "ReplicaSet", name: "cart", controller: true },
    ]);
    machine.patch("pods", "stray", { metadata: { labels: { app: "quarantined" } } });
    await pass(1000);
    expect(stray().metadata?.ownerReferences ?? []).toEqual([]);
    expect(pods(machine)).toHaveLength(3);
    expect(set(machine).status?.replicas).toBe(2);
  });
});

test("with minReadySeconds a pod is available so much later than it is ready", async () => {
  const machine = openTestMachine();
  machine.create("replicasets", replicaSet(1, { minReadySeconds: 10 }));
  await running(machine, async () => {
    await pass(9000);
    expect(set(machine).status).toMatchObject({ readyReplicas: 1 });
    expect(set(machine).status).not.toHaveProperty("availableReplicas");
    await pass(3000);
    expect(set(machine).status).toMatchObject({ availableReplicas: 1 });
  });
});
