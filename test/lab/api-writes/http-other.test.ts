import { describe, expect, test } from "vitest";
import { read, readEvents } from "../clusters.ts";
import { addPod, deploymentsPath, send, startWritable, web } from "./clusters.ts";

const podsPath = "/api/v1/namespaces/default/pods";
const merge = "application/merge-patch+json";

describe("scale", () => {
  test("is the replicas of a workload and nothing else", async () => {
    const cluster = await startWritable();
    await send(cluster, "POST", deploymentsPath, web());
    const path = `${deploymentsPath}/web/scale`;
    const scale = JSON.parse((await read(cluster, path)).text) as { metadata: object };
    expect(scale).toMatchObject({
      kind: "Scale",
      apiVersion: "autoscaling/v1",
      spec: { replicas: 2 },
      status: { replicas: 0, selector: "app=web" },
    });
    expect((await send(cluster, "PUT", path, { ...scale, spec: { replicas: 5 } })).body.spec).toEqual({
      replicas: 5,
    });
    expect((await send(cluster, "PUT", path, { ...scale, spec: { replicas: 6 } })).code).toBe(409);
    expect((await send(cluster, "PATCH", path, { spec: { replicas: -1 } }, merge)).code).toBe(422);
    expect((await read(cluster, "/api/v1/namespaces/default/services/web/scale")).code).toBe(404);
  });
});

describe("delete", () => {
  test("answers as the API does: a Status, or a pod on its way", async () => {
    const cluster = await startWritable();
    const { body } = await send(cluster, "POST", deploymentsPath, web());
    expect((await send(cluster, "DELETE", `${deploymentsPath}/web`)).body).toMatchObject({
      kind: "Status",
      status: "Success",
      details: { name: "web", group: "apps", kind: "deployments", uid: body.metadata.uid },
    });
    expect((await send(cluster, "DELETE", `${deploymentsPath}/web`)).code).toBe(404);
    addPod(cluster, "web-a");
    const first = await send(cluster, "DELETE", `${podsPath}/web-a`, { gracePeriodSeconds: 20 });
    expect(first.body.metadata.deletionGracePeriodSeconds).toBe(20);
    const began = Date.parse(first.body.metadata.deletionTimestamp ?? "") - 20_000;
    // A second request may shorten what is left, never lengthen it.
    const longer = await send(cluster, "DELETE", `${podsPath}/web-a?gracePeriodSeconds=60`);
    expect(longer.body.metadata.deletionGracePeriodSeconds).toBe(20);
    const shorter = await send(cluster, "DELETE", `${podsPath}/web-a?gracePeriodSeconds=5`);
    expect(Date.parse(shorter.body.metadata.deletionTimestamp ?? "")).toBe(began + 5000);
    expect((await send(cluster, "DELETE", `${podsPath}/web-a?gracePeriodSeconds=0`)).code).toBe(200);
    expect(cluster.store.list("pods")).toEqual([]);
  });

  test("preconditions of another object are 409", async () => {
    const cluster = await startWritable();
    await send(cluster, "POST", deploymentsPath, web());
    for (const preconditions of [{ uid: "other" }, { resourceVersion: "1" }])
      expect((await send(cluster, "DELETE", `${deploymentsPath}/web`, { preconditions })).code).toBe(409);
    expect((await send(cluster, "DELETE", `${deploymentsPath}/web`, { dryRun: ["All"] })).code).toBe(200);
    expect(cluster.store.list("deployments")).toHaveLength(1);
  });

  test("a collection goes by its selector", async () => {
    const cluster = await startWritable();
    for (const [name, tier] of [
      ["a", "x"],
      ["b", "y"],
      ["c", "x"],
    ] as const)
      cluster.writes.create("configmaps", { metadata: { name, labels: { tier } } });
    const { body } = await send(
      cluster,
      "DELETE",
      "/api/v1/namespaces/default/configmaps?labelSelector=tier%3Dx",
    );
    expect(body).toMatchObject({
      kind: "ConfigMapList",
      items: [{ metadata: { name: "a" } }, { metadata: { name: "c" } }],
    });
    expect(cluster.store.list("configmaps").map((c) => c.name)).toEqual(["b"]);
  });
});

