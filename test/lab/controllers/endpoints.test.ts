import type { Pod } from "kubernetes-types/core/v1";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { startEndpoints } from "../../../lab/controllers/endpoints/start.ts";
import { listOf, objectOf } from "../../../lab/controllers/objects.ts";
import { openTestMachine, pass, type TestMachine, whileRunning } from "./test-machine.ts";

beforeEach(() => void vi.useFakeTimers({ now: Date.parse("2026-11-24T10:00:00Z") }));
afterEach(() => void vi.useRealTimers());

const running = (machine: TestMachine, body: () => Promise<void>, delayMs = 10): Promise<void> =>
  whileRunning(machine, [(m) => startEndpoints(m, { endpointDelayMs: () => delayMs })], body);

const service = (spec: object = {}): object => ({
  metadata: { name: "cart", namespace: "shop", labels: { team: "buy" } },
  spec: {
    clusterIP: "10.96.3.4",
    selector: { app: "cart" },
    ports: [{ name: "http", port: 80, targetPort: "web", protocol: "TCP" }],
    ...spec,
  },
});

interface PodOptions {
  readonly ready?: boolean;
  readonly ports?: readonly object[];
  readonly labels?: Record<string, string>;
}

const web = [{ name: "web", containerPort: 8080, protocol: "TCP" }];

const pod = (
  index: number,
  { ready = true, ports = web, labels = { app: "cart" } }: PodOptions = {},
): object => ({
  metadata: { name: `cart-${index}`, namespace: "shop", labels },
  spec: { nodeName: "node-1", containers: [{ name: "app", image: "lab/node-server:1", ports }] },
  status: {
    phase: "Running",
    podIP: `10.42.1.${index}`,
    podIPs: [{ ip: `10.42.1.${index}` }],
    conditions: [{ type: "Ready", status: ready ? "True" : "False" }],
  },
});

const slices = (machine: TestMachine) => listOf(machine.store, "endpointslices", "shop");
const subsets = (machine: TestMachine) => objectOf(machine.store, "endpoints", "cart", "shop")?.subsets;
const endpoints = (machine: TestMachine) => slices(machine).flatMap((slice) => slice.endpoints);
const setReady = (machine: TestMachine, name: string, status: "True" | "False"): void =>
  machine.setStatus("pods", name, { conditions: [{ type: "Ready", status }] });

test("a pod is an endpoint with its port, node, zone and conditions; the slice says whose it is", async () => {
  const machine = openTestMachine();
  machine.create("nodes", {
    metadata: { name: "node-1", labels: { "topology.kubernetes.io/zone": "lab-a" } },
  });
  machine.create("services", service());
  machine.create("pods", pod(1));
  machine.create("pods", pod(2, { ready: false }));
  machine.create("pods", pod(3, { labels: { app: "other" } }));
  await running(machine, async () => {
    await pass(100);
    const [slice] = slices(machine);
    expect(slices(machine)).toHaveLength(1);
    expect(slice?.metadata?.name).toMatch(/^cart-[a-z2-9]{5}$/);
    expect(slice?.metadata?.labels).toEqual({
      team: "buy",
      "kubernetes.io/service-name": "cart",
      "endpointslice.kubernetes.io/managed-by": "endpointslice-controller.k8s.io",
    });
    expect(slice?.metadata?.ownerReferences?.[0]).toMatchObject({ kind: "Service", name: "cart" });
    expect(slice?.ports).toEqual([{ name: "http", port: 8080, protocol: "TCP" }]);
    expect(slice?.endpoints).toEqual([
      {
        addresses: ["10.42.1.1"],
        conditions: { ready: true, serving: true, terminating: false },
        targetRef: {
          kind: "Pod",
          namespace: "shop",
          name: "cart-1",
          uid: expect.stringMatching(/^[0-9a-f-]{36}$/),
        },
        nodeName: "node-1",
        zone: "lab-a",
      },
      expect.objectContaining({
        addresses: ["10.42.1.2"],
        conditions: { ready: false, serving: false, terminating: false },
      }),
    ]);
    expect(subsets(machine)).toMatchObject([
      { addresses: [{ ip: "10.42.1.1" }], notReadyAddresses: [{ ip: "10.42.1.2" }], ports: [{ port: 8080 }] },
    ]);
  });
});

test("a terminating pod goes on serving while it is Ready, and is gone from Endpoints at once", async () => {
  const machine = openTestMachine();
  machine.create("services", service());
  machine.create("pods", pod(1));
  await running(machine, async () => {
    await pass(100);
    machine.writes.remove("pods", "cart-1", "shop");
    await pass(100);
    expect(endpoints(machine)[0]?.conditions).toEqual({ ready: false, serving: true, terminating: true });
    expect(subsets(machine)).toBeUndefined();
    setReady(machine, "cart-1", "False");
    await pass(100);
    expect(endpoints(machine)[0]?.conditions).toEqual({ ready: false, serving: false, terminating: true });
    machine.writes.remove("pods", "cart-1", "shop", { gracePeriodSeconds: 0 });
    await pass(100);
    expect(slices(machine)).toHaveLength(1);
    expect(endpoints(machine)).toEqual([]);
  });
});

test("publishNotReadyAddresses makes every pod ready, terminating ones too", async () => {
  const machine = openTestMachine();
  machine.create("services", service({ publishNotReadyAddresses: true }));
  machine.create("pods", pod(1, { ready: false }));
  await running(machine, async () => {
    await pass(100);
    expect(endpoints(machine)[0]?.conditions).toEqual({ ready: true, serving: false, terminating: false });
    machine.writes.remove("pods", "cart-1", "shop");
    await pass(100);
    expect(endpoints(machine)[0]?.conditions).toEqual({ ready: true, serving: false, terminating: true });
    expect(subsets(machine)?.[0]?.addresses?.[0]?.ip).toBe("10.42.1.1");
  });
});

