import { describe, expect, it } from "vitest";
import { observe } from "../../src/derive/observe.ts";
import type { Route, Workload } from "../../src/derive/views.ts";
import { evidenceOf, type EvidenceOptions } from "../support/evidence.ts";
import { pod, service } from "./objects.ts";

const route: Route = {
  target: "service/cart",
  namespace: "shop",
  gatewayKind: "unknown",
  backend: { service: { kind: "Service", namespace: "shop", name: "cart" } },
  role: "primary",
  isDefaultBackend: false,
};

const workload = (kind: string, name: string, labels: Record<string, string>, more: object = {}): object => ({
  apiVersion: kind === "Rollout" ? "argoproj.io/v1alpha1" : "apps/v1",
  kind,
  metadata: { name, namespace: "shop", creationTimestamp: "2025-12-01T00:00:00Z" },
  spec: { template: { metadata: { labels }, spec: { containers: [{ name: "app", image: name }] } } },
  ...more,
});

const replicaSet = (
  name: string,
  owner: string | undefined,
  revision: string,
  more: object = {},
): object => ({
  apiVersion: "apps/v1",
  kind: "ReplicaSet",
  metadata: {
    name,
    namespace: "shop",
    labels: { "pod-template-hash": name.split("-").at(-1) },
    annotations: { "deployment.kubernetes.io/revision": revision },
    ...(owner && { ownerReferences: [{ kind: "Deployment", name: owner, controller: true }] }),
  },
  spec: { replicas: 0, template: { metadata: { labels: { app: "cart" } }, spec: { containers: [] } } },
  ...more,
});

const derive = (objects: readonly object[], options?: EvidenceOptions) =>
  observe(evidenceOf(objects, options), route).workloads;

function values(...objects: object[]): readonly Workload[] {
  const found = derive(objects);
  if (found.state !== "present") throw new Error(`workloads are ${found.state}`);
  return found.value;
}

const names = (found: readonly Workload[]): string[] =>
  found.map((w) => `${w.relation} ${w.ref.kind}/${w.ref.name}`);

const alike = (name: string, labels: Record<string, string> = { app: "other" }): string[] =>
  names(values(service("cart"), workload("Deployment", name, labels)));

describe("the workloads behind a Service", () => {
  it("are the owners of its pods", () => {
    const owned = pod({
      metadata: { ownerReferences: [{ kind: "StatefulSet", name: "store", controller: true }] },
    });
    expect(names(values(service("cart"), owned, workload("StatefulSet", "store", { app: "x" })))).toEqual([
      "selected StatefulSet/store",
    ]);
  });

  it("are those whose pods it would select, also with no pod", () => {
    const objects = [service("cart"), workload("Deployment", "shop-cart", { app: "cart", tier: "web" })];
    expect(names(values(...objects))).toEqual(["template-matches Deployment/shop-cart"]);
  });

  it("are, when there are none, those that look like it", () => {
    expect(alike("cart")).toEqual(["named-alike Deployment/cart"]);
    expect(alike("cart-server")).toEqual(["named-alike Deployment/cart-server"]);
    expect(alike("cast")).toEqual(["named-alike Deployment/cast"]);
    expect(alike("web", { "app.kubernetes.io/name": "cart" })).toEqual(["named-alike Deployment/web"]);
    expect(alike("web", { app: "carts" })).toEqual(["named-alike Deployment/web"]);
    expect(alike("payments")).toEqual([]);
    expect(alike("web", { tier: "cart" })).toEqual([]);
  });

  it("do not include look-alikes beside the real ones", () => {
    const objects = [
      service("cart"),
      workload("Deployment", "cart-server", { app: "other" }),
      workload("Deployment", "zebra", { app: "cart" }),
    ];
    expect(names(values(...objects))).toEqual(["template-matches Deployment/zebra"]);
  });

  it("are those of its namespace", () => {
    const elsewhere = workload(
      "Deployment",
      "cart",
      { app: "cart" },
      { metadata: { name: "cart", namespace: "blog" } },
    );
    expect(values(service("cart"), elsewhere)).toEqual([]);
  });

  it("are unknown only when no kind of workload was read", () => {
    const none = ["deployments", "statefulsets", "daemonsets", "rollouts", "replicasets"] as const;
    expect(derive([service("cart")], { unknown: none }).state).toBe("unknown");
    expect(derive([service("cart")], { unknown: ["rollouts"] }).state).toBe("present");
  });
});

