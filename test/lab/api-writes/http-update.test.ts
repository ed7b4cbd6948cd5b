import { describe, expect, test } from "vitest";
import { deploymentsPath, send, startWritable, web } from "./clusters.ts";

const merge = "application/merge-patch+json";

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
