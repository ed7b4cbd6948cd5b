import { describe, expect, test } from "vitest";
import { read, readEvents } from "../clusters.ts";
import { addPod, deploymentsPath, send, startWritable, web } from "./clusters.ts";

const podsPath = "/api/v1/namespaces/default/pods";
const merge = "application/merge-patch+json";

describe("create", () => {
  test("gives uid, times, generation and resourceVersion; 201", async () => {
    const cluster = await startWritable();
    const { code, body } = await send(cluster, "POST", deploymentsPath, web());
    expect(code).toBe(201);
    expect(body).toMatchObject({
      kind: "Deployment",
      apiVersion: "apps/v1",
      metadata: {
        namespace: "default",
        generation: 1,
        uid: expect.stringMatching(/^[0-9a-f-]{36}$/),
        creationTimestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
        managedFields: [{ manager: "tester", operation: "Update" }],
      },
    });
    expect(Number(body.metadata.resourceVersion)).toBe(cluster.store.revision());
  });

  test("generateName gives every object a name of its own", async () => {
    const cluster = await startWritable();
    const body = { metadata: { generateName: "job-" }, data: {} };
    const made = await Promise.all(
      [1, 2, 3].map(() => send(cluster, "POST", "/api/v1/namespaces/default/configmaps", body)),
    );
    const names = made.map((m) => m.body.metadata.name ?? "");
    expect(new Set(names).size).toBe(3);
    for (const name of names) expect(name).toMatch(/^job-[a-z0-9]{5}$/);
  });

  test.each([
    [
      "a namespace that is not there",
      "/api/v1/namespaces/nowhere/configmaps",
      { metadata: { name: "a" } },
      404,
      'namespaces "nowhere" not found',
    ],
    [
      "another namespace in the body",
      "/api/v1/namespaces/default/configmaps",
      { metadata: { name: "a", namespace: "kube-system" } },
      400,
      "does not match the namespace sent on the request",
    ],
    [
      "another kind",
      "/api/v1/namespaces/default/configmaps",
      { kind: "Secret", metadata: { name: "a" } },
      400,
      "cannot be handled as a ConfigMap",
    ],
    [
      "another version",
      deploymentsPath,
      { ...web(), apiVersion: "apps/v1beta1" },
      400,
      "does not match the expected API version (apps/v1)",
    ],
    [
      "a resourceVersion",
      "/api/v1/namespaces/default/configmaps",
      { metadata: { name: "a", resourceVersion: "1" } },
      400,
      "resourceVersion should not be set",
    ],
    [
      "no name",
      "/api/v1/namespaces/default/configmaps",
      { metadata: {} },
      422,
      "name or generateName is required",
    ],
    [
      "a name that is none",
      "/api/v1/namespaces/default/configmaps",
      { metadata: { name: "A_b" } },
      422,
      'metadata.name: Invalid value: "A_b": a lowercase RFC 1123 subdomain',
    ],
    [
      "a wrong type",
      deploymentsPath,
      web({ replicas: "three" }),
      400,
      "cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32",
    ],
    ["no object", "/api/v1/namespaces/default/configmaps", [1], 400, "must be of type object"],
    ["no JSON", "/api/v1/namespaces/default/configmaps", "{", 400, "error decoding"],
  ])("with %s is refused and writes nothing", async (_, path, body, code, message) => {
    const cluster = await startWritable();
    const before = cluster.store.revision();
    const answer = await send(cluster, "POST", path, body);
    expect(answer.code).toBe(code);
    expect(answer.body.message).toContain(message);
    expect(cluster.store.revision()).toBe(before);
  });

  test("a body of an unknown type is 415; YAML is understood", async () => {
    const cluster = await startWritable();
    const path = "/api/v1/namespaces/default/configmaps";
    expect((await send(cluster, "POST", path, "a", "text/plain")).code).toBe(415);
    const yaml = "metadata:\n  name: y\ndata:\n  a: b\n";
    expect((await send(cluster, "POST", path, yaml, "application/yaml")).code).toBe(201);
  });

  test("protobuf that is cut or none is 400", async () => {
    const cluster = await startWritable();
    for (const body of ["", "k8s", "k8s\0", "k8s\0\n\u0002", "{}"])
      expect((await send(cluster, "POST", podsPath, body, "application/vnd.kubernetes.protobuf")).code).toBe(
        400,
      );
  });
});

describe("unknown fields", () => {
  const body = web({ replicaz: 1 });
  test("are dropped with a Warning by default", async () => {
    const cluster = await startWritable();
    const { code, warning, body: made } = await send(cluster, "POST", deploymentsPath, body);
    expect(code).toBe(201);
    expect(warning).toBe('299 - "unknown field \\"spec.replicaz\\""');
    expect(made.spec).not.toHaveProperty("replicaz");
  });

  test("are refused by strict validation, and passed over in silence by none", async () => {
    const cluster = await startWritable();
    const strict = await send(cluster, "POST", `${deploymentsPath}?fieldValidation=Strict`, body);
    expect(strict.code).toBe(400);
    expect(strict.body.message).toBe('strict decoding error: unknown field "spec.replicaz"');
    const ignored = await send(cluster, "POST", `${deploymentsPath}?fieldValidation=Ignore`, body);
    expect([ignored.code, ignored.warning]).toEqual([201, null]);
    const patched = await send(
      cluster,
      "PATCH",
      `${deploymentsPath}/web?fieldValidation=Strict`,
      { spec: { x: 1 } },
      merge,
    );
    expect(patched.code).toBe(422);
    expect((await send(cluster, "POST", `${deploymentsPath}?fieldValidation=Hard`, body)).code).toBe(422);
  });
});

