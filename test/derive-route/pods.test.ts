import { describe, expect, it } from "vitest";
import { observe } from "../../src/derive/observe.ts";
import type { PodView, Route } from "../../src/derive/views.ts";
import type { Observed } from "../../src/evidence/observed.ts";
import { evidenceOf, type EvidenceOptions } from "../support/evidence.ts";
import { pod, service, type ServicePortForm, slice } from "./objects.ts";

const route: Route = {
  target: "service/cart",
  namespace: "shop",
  gatewayKind: "unknown",
  backend: { service: { kind: "Service", namespace: "shop", name: "cart" } },
  role: "primary",
  isDefaultBackend: false,
};

const facts = (objects: readonly object[], options?: EvidenceOptions) =>
  observe(evidenceOf(objects, options), route);

function values(pods: Observed<readonly PodView[]>): readonly PodView[] {
  if (pods.state !== "present") throw new Error(`pods are ${pods.state}`);
  return pods.value;
}

const names = (pods: Observed<readonly PodView[]>): string[] => values(pods).map((p) => p.ref.name);
const only = (objects: readonly object[]): PodView => {
  const [first] = values(facts(objects).pods);
  if (first === undefined) throw new Error("no pod");
  return first;
};

describe("pods of a Service", () => {
  it("are those that carry every label of its selector, in the order of their names", () => {
    const selector = { selector: { app: "cart", tier: "web" } };
    const objects = [
      service("cart", undefined, selector),
      pod({ name: "b", labels: { app: "cart", tier: "web", extra: "1" } }),
      pod({ name: "a", labels: { app: "cart", tier: "web" } }),
      pod({ name: "c", labels: { app: "cart" } }),
      pod({ name: "d", namespace: "blog", labels: { app: "cart", tier: "web" } }),
    ];
    expect(names(facts(objects).pods)).toEqual(["a", "b"]);
    expect(names(facts(objects).neighbours)).toEqual(["c"]);
  });

  it("of a Service without a selector are those that its endpoints name", () => {
    const byHand = slice({ endpoints: [{ addresses: ["10.0.0.7"], targetRef: { kind: "Pod", name: "a" } }] });
    const manual = service("cart", undefined, {});
    const objects = [manual, byHand, pod({ name: "a" }), pod({ name: "b" })];
    expect(names(facts(objects).pods)).toEqual(["a"]);
    expect(names(facts(objects).neighbours)).toEqual(["b"]);
    const noPods = [manual, slice({ endpoints: [{ addresses: ["192.0.2.1"] }] }), pod({ name: "a" })];
    expect(facts(noPods).pods).toMatchObject({ state: "absent" });
    expect(names(facts(noPods).neighbours)).toEqual(["a"]);
    expect(facts([manual], { unknown: ["endpointslices", "endpoints"] }).pods.state).toBe("unknown");
    expect(facts([service("cart", undefined, { selector: {} }), pod()]).pods.state).toBe("absent");
  });

  it("may be none, absent or unknown", () => {
    expect(facts([service("cart"), pod({ labels: { app: "card" } })]).pods).toEqual({
      state: "present",
      value: [],
    });
    expect(facts([pod()]).pods.state).toBe("absent");
    expect(facts([service("cart")], { unknown: ["pods"] }).pods).toMatchObject({
      state: "unknown",
      evidence: "pods",
    });
    const external = service("cart", undefined, { type: "ExternalName", selector: { app: "cart" } });
    expect(facts([external, pod()]).pods.state).toBe("absent");
  });

  it("have neighbours only when the whole namespace was read", () => {
    const coverage = [
      { resource: "services", extent: "whole" },
      { resource: "pods", namespace: "shop", extent: "selected" },
    ] as const;
    const some = facts([service("cart"), pod()], { coverage });
    expect(some.pods.state).toBe("present");
    expect(some.neighbours.state).toBe("unknown");
  });
});

const withPort = (port: ServicePortForm, spec: object): PodView =>
  only([service("cart", [{ name: "http", ...port }]), pod({ spec })]);

const container = (name: string, ...ports: object[]): object => ({ name, image: name, ports });

const http = (containerPort: number, protocol?: string): object => ({
  name: "http",
  containerPort,
  ...(protocol === undefined ? {} : { protocol }),
});

