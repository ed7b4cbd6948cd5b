import { describe, expect, test } from "vitest";
import type { KubeObject } from "../../../lab/api-server/stored-object.ts";
import { deploymentsPath, send, startWritable, web, type WritableCluster } from "./clusters.ts";

const path = `${deploymentsPath}/web`;

function apply(cluster: WritableCluster, manager: string, body: unknown, force = false) {
  const query = `fieldManager=${manager}${force ? "&force=true" : ""}`;
  return send(cluster, "PATCH", `${path}?${query}`, body, "application/apply-patch+yaml");
}

const stored = (cluster: WritableCluster): KubeObject =>
  cluster.store.get("deployments", "web", "default")?.object ?? {};

const managers = (cluster: WritableCluster): string[] =>
  (stored(cluster).metadata?.managedFields ?? []).map((m) => `${m.manager} ${m.operation}`);

const head = { apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "web" } };

describe("server-side apply", () => {
  test("creates, records who set what, and a second time changes nothing", async () => {
    const cluster = await startWritable();
    const first = await apply(cluster, "team", web());
    expect(first.code).toBe(201);
    const [entry] = first.body.metadata.managedFields ?? [];
    expect(entry).toMatchObject({
      manager: "team",
      operation: "Apply",
      apiVersion: "apps/v1",
      fieldsType: "FieldsV1",
    });
    expect(entry?.fieldsV1).toEqual({
      "f:spec": {
        "f:replicas": {},
        "f:selector": {},
        "f:template": {
          "f:metadata": { "f:labels": { "f:app": {} } },
          "f:spec": {
            "f:containers": {
              'k:{"name":"app"}': {
                ".": {},
                "f:name": {},
                "f:image": {},
                "f:ports": {
                  'k:{"containerPort":8080,"protocol":"TCP"}': { ".": {}, "f:containerPort": {} },
                },
              },
            },
          },
        },
      },
    });
    const second = await apply(cluster, "team", web());
    expect(second.code).toBe(200);
    expect(second.body.metadata.resourceVersion).toBe(first.body.metadata.resourceVersion);
  });

  test("conflicts are told with every field and its owner, and change nothing", async () => {
    const cluster = await startWritable();
    await apply(cluster, "team", web());
    const before = cluster.store.revision();
    const refused = await apply(cluster, "robot", {
      ...head,
      spec: { replicas: 5, template: { spec: { containers: [{ name: "app", image: "shop:2" }] } } },
    });
    expect(refused.body).toMatchObject({
      code: 409,
      reason: "Conflict",
      message:
        'Apply failed with 2 conflicts: conflicts with "team":\n- .spec.replicas\n- .spec.template.spec.containers[name="app"].image',
      details: {
        causes: [
          { reason: "FieldManagerConflict", message: 'conflict with "team"', field: ".spec.replicas" },
          { field: '.spec.template.spec.containers[name="app"].image' },
        ],
      },
    });
    expect(cluster.store.revision()).toBe(before);
  });

  test("two who want the same share it: it goes when both have let it go", async () => {
    const cluster = await startWritable();
    const label = { ...head, metadata: { name: "web", labels: { tier: "x" } } };
    await apply(cluster, "team", web());
    await apply(cluster, "a", label);
    await apply(cluster, "b", label);
    await apply(cluster, "a", head);
    expect(stored(cluster).metadata?.labels).toEqual({ tier: "x" });
    await apply(cluster, "b", head);
    expect(stored(cluster).metadata?.labels ?? {}).toEqual({});
    expect(managers(cluster)).toEqual(["team Apply"]);
  });

  test("force takes the field: the former owner's apply conflicts then", async () => {
    const cluster = await startWritable();
    await apply(cluster, "team", web());
    expect((await apply(cluster, "autoscaler", { ...head, spec: { replicas: 7 } }, true)).code).toBe(200);
    expect((await apply(cluster, "team", web())).body.message).toContain(
      'conflict with "autoscaler": .spec.replicas',
    );
    const { replicas: _replicas, ...rest } = web()["spec"] as { replicas: number };
    expect((await apply(cluster, "team", { ...head, spec: rest })).code).toBe(200);
    expect(stored(cluster)["spec"]).toMatchObject({ replicas: 7 });
  });

  test("a container that the manager no longer wants goes whole, others stay", async () => {
    const cluster = await startWritable();
    const side = { name: "side", image: "side:1" };
    const both = web();
    const spec = both["spec"] as { template: { spec: { containers: object[] } } };
    spec.template.spec.containers.push(side);
    await apply(cluster, "team", both);
    await apply(cluster, "mesh", {
      ...head,
      spec: { template: { spec: { containers: [{ name: "proxy", image: "proxy:1" }] } } },
    });
    await apply(cluster, "team", web());
    const after = stored(cluster)["spec"] as typeof spec;
    expect(after.template.spec.containers.map((c) => (c as { name: string }).name)).toEqual(["app", "proxy"]);
  });

  test("an update by another takes ownership; what a plain update changed, apply may not", async () => {
    const cluster = await startWritable();
    await apply(cluster, "team", web());
    await send(cluster, "PATCH", path, { spec: { replicas: 9 } }, "application/merge-patch+json");
    expect(managers(cluster)).toEqual(["team Apply", "tester Update"]);
    expect((await apply(cluster, "team", web())).body.message).toMatch(
      /^Apply failed with 1 conflict: conflict with "tester" using apps\/v1 at \d{4}-.*Z: \.spec\.replicas$/,
    );
  });

  test("an object that nobody kept account of belongs to before-first-apply", async () => {
    const cluster = await startWritable();
    cluster.writes.create("deployments", web());
    expect((await apply(cluster, "team", web())).code).toBe(200);
    expect((await apply(cluster, "team", web({ replicas: 3 }))).body.message).toContain(
      'conflict with "before-first-apply" using apps/v1: .spec.replicas',
    );
  });

  test.each([
    ["no manager", `${path}?`, web(), 422, "fieldManager: Required value: is required for apply patch"],
    [
      "managedFields",
      `${path}?fieldManager=a`,
      { ...web(), metadata: { name: "web", managedFields: [{ manager: "x" }] } },
      400,
      "metadata.managedFields must be nil",
    ],
    [
      "an unknown field",
      `${path}?fieldManager=a`,
      web({ x: 1 }),
      500,
      ".spec.x: field not declared in schema",
    ],
    [
      "another name",
      `${path}?fieldManager=a`,
      { ...web(), metadata: { name: "other" } },
      400,
      "does not match the name on the URL",
    ],
  ])("%s is refused", async (_, at, body, code, message) => {
    const cluster = await startWritable();
    cluster.writes.create("deployments", web());
    const answer = await send(cluster, "PATCH", at, body, "application/apply-patch+yaml");
    expect(answer.code).toBe(code);
    expect(answer.body.message).toContain(message);
  });
});