describe("update", () => {
  test("a stale resourceVersion is 409, none at all is last writer wins", async () => {
    const cluster = await startWritable();
    const { body: first } = await send(cluster, "POST", deploymentsPath, web());
    const path = `${deploymentsPath}/web`;
    const second = await send(cluster, "PUT", path, { ...first, spec: { ...first.spec, replicas: 3 } });
    expect(second.code).toBe(200);
    expect(second.body.metadata.generation).toBe(2);
    const stale = await send(cluster, "PUT", path, { ...first, spec: { ...first.spec, replicas: 4 } });
    expect(stale.body).toMatchObject({
      code: 409,
      reason: "Conflict",
      message:
        'Operation cannot be fulfilled on deployments.apps "web": the object has been modified; please apply your changes to the latest version and try again',
    });
    expect((await send(cluster, "PUT", path, web({ replicas: 5 }))).body.spec["replicas"]).toBe(5);
  });

  test("an update that changes nothing keeps the resourceVersion", async () => {
    const cluster = await startWritable();
    const { body } = await send(cluster, "POST", deploymentsPath, web());
    const again = await send(cluster, "PUT", `${deploymentsPath}/web`, body);
    expect(again.body.metadata.resourceVersion).toBe(body.metadata.resourceVersion);
  });

  test("spec and status are written at their own paths", async () => {
    const cluster = await startWritable();
    const { body } = await send(cluster, "POST", deploymentsPath, { ...web(), status: { replicas: 9 } });
    expect(body).not.toHaveProperty("status");
    const path = `${deploymentsPath}/web`;
    const both = { spec: { replicas: 7 }, status: { replicas: 2 } };
    const main = await send(cluster, "PATCH", path, both, merge);
    expect(main.body).toMatchObject({ spec: { replicas: 7 }, metadata: { generation: 2 } });
    expect(main.body).not.toHaveProperty("status");
    const status = await send(cluster, "PATCH", `${path}/status`, { ...both, spec: { replicas: 1 } }, merge);
    expect(status.body).toMatchObject({
      spec: { replicas: 7 },
      status: { replicas: 2 },
      metadata: { generation: 2 },
    });
    expect((await send(cluster, "PUT", "/api/v1/namespaces/default/configmaps/a/status", {})).code).toBe(404);
  });

  test("uid, name and creation are the server's", async () => {
    const cluster = await startWritable();
    const { body } = await send(cluster, "POST", deploymentsPath, web());
    const path = `${deploymentsPath}/web`;
    const other = { ...body, metadata: { ...body.metadata, uid: "other" } };
    expect((await send(cluster, "PUT", path, other)).code).toBe(409);
    expect((await send(cluster, "PUT", path, { ...body, metadata: { name: "w2" } })).code).toBe(400);
    const meta = {
      creationTimestamp: "2001-01-01T00:00:00Z",
      generation: 99,
      deletionTimestamp: "2001-01-01T00:00:00Z",
    };
    const { body: kept } = await send(cluster, "PATCH", path, { metadata: meta }, merge);
    expect(kept.metadata).toEqual(body.metadata);
  });
});

describe("patch", () => {
  test("a JSON patch whose test fails changes nothing", async () => {
    const cluster = await startWritable();
    await send(cluster, "POST", deploymentsPath, web());
    const json = "application/json-patch+json";
    const path = `${deploymentsPath}/web`;
    const patch = [
      { op: "replace", path: "/spec/replicas", value: 3 },
      { op: "test", path: "/spec/paused", value: true },
    ];
    expect((await send(cluster, "PATCH", path, patch, json)).code).toBe(422);
    expect((await send(cluster, "PATCH", path, { op: "add" }, json)).code).toBe(400);
    expect((await send(cluster, "PATCH", path, [{ op: "add" }], json)).code).toBe(422);
    expect(cluster.store.get("deployments", "web", "default")?.object["spec"]).toMatchObject({ replicas: 2 });
  });

  test("no patch type, or strategic for a kind without a schema, is 415", async () => {
    const cluster = await startWritable();
    await send(cluster, "POST", deploymentsPath, web());
    expect((await send(cluster, "PATCH", `${deploymentsPath}/web`, {})).code).toBe(415);
    cluster.writes.create("rollouts", { metadata: { name: "r" }, spec: { replicas: 1 } });
    const path = "/apis/argoproj.io/v1alpha1/namespaces/default/rollouts/r";
    const strategic = await send(cluster, "PATCH", path, {}, "application/strategic-merge-patch+json");
    expect(strategic.code).toBe(415);
    const merged = await send(cluster, "PATCH", path, { spec: { anything: [1] } }, merge);
    expect(merged.body).toMatchObject({ spec: { replicas: 1, anything: [1] }, metadata: { generation: 2 } });
  });
});

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
      `${path}?watch=1&timeoutSeconds=1&allowWatchBookmarks=true&resourceVersion=${from}`,
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