describe("the target port of a pod", () => {
  it("is a number as it stands, declared or not", () => {
    const found = withPort({ port: 80, targetPort: 8080 }, { containers: [container("app")] });
    expect(found.targetPort).toBe(8080);
    expect(found.targetContainer).toBeUndefined();
    const declared = {
      containers: [container("app", { containerPort: 9090 }), container("web", { containerPort: 8080 })],
    };
    expect(withPort({ port: 80, targetPort: 8080 }, declared).targetContainer).toBe("web");
  });

  it("is the Service port when no targetPort is written", () => {
    expect(withPort({ port: 80 }, { containers: [container("app")] }).targetPort).toBe(80);
  });

  it("is found by name in main containers, then in sidecars, never in plain init containers", () => {
    const named = { port: 80, targetPort: "http" };
    const sidecar = { ...container("proxy", http(15000)), restartPolicy: "Always" };
    expect(
      withPort(named, { containers: [container("app", http(8080))], initContainers: [sidecar] }),
    ).toMatchObject({
      targetPort: 8080,
      targetContainer: "app",
    });
    expect(withPort(named, { containers: [container("app")], initContainers: [sidecar] })).toMatchObject({
      targetPort: 15000,
      targetContainer: "proxy",
    });
    const init = container("wait", http(1));
    expect(
      withPort(named, { containers: [container("app")], initContainers: [init] }).targetPort,
    ).toBeUndefined();
  });

  it("is found only with the Service port's protocol", () => {
    const named = { port: 80, targetPort: "http" };
    expect(withPort(named, { containers: [container("app", http(8080, "UDP"))] }).targetPort).toBeUndefined();
    expect(
      withPort(named, { containers: [container("app", http(8080, "UDP"), http(8081, "TCP"))] }).targetPort,
    ).toBe(8081);
  });

  it("differs between pods that carry the name on different ports", () => {
    const objects = [
      service("cart", [{ port: 80, targetPort: "http" }]),
      pod({ name: "a", spec: { containers: [container("app", http(8080))] } }),
      pod({ name: "b", spec: { containers: [container("app", http(9090))] } }),
    ];
    expect(values(facts(objects).pods).map((p) => p.targetPort)).toEqual([8080, 9090]);
  });
});

describe("a pod as causes see it", () => {
  it("has the moment of the delete call: the deletion time minus the grace period", () => {
    const deleting = pod({
      metadata: { deletionTimestamp: "2026-01-01T11:59:30Z", deletionGracePeriodSeconds: 45 },
      spec: { terminationGracePeriodSeconds: 30 },
    });
    const found = only([service("cart"), deleting]);
    expect(found.deletedMs).toBe(Date.parse("2026-01-01T11:58:45Z"));
    expect(found.graceMs).toBe(45_000);
    const alive = only([service("cart"), pod()]);
    expect(alive.deletedMs).toBeUndefined();
    expect(alive.graceMs).toBe(30_000);
  });

  it("has its containers with role, state and terminations", () => {
    const found = only([
      service("cart"),
      pod({
        spec: {
          initContainers: [
            { name: "wait", image: "w" },
            { name: "proxy", image: "p", restartPolicy: "Always" },
          ],
          containers: [{ name: "app", image: "a" }],
        },
        status: {
          initContainerStatuses: [
            {
              name: "wait",
              ready: true,
              restartCount: 0,
              state: { terminated: { exitCode: 0, reason: "Completed" } },
            },
          ],
          containerStatuses: [
            {
              name: "app",
              ready: false,
              restartCount: 4,
              state: { waiting: { reason: "CrashLoopBackOff", message: "back-off 1m20s" } },
              lastState: {
                terminated: {
                  exitCode: 137,
                  reason: "OOMKilled",
                  startedAt: "2026-01-01T11:00:00Z",
                  finishedAt: "2026-01-01T11:01:00Z",
                },
              },
            },
          ],
        },
      }),
    ]);
    expect(found.containers.map((c) => [c.name, c.role])).toEqual([
      ["wait", "init"],
      ["proxy", "sidecar"],
      ["app", "main"],
    ]);
    expect(found.containers[0]?.terminations).toMatchObject([
      { reason: "Completed", exitCode: 0, current: true },
    ]);
    expect(found.containers[1]).toMatchObject({ restarts: 0, ready: false, terminations: [] });
    expect(found.containers[2]).toMatchObject({
      restarts: 4,
      ready: false,
      waiting: { reason: "CrashLoopBackOff", message: "back-off 1m20s" },
      terminations: [
        {
          reason: "OOMKilled",
          exitCode: 137,
          finishedMs: Date.parse("2026-01-01T11:01:00Z"),
          current: false,
        },
      ],
    });
  });

  it("has readiness and addresses from its status", () => {
    const found = only([
      service("cart"),
      pod({
        status: {
          podIP: "10.0.0.7",
          podIPs: [{ ip: "10.0.0.7" }, { ip: "fd00::7" }],
          conditions: [{ type: "Ready", status: "False", lastTransitionTime: "2026-01-01T11:00:00Z" }],
        },
      }),
    ]);
    expect(found).toMatchObject({
      ip: "10.0.0.7",
      ips: ["10.0.0.7", "fd00::7"],
      ready: false,
      node: "worker-1",
    });
    expect(found.readyChangedMs).toBe(Date.parse("2026-01-01T11:00:00Z"));
  });

  it("stands for a pod that has nothing but a name", () => {
    const bare = {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "x", namespace: "shop", labels: { app: "cart" } },
    };
    const found = only([service("cart"), bare]);
    expect(found).toMatchObject({
      phase: "Unknown",
      ready: false,
      ips: [],
      containers: [],
      timeline: [],
      uid: "",
    });
    const nulls = {
      ...bare,
      spec: { containers: null },
      status: { conditions: null, containerStatuses: null },
    };
    expect(only([service("cart"), nulls]).containers).toEqual([]);
  });
});