function one(kind: string, more: object): Workload {
  const [first] = values(service("cart"), workload(kind, "cart", { app: "cart" }, more));
  if (first === undefined) throw new Error("no workload");
  return first;
}

describe("a workload", () => {
  const template = { metadata: { labels: { app: "cart" } }, spec: { containers: [] } };

  it("has the defaults of its kind", () => {
    expect(one("Deployment", {})).toMatchObject({
      desired: 1,
      ready: 0,
      strategy: { type: "RollingUpdate", maxUnavailable: "25%", maxSurge: "25%" },
    });
    expect(one("StatefulSet", {})).toMatchObject({ desired: 1, strategy: { type: "RollingUpdate" } });
    expect(one("DaemonSet", {})).toMatchObject({
      desired: 0,
      strategy: { type: "RollingUpdate", maxUnavailable: 1, maxSurge: 0 },
    });
  });

  it("has what is written", () => {
    const written = {
      spec: {
        replicas: 0,
        template,
        strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 1, maxSurge: 0 } },
      },
      status: {
        readyReplicas: 2,
        updatedReplicas: 1,
        conditions: [
          {
            type: "Progressing",
            status: "False",
            reason: "ProgressDeadlineExceeded",
            lastTransitionTime: "2026-01-01T11:00:00Z",
          },
        ],
      },
    };
    expect(one("Deployment", written)).toMatchObject({
      desired: 0,
      ready: 2,
      updated: 1,
      strategy: { type: "RollingUpdate", maxUnavailable: 1, maxSurge: 0 },
      conditions: [
        {
          type: "Progressing",
          reason: "ProgressDeadlineExceeded",
          changedMs: Date.parse("2026-01-01T11:00:00Z"),
        },
      ],
    });
    const recreate = one("Deployment", { spec: { template, strategy: { type: "Recreate" } } });
    expect(recreate.strategy).toEqual({ type: "Recreate" });
  });

  it("has its ReplicaSets as revisions, newest first", () => {
    const [found] = values(
      service("cart"),
      workload("Deployment", "cart", { app: "cart" }),
      replicaSet("cart-aaaaaaaaaa", "cart", "9"),
      replicaSet("cart-bbbbbbbbbb", "cart", "10"),
      replicaSet("other-cccccccccc", "other", "11"),
    );
    expect(found?.revisions.map((r) => [r.number, r.hash])).toEqual([
      [10, "bbbbbbbbbb"],
      [9, "aaaaaaaaaa"],
    ]);
  });

  it("may be a ReplicaSet that nothing owns", () => {
    const found = values(service("cart"), replicaSet("cart-aaaaaaaaaa", undefined, "1"));
    expect(names(found)).toEqual(["template-matches ReplicaSet/cart-aaaaaaaaaa"]);
    expect(values(service("cart"), replicaSet("cart-aaaaaaaaaa", "cart", "1"))).toEqual([]);
  });

  it("may be a Rollout that borrows a Deployment's template", () => {
    const rollout = {
      apiVersion: "argoproj.io/v1alpha1",
      kind: "Rollout",
      metadata: { name: "cart-rollout", namespace: "shop" },
      spec: {
        replicas: 4,
        workloadRef: { kind: "Deployment", name: "cart" },
        strategy: { canary: { maxSurge: 1 } },
      },
    };
    const found = values(service("cart"), workload("Deployment", "cart", { app: "cart" }), rollout);
    expect(names(found)).toEqual([
      "template-matches Deployment/cart",
      "template-matches Rollout/cart-rollout",
    ]);
    expect(found[1]).toMatchObject({ desired: 4, strategy: { type: "Canary", maxSurge: 1 } });
  });
});
