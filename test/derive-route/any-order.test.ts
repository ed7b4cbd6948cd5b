import fc from "fast-check";
import { parseAllDocuments } from "yaml";
import { describe, expect, it } from "vitest";
import { observe } from "../../src/derive/observe.ts";
import { resolveRoutes } from "../../src/derive/routes.ts";
import type { FactName } from "../../src/derive/views.ts";
import type { Evidence } from "../../src/evidence/evidence.ts";
import { parseTarget } from "../../src/target/target.ts";
import { evidenceOf } from "../support/evidence.ts";
import { shop } from "./shop.ts";
import { event, ingress, ingressClass, nginxPod, pod, service, slice } from "./objects.ts";

const shopObjects = parseAllDocuments(shop)
  .map((document) => document.toJS() as { readonly kind: string })
  .filter(({ kind }) => kind === "Deployment" || kind === "ReplicaSet" || kind === "Pod");

const shuffled = [
  ingressClass("nginx"),
  ingressClass("edge", "traefik.io/ingress-controller"),
  nginxPod(),
  ingress({
    className: "nginx",
    rules: ["shop.example.com/cart Prefix cart", "shop.example.com/ Prefix pay"],
  }),
  ingress({ name: "twin", className: "nginx", rules: ["shop.example.com/cart Prefix pay"] }),
  ingress({ name: "outer", className: "edge", rules: ["*.example.com/ Prefix pay"] }),
  ingress({ name: "all", className: "nginx", defaultBackend: "fallback" }),
  service("cart"),
  service("pay"),
  service("redis"),
  slice({ name: "a", endpoints: [{ addresses: ["10.0.0.2"] }, { addresses: ["10.0.0.1"] }] }),
  slice({ name: "b", endpoints: [{ addresses: ["10.0.0.1"], conditions: { ready: false } }] }),
  pod({
    name: "cart-0",
    metadata: { ownerReferences: [{ kind: "Job", name: "cart-29384400", controller: true }] },
    spec: {
      initContainers: [{ name: "proxy", image: "p", restartPolicy: "Always", ports: [{ containerPort: 1 }] }],
      containers: [
        {
          name: "app",
          image: "a",
          ports: [{ name: "http", containerPort: 8080 }],
          env: [{ name: "REDIS_ADDR", value: "redis:6379" }],
          readinessProbe: { httpGet: { port: "http", path: "/" }, periodSeconds: 5 },
        },
      ],
      volumes: [{ name: "data", persistentVolumeClaim: { claimName: "data" } }],
    },
    status: {
      podIPs: [{ ip: "10.0.0.7" }],
      conditions: [{ type: "Ready", status: "False", lastTransitionTime: "2026-01-01T11:00:00Z" }],
      containerStatuses: [
        {
          name: "app",
          ready: false,
          restartCount: 2,
          state: { waiting: { reason: "CrashLoopBackOff" } },
          lastState: { terminated: { exitCode: 137, finishedAt: "2026-01-01T11:00:00Z" } },
        },
      ],
    },
  }),
  pod({ name: "cart-1" }),
  pod({ name: "pay-0", labels: { app: "pay" } }),
  ...shopObjects,
  event({ name: "a", reason: "Killing" }),
  event({ name: "b", reason: "Unhealthy" }),
  event({ name: "c", about: "cart-1", reason: "Killing" }),
];

function facts(evidence: Evidence, target: string): string {
  const { routes, problem } = resolveRoutes(evidence, parseTarget(target));
  const derived = routes.map((route) => {
    const observed = observe(evidence, route);
    return Object.keys(observed).map((name) => [name, observed[name as FactName]]);
  });
  return JSON.stringify({ routes, problem, derived }, (_, value: unknown) =>
    value instanceof Map ? [...value] : value,
  );
}

const targets = [
  "",
  "shop.example.com/cart",
  "a.example.com",
  "service/cart",
  "ingress/web",
  "unknown.example.org",
];

describe("the order of the evidence", () => {
  it.each(targets)("does not show in what is derived for %j", (target) => {
    const expected = facts(evidenceOf(shuffled), target);
    fc.assert(
      fc.property(fc.shuffledSubarray(shuffled, { minLength: shuffled.length }), (objects) => {
        expect(facts(evidenceOf(objects), target) === expected).toBe(true);
      }),
      { numRuns: 25 },
    );
  });
});

/** Leaves of an object, to be replaced by something that has no business there. */
const garbage = fc.constantFrom(null, "", "x", 0, -1, [], {}, true, [null], { a: null });

function corrupt(value: unknown, pick: (path: string) => unknown, path = ""): unknown {
  const replaced = pick(path);
  if (replaced !== undefined) return replaced;
  if (Array.isArray(value)) return value.map((item, i) => corrupt(item, pick, `${path}/${i}`));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, corrupt(v, pick, `${path}/${k}`)]));
}

function pathsOf(value: unknown, path = ""): string[] {
  const below = Array.isArray(value)
    ? value.flatMap((item, i) => pathsOf(item, `${path}/${i}`))
    : typeof value === "object" && value !== null
      ? Object.entries(value).flatMap(([k, v]) => pathsOf(v, `${path}/${k}`))
      : [];
  return [path, ...below];
}

/** What gathering checks itself, and names of variables, which only dependencies read. */
const keptPaths = /^\/(kind|apiVersion|metadata(\/(name|namespace))?)?$|\/env\/\d+\/name$/;

describe("objects of another shape than the API's", () => {
  const sites = shuffled.flatMap((object, i) =>
    pathsOf(object)
      .filter((path) => path !== "" && !keptPaths.test(path))
      .map((path) => ({ i, path })),
  );

  it("never make a derivation throw", () => {
    fc.assert(
      fc.property(fc.constantFrom(...sites), garbage, fc.constantFrom(...targets), (site, value, target) => {
        const objects = shuffled.map((object, i) =>
          i === site.i
            ? (corrupt(object, (path) => (path === site.path ? value : undefined)) as object)
            : object,
        );
        expect(facts(evidenceOf(objects), target)).toBeTypeOf("string");
      }),
      { numRuns: 300 },
    );
  });
});
