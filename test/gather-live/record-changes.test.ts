import { setTimeout as sleep } from "node:timers/promises";
import type { Pod } from "kubernetes-types/core/v1";
import type { EndpointSlice } from "kubernetes-types/discovery/v1";
import { afterEach, describe, expect, test } from "vitest";
import type { KubeObject } from "../../lab/api-server/stored-object.ts";
import { type ServedCluster, type ServeOptions, serveCluster } from "../../lab/api-server/serve.ts";
import { observe } from "../../src/derive/observe.ts";
import { recordedPods } from "../../src/derive/recorded-pods.ts";
import { resolveRoutes } from "../../src/derive/routes.ts";
import { type ChangeRecord, changesOf } from "../../src/evidence/change-record.ts";
import { connect } from "../../src/gather/cluster/connection.ts";
import { type Recording, recordChanges, type RecordOptions } from "../../src/gather/watch/record-changes.ts";
import { watchScope } from "../../src/gather/watch/watch-scope.ts";
import { parseTarget } from "../../src/target/target.ts";
import { cartPods, pod, shopCluster, slice } from "./shop.ts";

const cart = { app: "cart", "pod-template-hash": "5d9c7b" };
const open: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

async function recording(
  serve: ServeOptions = {},
  options: RecordOptions = {},
): Promise<{ readonly cluster: ServedCluster; readonly live: Recording }> {
  const evidence = shopCluster();
  const cluster = await serveCluster(evidence, { nowMs: Date.now, ...serve });
  open.push(() => cluster.close());
  const connection = await connect({ kubeconfig: cluster.kubeconfigPath });
  const [route] = resolveRoutes(evidence, parseTarget("shop.example.com/cart")).routes;
  const live = await recordChanges(connection, watchScope(observe(evidence, route!)), options);
  open.push(async () => {
    await live.stop();
    connection.agent.destroy();
  });
  return { cluster, live };
}

/** Waits until the record has what is looked for. */
async function until(live: Recording, has: (record: ChangeRecord) => boolean): Promise<ChangeRecord> {
  for (let i = 0; i < 400 && !has(live.record()); i++) await sleep(20);
  return live.record();
}

const cartPod = (name: string, ready = true): Pod => {
  const made = pod({ namespace: "shop", name, labels: cart, ready });
  return { ...made, status: { ...made.status, podIP: "10.0.0.77" } };
};

const dying = (from: Pod, atMs: number): Pod => ({
  ...from,
  metadata: {
    ...from.metadata,
    deletionTimestamp: new Date(atMs + 30_000).toISOString(),
    deletionGracePeriodSeconds: 30,
  },
});

const put = (cluster: ServedCluster, resource: "pods" | "endpointslices" | "events", object: unknown): void =>
  void cluster.store.put(resource, object as KubeObject);

const told = (id: string, about: string): object => ({
  metadata: { namespace: "shop", name: id, uid: id },
  reason: "Unhealthy",
  message: "Readiness probe failed",
  involvedObject: { kind: "Pod", namespace: "shop", name: about },
});

const types = (record: ChangeRecord, resource: "pods" | "endpointslices"): string[] =>
  changesOf(record, resource).map(({ type, object }) => `${type} ${object.metadata?.name}`);

