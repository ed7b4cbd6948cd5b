import type { Pod } from "kubernetes-types/core/v1";
import { expect, test } from "vitest";
import { metricsOfUsage } from "../../../lab/controllers/hpa/metrics-of-usage.ts";

const pod = (containers: string[]): Pod => ({
  metadata: { name: "cart-1", namespace: "shop" },
  spec: { containers: containers.map((name) => ({ name })) },
});

const measured = {
  namespace: "shop",
  pod: "cart-1",
  node: "node-1",
  atMs: 1000,
  windowMs: 15_000,
  containers: [
    { name: "app", cpuCores: 0.25, memoryBytes: 1000 },
    { name: "log", cpuCores: 0.05, memoryBytes: 500 },
  ],
};

test("the containers of a pod count together; a pod with one unmeasured, or of another name, is not measured", () => {
  const metrics = metricsOfUsage(() => [measured]);
  const own = pod(["app", "log"]);
  expect(metrics.resource(own, "cpu")).toEqual({ milli: 300, atMs: 1000, windowMs: 15_000 });
  expect(metrics.resource(own, "memory")?.milli).toBe(1_500_000);
  expect(metrics.resource(own, "disk")).toBeUndefined();
  expect(metrics.resource(pod(["app", "log", "proxy"]), "cpu")).toBeUndefined();
  const elsewhere = { ...own, metadata: { name: "cart-1", namespace: "other" } };
  expect(metrics.resource(elsewhere, "cpu")).toBeUndefined();
});