test("a named port is looked up in each pod: other numbers are other slices, no such name is no port", async () => {
  const machine = openTestMachine();
  machine.create("services", service());
  machine.create("pods", pod(1));
  machine.create("pods", pod(2, { ports: [{ name: "web", containerPort: 9090 }] }));
  machine.create("pods", pod(3, { ports: [{ name: "grpc", containerPort: 9000 }] }));
  await running(machine, async () => {
    await pass(100);
    const byPort = slices(machine).map(({ ports, endpoints }) => [
      ports?.map(({ port }) => port),
      endpoints.map(({ addresses }) => addresses[0]),
    ]);
    expect(byPort.toSorted((a, b) => (String(a) < String(b) ? -1 : 1))).toEqual([
      [[], ["10.42.1.3"]],
      [[8080], ["10.42.1.1"]],
      [[9090], ["10.42.1.2"]],
    ]);
    expect(subsets(machine)?.map(({ ports }) => ports?.[0]?.port)).toEqual([8080, 9090]);
  });
});

test("a number is taken as it is, whether or not a container has it", async () => {
  const machine = openTestMachine();
  machine.create("services", service({ ports: [{ port: 80, targetPort: 8081, protocol: "TCP" }] }));
  machine.create("pods", pod(1));
  await running(machine, async () => {
    await pass(100);
    expect(slices(machine)[0]?.ports).toEqual([{ name: "", port: 8081, protocol: "TCP" }]);
  });
});

test("slices hold a hundred endpoints, and an endpoint stays in its slice", async () => {
  const machine = openTestMachine();
  machine.create("services", service());
  for (let i = 1; i <= 205; i += 1) machine.create("pods", pod(i));
  await running(machine, async () => {
    await pass(100);
    const sizes = slices(machine).map(({ endpoints }) => endpoints.length);
    expect(sizes.toSorted((a, b) => a - b)).toEqual([5, 100, 100]);
    const before = new Map(
      slices(machine).flatMap((s) => s.endpoints.map((e) => [e.targetRef?.name, s.metadata?.name])),
    );
    machine.writes.remove("pods", "cart-7", "shop", { gracePeriodSeconds: 0 });
    machine.create("pods", pod(230));
    await pass(100);
    expect(endpoints(machine)).toHaveLength(205);
    for (const slice of slices(machine)) expect(slice.endpoints.length).toBeLessThanOrEqual(100);
    const moved = slices(machine).flatMap((slice) =>
      slice.endpoints.filter(({ targetRef }) => before.get(targetRef?.name) !== slice.metadata?.name),
    );
    expect(moved.map(({ targetRef }) => targetRef?.name)).toEqual(["cart-230"]);
  });
});

test("a change is told after the delay, neither before nor much after, also when others came in between", async () => {
  const machine = openTestMachine();
  machine.create("services", service());
  machine.create("pods", pod(1));
  machine.create("pods", pod(2));
  await running(
    machine,
    async () => {
      await pass(20_000);
      setReady(machine, "cart-1", "False");
      await pass(7999);
      expect(endpoints(machine).map(({ conditions }) => conditions?.ready)).toEqual([true, true]);
      await pass(2);
      expect(endpoints(machine).map(({ conditions }) => conditions?.ready)).toEqual([false, true]);
      await pass(3000);
      setReady(machine, "cart-2", "False");
      await pass(7999);
      expect(endpoints(machine)[1]?.conditions?.ready).toBe(true);
      await pass(2);
      expect(endpoints(machine)[1]?.conditions?.ready).toBe(false);
    },
    8000,
  );
});

test("a Service whose selector matches nothing has an empty slice; without a selector none is made", async () => {
  const machine = openTestMachine();
  machine.create("services", service({ selector: { app: "kart" } }));
  machine.create("services", {
    metadata: { name: "db", namespace: "shop" },
    spec: { ports: [{ port: 5432 }] },
  });
  machine.create("pods", pod(1));
  await running(machine, async () => {
    await pass(100);
    expect(
      slices(machine).map(({ metadata, endpoints }) => [
        metadata?.labels?.["kubernetes.io/service-name"],
        endpoints,
      ]),
    ).toEqual([["cart", []]]);
    machine.patch("services", "cart", { spec: { selector: { app: "cart" } } });
    await pass(100);
    expect(endpoints(machine)).toHaveLength(1);
    expect(slices(machine)).toHaveLength(1);
  });
});

test("a slice that somebody deletes or changes is put right", async () => {
  const machine = openTestMachine();
  machine.create("services", service());
  machine.create("pods", pod(1));
  await running(machine, async () => {
    await pass(100);
    const name = slices(machine)[0]?.metadata?.name ?? "";
    machine.patch("endpointslices", name, { endpoints: [] });
    await pass(100);
    expect(endpoints(machine)).toHaveLength(1);
    machine.writes.remove("endpointslices", name, "shop");
    await pass(100);
    expect(endpoints(machine)).toHaveLength(1);
    const revision = machine.store.revision();
    await pass(60_000);
    expect(machine.store.revision()).toBe(revision);
    const own: Pod[] = listOf(machine.store, "pods", "shop");
    expect(own).toHaveLength(1);
  });
});