describe("what surrounds a route, by watch", () => {
  test("a pod's life is seen from its creation to its end, with times of its own", async () => {
    const { cluster, live } = await recording();
    const name = "cart-5d9c7b-ccccc";
    const beganMs = Date.now();
    put(cluster, "pods", cartPod(name, false));
    put(cluster, "pods", cartPod(name));
    const both = slice("shop", "cart", [...cartPods, name]) as EndpointSlice;
    both.endpoints![2]!.targetRef!.uid = `uid-shop-${name}`;
    put(cluster, "endpointslices", both);
    put(cluster, "pods", dying(cartPod(name), beganMs));
    both.endpoints![2]!.conditions = { ready: false, serving: true, terminating: true };
    put(cluster, "endpointslices", both);
    cluster.store.remove("pods", name, "shop");
    const record = await until(live, (r) => types(r, "pods").includes(`deleted ${name}`));
    expect(types(record, "pods")).toEqual([
      ...cartPods.map((each) => `listed ${each}`),
      `added ${name}`,
      `modified ${name}`,
      `modified ${name}`,
      `deleted ${name}`,
    ]);
    const one = recordedPods(record).find(({ ref }) => ref.name === name);
    expect(one).toMatchObject({ isNew: true, ips: ["10.0.0.77"], templateHash: "5d9c7b" });
    expect(one?.timeline.map((m) => m.kind)).toEqual(
      expect.arrayContaining(["created", "ready", "delete-called", "deleted"]),
    );
    for (const ms of [one?.deletedMs, one?.removedMs, one?.withdrawnMs]) {
      expect(ms).toBeGreaterThanOrEqual(beganMs - 5);
      expect(ms).toBeLessThanOrEqual(Date.now());
    }
    expect(record.watched.every(({ reason }) => reason === undefined)).toBe(true);
  });

  test("a heartbeat is no change, and pods of others are not watched", async () => {
    const { cluster, live } = await recording();
    const [name] = cartPods;
    const beating = cluster.store.get("pods", name, "shop")!.object as Pod;
    put(cluster, "pods", { ...beating, metadata: { ...beating.metadata, annotations: { beat: "1" } } });
    put(cluster, "pods", pod({ namespace: "shop", name: "orders-1", labels: { app: "orders" } }));
    put(cluster, "pods", cartPod("cart-5d9c7b-ddddd"));
    const record = await until(live, (r) => types(r, "pods").length > 2);
    expect(types(record, "pods").slice(2)).toEqual(["added cart-5d9c7b-ddddd"]);
  });

  test("of the namespace's events those about the route's objects are kept, and none from before", async () => {
    const { cluster, live } = await recording();
    put(cluster, "events", told("e1", "orders-1"));
    put(cluster, "events", told("e2", cartPods[0]));
    const record = await until(live, (r) => changesOf(r, "events").length > 0);
    expect(changesOf(record, "events").map(({ object }) => object.metadata?.name)).toEqual(["e2"]);
  });

  test("after 410 the list is read anew, and what went meanwhile is deleted", async () => {
    const { cluster, live } = await recording({
      faults: [
        { match: { resource: "pods", verb: "watch", nth: 1 }, answer: 410 },
        { match: { resource: "pods", verb: "list", nth: 2 }, answer: { delayMs: 700 } },
      ],
    });
    cluster.store.remove("pods", cartPods[0], "shop");
    put(cluster, "pods", cartPod("cart-5d9c7b-eeeee"));
    const record = await until(live, (r) => types(r, "pods").length >= 4);
    expect(types(record, "pods").slice(2).toSorted()).toEqual([
      "added cart-5d9c7b-eeeee",
      `deleted ${cartPods[0]}`,
    ]);
    expect(record.watched.find(({ resource }) => resource === "pods")?.gaps).toHaveLength(1);
  });

  test.each(["reset", "cut", 500, 401] as const)(
    "a watch that ends with %s is taken up where it was",
    async (answer) => {
      const { cluster, live } = await recording({
        faults: [{ match: { resource: "pods", verb: "watch", nth: 1 }, answer }],
      });
      put(cluster, "pods", cartPod("cart-5d9c7b-fffff"));
      const record = await until(live, (r) => types(r, "pods").length > 2);
      expect(types(record, "pods").slice(2)).toEqual(["added cart-5d9c7b-fffff"]);
      const lists = cluster.requests.filter((r) => r.resource === "pods" && r.verb === "list");
      expect(lists).toHaveLength(1);
    },
  );

  test.each(["watch", "list"])("who may not %s pods is told so, and the rest is watched", async (verb) => {
    const { cluster, live } = await recording({ denied: [{ verbs: [verb], resource: "pods" }] });
    put(cluster, "endpointslices", slice("shop", "cart", [cartPods[0]]));
    const record = await until(live, (r) => types(r, "endpointslices").length > 1);
    expect(types(record, "endpointslices")).toHaveLength(2);
    const pods = record.watched.find(({ resource }) => resource === "pods");
    expect(pods?.reason).toBe(`forbidden: why5xx cannot ${verb} pods in namespace shop`);
  });

  test("memory is bounded: what is old gives way, and how things are stays known", async () => {
    const { cluster, live } = await recording({}, { maxBytes: 9000 });
    const name = "cart-5d9c7b-ccccc";
    put(cluster, "pods", cartPod(name, false));
    const flapping = cluster.store.get("pods", cartPods[0], "shop")!.object as Pod;
    for (let i = 0; i < 15; i++) {
      put(cluster, "pods", cartPod(name, i % 2 === 0));
      const conditions = [{ type: "Ready", status: i % 2 === 0 ? "True" : "False" }];
      put(cluster, "pods", { ...flapping, status: { ...flapping.status, conditions } });
    }
    put(cluster, "pods", cartPod(name));
    const record = await until(live, (r) => r.changes.length + r.dropped >= 35);
    const pods = changesOf(record, "pods");
    expect(JSON.stringify(record.changes.map((c) => c.object)).length).toBeLessThan(9100);
    expect(record.dropped).toBeGreaterThan(10);
    const begin = pods.filter(({ object }) => object.metadata?.name === cartPods[0]);
    expect(begin.length).toBeGreaterThan(1);
    expect(begin.map(({ type }) => type)).toEqual(["listed", ...begin.slice(1).map(() => "modified")]);
    expect(recordedPods(record).map(({ ref, ready, isNew }) => [ref.name, ready, isNew])).toEqual([
      [cartPods[0], true, false],
      [cartPods[1], false, false],
      [name, true, true],
    ]);
  });

  test("stopping ends every connection, and asks nothing but GET", async () => {
    const { cluster, live } = await recording();
    await live.stop();
    const before = cluster.requests.length;
    await sleep(700);
    expect(cluster.requests).toHaveLength(before);
    expect(new Set(cluster.requests.map((r) => r.method))).toEqual(new Set(["GET"]));
  });
});
