import { describe, expect, test } from "vitest";
import { deploymentsPath, send, startWritable, web } from "./clusters.ts";

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
