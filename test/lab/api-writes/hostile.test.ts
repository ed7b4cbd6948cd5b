import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { deploymentsPath, send, startWritable, web } from "./clusters.ts";

const anything = fc.anything({
  maxDepth: 4,
  values: [
    fc.string(),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
  ],
  withNullPrototype: false,
});
const field = fc.constantFrom(
  "metadata",
  "spec",
  "status",
  "template",
  "containers",
  "labels",
  "name",
  "ports",
  "selector",
  "finalizers",
  "ownerReferences",
  "$patch",
  "$retainKeys",
  "$setElementOrder/containers",
);

/** Bodies that look like objects and hold anything. */
const bodies = fc.dictionary(
  field,
  fc.oneof(
    anything,
    fc.dictionary(field, fc.oneof(anything, fc.array(fc.dictionary(field, anything)))),
    fc.dictionary(field, fc.dictionary(field, anything)),
  ),
);

const paths = fc.constantFrom(
  `${deploymentsPath}/web`,
  `${deploymentsPath}/web/status`,
  `${deploymentsPath}/web/scale`,
  "/apis/argoproj.io/v1alpha1/namespaces/default/rollouts/r",
  "/api/v1/namespaces/default/pods/p",
  "/api/v1/namespaces/default/pods/p/eviction",
  "/api/v1/namespaces/default/pods/p/binding",
  "/api/v1/namespaces/default/services/s",
);
const types = fc.constantFrom(
  "application/json",
  "application/json-patch+json",
  "application/merge-patch+json",
  "application/strategic-merge-patch+json",
  "application/apply-patch+yaml",
);

describe("whatever is sent", () => {
  test("no body makes the server fail or stop", async () => {
    const cluster = await startWritable();
    const { writes } = cluster;
    writes.create("deployments", web());
    writes.create("rollouts", { metadata: { name: "r" }, spec: {} });
    writes.create("services", { metadata: { name: "s" }, spec: { ports: [{ port: 80 }] } });
    writes.create("pods", { metadata: { name: "p" }, spec: { containers: [{ name: "a", image: "b" }] } });
    const methods = fc.constantFrom("POST", "PUT", "PATCH");
    const tried = fc.asyncProperty(methods, paths, types, bodies, async (method, path, type, body) => {
      const at = method === "POST" && !/eviction|binding/.test(path) ? path.replace(/\/[^/]+$/, "") : path;
      const { code, body: answer } = await send(cluster, method, `${at}?fieldManager=x`, body, type);
      const isFailure = code === 500 && !answer.message.startsWith("failed to create typed patch object");
      expect(isFailure ? `${method} ${at} ${JSON.stringify(body)}: ${answer.message}` : "").toBe("");
    });
    await fc.assert(tried, { numRuns: 400 });
  });
});