describe("pods", () => {
  test("a binding gives a pod its node, once", async () => {
    const cluster = await startWritable();
    cluster.writes.create("pods", {
      metadata: { name: "p" },
      spec: { containers: [{ name: "a", image: "b" }] },
    });
    const binding = { target: { kind: "Node", name: "worker-1" } };
    expect((await send(cluster, "POST", `${podsPath}/p/binding`, binding)).code).toBe(201);
    expect(cluster.store.get("pods", "p", "default")?.object).toMatchObject({
      spec: { nodeName: "worker-1" },
      status: { conditions: [{ type: "PodScheduled", status: "True" }] },
    });
    expect((await send(cluster, "POST", `${podsPath}/p/binding`, binding)).code).toBe(409);
    const moved = await send(cluster, "PATCH", `${podsPath}/p`, { spec: { nodeName: "worker-2" } }, merge);
    expect(moved.body.message).toContain("pod updates may not change fields other than");
  });

  test("an eviction that the budget forbids is 429 with the reason", async () => {
    const cluster = await startWritable();
    addPod(cluster, "web-a");
    const evict = () => send(cluster, "POST", `${podsPath}/web-a/eviction`, { metadata: { name: "web-a" } });
    cluster.writes.create("poddisruptionbudgets", {
      metadata: { name: "web" },
      spec: { minAvailable: 1, selector: { matchLabels: { app: "web" } } },
    });
    const status = { observedGeneration: 1, disruptionsAllowed: 0, currentHealthy: 1, desiredHealthy: 1 };
    cluster.writes.updateStatus("poddisruptionbudgets", "web", "default", () => status);
    expect((await evict()).body).toMatchObject({
      code: 429,
      reason: "TooManyRequests",
      message: "Cannot evict pod as it would violate the pod's disruption budget.",
      details: {
        causes: [
          {
            reason: "DisruptionBudget",
            message: "The disruption budget web needs 1 healthy pods and has 1 currently",
          },
        ],
      },
    });
    cluster.writes.updateStatus("poddisruptionbudgets", "web", "default", () => ({
      ...status,
      disruptionsAllowed: 1,
    }));
    expect((await evict()).code).toBe(201);
    expect(cluster.store.get("poddisruptionbudgets", "web", "default")?.object["status"]).toMatchObject({
      disruptionsAllowed: 0,
      disruptedPods: { "web-a": expect.any(String) },
    });
    expect(cluster.store.get("pods", "web-a", "default")?.object.metadata?.deletionTimestamp).toBeDefined();
  });

  test("exec is not there", async () => {
    const cluster = await startWritable();
    addPod(cluster, "web-a");
    expect((await send(cluster, "POST", `${podsPath}/web-a/exec?command=ls`)).code).toBe(404);
  });
});

describe("events and leases", () => {
  test("are stored; an Event of either group is one object", async () => {
    const cluster = await startWritable();
    const event = {
      apiVersion: "events.k8s.io/v1",
      kind: "Event",
      metadata: { name: "e" },
      regarding: { kind: "Pod", name: "web-a", namespace: "default" },
      note: "hello",
      reason: "Said",
      type: "Normal",
    };
    expect(
      (await send(cluster, "POST", "/apis/events.k8s.io/v1/namespaces/default/events", event)).code,
    ).toBe(201);
    expect(cluster.store.get("events", "e", "default")?.object).toMatchObject({
      involvedObject: { name: "web-a" },
      message: "hello",
    });
    const lease = { metadata: { name: "leader" }, spec: { holderIdentity: "me", leaseDurationSeconds: 15 } };
    const path = "/apis/coordination.k8s.io/v1/namespaces/kube-system/leases";
    expect((await send(cluster, "POST", path, lease)).code).toBe(201);
  });
});

describe("watch", () => {
  test("sees writes in their order, and where it stands at the end", async () => {
    const cluster = await startWritable();
    const from = cluster.store.revision();
    const path = "/api/v1/namespaces/default/configmaps";
    const watching = readEvents(
      cluster,
      `${path}?watch=1&timeoutSeconds=4&allowWatchBookmarks=true&resourceVersion=${from}`,
    );
    await send(cluster, "POST", path, { metadata: { name: "a" } });
    await send(cluster, "PATCH", `${path}/a`, { data: { x: "1" } }, merge);
    await send(cluster, "PATCH", `${path}/a`, { data: { x: "1" } }, merge);
    await send(cluster, "POST", `${path}?dryRun=All`, { metadata: { name: "b" } });
    await send(cluster, "DELETE", `${path}/a`);
    const events = await watching;
    expect(events.map((e) => e.type)).toEqual(["ADDED", "MODIFIED", "DELETED", "BOOKMARK"]);
    const revisions = events.map((e) => Number(e.object.metadata.resourceVersion));
    expect(revisions).toEqual([from + 1, from + 2, from + 3, from + 3]);
  });
});

test("metrics are served only when somebody measures", async () => {
  expect((await read(await startWritable(), "/apis/metrics.k8s.io/v1beta1")).code).toBe(404);
  const cluster = await startWritable({ podUsage: () => [] });
  const list = JSON.parse((await read(cluster, "/apis/metrics.k8s.io/v1beta1/pods")).text) as object;
  expect(list).toMatchObject({ kind: "PodMetricsList", items: [] });
  expect((await read(cluster, "/apis/metrics.k8s.io/v1beta1/nodes/n")).code).toBe(404);
});

test("what is denied is refused for writes too", async () => {
  const cluster = await startWritable({ denied: [{ resource: "pods", verbs: ["delete"] }] });
  addPod(cluster, "web-a");
  const { code, body } = await send(cluster, "DELETE", `${podsPath}/web-a`);
  expect(code).toBe(403);
  expect(body.message).toContain('cannot delete resource "pods"');
});

test("a listener that writes does not make others hear of its write first", async () => {
  const { store, writes } = await startWritable();
  const heard: string[] = [];
  store.subscribe(({ object, type }) => {
    if (type === "ADDED" && object.name === "first")
      writes.create("configmaps", { metadata: { name: "second" } });
  });
  store.subscribe(({ object }) => heard.push(object.name));
  writes.create("configmaps", { metadata: { name: "first" } });
  expect(heard).toEqual(["first", "second"]);
});
