import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { objectOf } from "../../../lab/controllers/objects.ts";
import { isReady } from "../../../lab/controllers/pod-state.ts";
import { startStatefulSets } from "../../../lab/controllers/stateful-set/start.ts";
import { startPretendKubelet } from "./pretend-kubelet.ts";
import { podTemplate, pods } from "./shop-deployment.ts";
import { openTestMachine, pass, type TestMachine, whileRunning } from "./test-machine.ts";

beforeEach(() => void vi.useFakeTimers({ now: Date.parse("2026-11-24T10:00:00Z") }));
afterEach(() => void vi.useRealTimers());

const kubelet = startPretendKubelet({ readyAfterMs: () => 1000, endsAfterMs: () => 500, bindTo: "node-1" });
const running = (machine: TestMachine, body: () => Promise<void>): Promise<void> =>
  whileRunning(machine, [startStatefulSets, kubelet], body);

const statefulSet = (spec: object = {}): object => ({
  metadata: { name: "db", namespace: "shop" },
  spec: {
    replicas: 3,
    serviceName: "db",
    selector: { matchLabels: { app: "cart" } },
    template: podTemplate("a:1"),
    ...spec,
  },
});
const set = (machine: TestMachine) => objectOf(machine.store, "statefulsets", "db", "shop")!;
const names = (machine: TestMachine) => pods(machine).map(({ metadata }) => metadata?.name);
const images = (machine: TestMachine) =>
  pods(machine).map(({ metadata, spec }) => `${metadata?.name} ${spec?.containers[0]?.image}`);

test("pods come one after the other, each with a name of its own, and go in the reverse order", async () => {
  const machine = openTestMachine();
  machine.create("statefulsets", statefulSet());
  await running(machine, async () => {
    await pass(900);
    expect(names(machine)).toEqual(["db-0"]);
    await pass(1300);
    expect(names(machine)).toEqual(["db-0", "db-1"]);
    await pass(4000);
    expect(names(machine)).toEqual(["db-0", "db-1", "db-2"]);
    expect(pods(machine)[2]?.spec).toMatchObject({ hostname: "db-2", subdomain: "db" });
    expect(pods(machine)[2]?.metadata?.labels).toMatchObject({
      "apps.kubernetes.io/pod-index": "2",
      "statefulset.kubernetes.io/pod-name": "db-2",
      "controller-revision-hash": set(machine).status?.updateRevision,
    });
    expect(set(machine).status).toMatchObject({
      replicas: 3,
      readyReplicas: 3,
      currentReplicas: 3,
      updatedReplicas: 3,
    });
    machine.patch("statefulsets", "db", { spec: { replicas: 1 } });
    await pass(200);
    expect(pods(machine).filter(({ metadata }) => metadata?.deletionTimestamp === undefined)).toHaveLength(2);
    await pass(3000);
    expect(names(machine)).toEqual(["db-0"]);
    expect(machine.events.map(({ message }) => message)).toEqual([
      "create Pod db-0 in StatefulSet db successful",
      "create Pod db-1 in StatefulSet db successful",
      "create Pod db-2 in StatefulSet db successful",
      "delete Pod db-2 in StatefulSet db successful",
      "delete Pod db-1 in StatefulSet db successful",
    ]);
  });
});

test("an update goes from the highest ordinal down, at most one pod away, and not below the partition", async () => {
  const machine = openTestMachine();
  machine.create(
    "statefulsets",
    statefulSet({ updateStrategy: { type: "RollingUpdate", rollingUpdate: { partition: 1 } } }),
  );
  await running(machine, async () => {
    await pass(10_000);
    const first = set(machine).status?.currentRevision;
    const few: number[] = [];
    machine.store.subscribe(() => void few.push(pods(machine).filter(isReady).length));
    machine.patch("statefulsets", "db", { spec: { template: podTemplate("a:2") } });
    await pass(10_000);
    expect(images(machine)).toEqual(["db-0 a:1", "db-1 a:2", "db-2 a:2"]);
    expect(Math.min(...few)).toBe(2);
    expect(set(machine).status).toMatchObject({
      currentRevision: first,
      currentReplicas: 1,
      updatedReplicas: 2,
    });
    machine.patch("statefulsets", "db", {
      spec: { updateStrategy: { type: "RollingUpdate", rollingUpdate: { partition: 0 } } },
    });
    await pass(10_000);
    expect(images(machine)).toEqual(["db-0 a:2", "db-1 a:2", "db-2 a:2"]);
    expect(set(machine).status?.currentRevision).toBe(set(machine).status?.updateRevision);
    expect(set(machine).status?.currentRevision).not.toBe(first);
    machine.patch("statefulsets", "db", { spec: { template: podTemplate("a:1") } });
    await pass(20_000);
    expect(images(machine)).toEqual(["db-0 a:1", "db-1 a:1", "db-2 a:1"]);
    expect(set(machine).status?.currentRevision).toBe(first);
    expect(
      machine.store
        .list("controllerrevisions", "shop")
        .map(({ object }) => object["revision"])
        .toSorted(),
    ).toEqual([2, 3]);
    const revision = machine.store.revision();
    await pass(60_000);
    expect(machine.store.revision()).toBe(revision);
  });
});

test("Parallel waits for nobody", async () => {
  const machine = openTestMachine();
  machine.create("statefulsets", statefulSet({ podManagementPolicy: "Parallel" }));
  await running(machine, async () => {
    await pass(100);
    expect(names(machine)).toEqual(["db-0", "db-1", "db-2"]);
    machine.patch("statefulsets", "db", { spec: { replicas: 0 } });
    await pass(2000);
    expect(names(machine)).toEqual([]);
  });
});
