import { describe, expect, it } from "vitest";
import { observe } from "../../src/derive/observe.ts";
import { podAt } from "../../src/derive/pod-at.ts";
import type { DepartedPod, PodView, Route } from "../../src/derive/views.ts";
import { evidenceOf, type EvidenceOptions } from "../support/evidence.ts";
import { event, pod, service, slice } from "./objects.ts";

const route: Route = {
  target: "service/cart",
  namespace: "shop",
  gatewayKind: "unknown",
  backend: { service: { kind: "Service", namespace: "shop", name: "cart" } },
  role: "primary",
  isDefaultBackend: false,
};

const deployment = (name: string, app = name): object => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name, namespace: "shop" },
  spec: { template: { metadata: { labels: { app } }, spec: { containers: [] } } },
});

const statefulSet = { ...deployment("cart"), kind: "StatefulSet" };
const base = [service("cart"), deployment("cart")];
const gone = "cart-6d4cf56db6-x7k2p";
const t = (time: string): string => `2026-01-01T${time}Z`;
const ms = (time: string): number => Date.parse(t(time));

const derive = (objects: readonly object[], options?: EvidenceOptions) =>
  observe(evidenceOf(objects, options), route).departed;

function values(objects: readonly object[]): readonly DepartedPod[] {
  const departed = derive(objects);
  if (departed.state !== "present") throw new Error(`departed is ${JSON.stringify(departed)}`);
  return departed.value;
}

const killed = (message: string): object => event({ about: gone, reason: "Killing", message });

describe("departed pods", () => {
  it("are those of the route's workloads that events mention and the cluster no longer has", () => {
    const found = values([
      ...base,
      deployment("cart-api"),
      pod({ name: "cart-6d4cf56db6-vvvvv" }),
      event({
        about: gone,
        uid: "u1",
        reason: "Scheduled",
        message: `Successfully assigned shop/${gone} to worker-2`,
        first: t("10:00:00"),
      }),
      event({
        about: gone,
        uid: "u1",
        reason: "Unhealthy",
        message:
          'Readiness probe failed: Get "http://10.0.0.9:8080/healthz": dial tcp 10.0.0.9:8080: connect: connection refused',
        first: t("10:00:05"),
      }),
      event({
        about: gone,
        uid: "u1",
        reason: "Killing",
        message: "Stopping container app",
        first: t("11:00:00"),
      }),
      event({ about: "cart-6d4cf56db6-vvvvv", reason: "Started" }),
      event({ about: "cart-api-6d4cf56db6-wwwww", reason: "Killing" }),
      event({ about: "pay-6d4cf56db6-wwwww", reason: "Killing" }),
    ]);
    expect(found).toMatchObject([
      {
        ref: { kind: "Pod", namespace: "shop", name: gone },
        ip: "10.0.0.9",
        node: "worker-2",
        templateHash: "6d4cf56db6",
        firstSeenMs: ms("10:00:00"),
        stoppedMs: ms("11:00:00"),
      },
    ]);
    expect(found[0]?.timeline.map((m) => m.kind)).toEqual(["scheduled", "probe-failed", "killing"]);
  });

  it("are named by their ReplicaSet's events, too", () => {
    const set = { kind: "ReplicaSet", about: "cart-6d4cf56db6" };
    const found = values([
      ...base,
      event({ ...set, reason: "SuccessfulCreate", message: `Created pod: ${gone}`, first: t("10:00:00") }),
      event({ ...set, reason: "SuccessfulDelete", message: `Deleted pod: ${gone}`, first: t("11:00:00") }),
      event({
        about: gone,
        uid: "u1",
        reason: "Killing",
        message: "Stopping container app",
        first: t("11:00:01"),
      }),
    ]);
    expect(found).toHaveLength(1);
    expect(found[0]?.timeline.map((m) => m.kind)).toEqual(["created", "delete-called", "killing"]);
    expect(found[0]).toMatchObject({ firstSeenMs: ms("10:00:00"), stoppedMs: ms("11:00:01") });
  });

  it("were not stopped by a failed liveness probe: that restarts a container", () => {
    expect(
      values([...base, killed("Container app failed liveness probe, will be restarted")])[0],
    ).not.toHaveProperty("stoppedMs");
    expect(values([...base, killed("Stopping container app")])[0]).toHaveProperty("stoppedMs");
  });

  it("include the earlier pod of a name that a StatefulSet used again", () => {
    const found = values([
      service("cart"),
      statefulSet,
      pod({ name: "cart-0", metadata: { uid: "new" } }),
      event({ about: "cart-0", uid: "old", reason: "Killing", first: t("11:00:00") }),
      event({ about: "cart-0", uid: "new", reason: "Started", first: t("11:00:30") }),
    ]);
    expect(found.map((p) => p.ref.name)).toEqual(["cart-0"]);
    expect(found[0]?.stoppedMs).toBe(ms("11:00:00"));
  });

  it("have the address that a slice still lists", () => {
    const stale = slice({ endpoints: [{ addresses: ["10.0.0.8"], targetRef: { kind: "Pod", name: gone } }] });
    expect(values([...base, stale, event({ about: gone, reason: "Killing" })])[0]?.ip).toBe("10.0.0.8");
  });

  it("read IPv6 addresses from probe messages", () => {
    const message = 'Liveness probe failed: Get "http://[fd00::9]:8080/": context deadline exceeded';
    expect(values([...base, event({ about: gone, reason: "Unhealthy", message })])[0]?.ip).toBe("fd00::9");
  });

  it("have no address from what a command of an exec probe printed", () => {
    const message = "Readiness probe failed: cannot reach redis: dial tcp 10.96.0.5:6379: i/o timeout";
    expect(values([...base, event({ about: gone, reason: "Unhealthy", message })])[0]).not.toHaveProperty(
      "ip",
    );
  });

  it("are unknown when pods or events were not read whole", () => {
    expect(derive(base, { unknown: ["pods"] }).state).toBe("unknown");
    expect(derive(base, { unknown: ["events"] }).state).toBe("unknown");
    const coverage = [
      { resource: "services", extent: "whole" },
      { resource: "events", extent: "whole" },
      { resource: "pods", namespace: "shop", extent: "selected", selectors: ["app=cart"] },
    ] as const;
    expect(derive(base, { coverage }).state).toBe("unknown");
  });
});

const living = (name: string, ip: string, createdMs: number, more: Partial<PodView> = {}): PodView =>
  ({
    ref: { kind: "Pod", name },
    ips: [ip],
    createdMs,
    phase: "Running",
    containers: [],
    ...more,
  }) as unknown as PodView;

const left = (name: string, ip: string, fromMs: number, toMs: number): DepartedPod => ({
  ref: { kind: "Pod", namespace: "shop", name },
  ip,
  firstSeenMs: fromMs,
  stoppedMs: toMs,
  timeline: [
    { atMs: fromMs, kind: "created", text: "", source: "" },
    { atMs: toMs, kind: "killing", text: "", source: "" },
  ],
});

const nameAt = (pods: PodView[], departed: DepartedPod[], ip: string, atMs: number): string | undefined =>
  podAt(pods, departed, ip, atMs)?.ref.name;

describe("who had an address", () => {
  it("changes when an address is given to another pod", () => {
    const now = [living("new", "10.0.0.1", 1_000_000)];
    const then = [left("old", "10.0.0.1", 0, 900_000)];
    expect(nameAt(now, then, "10.0.0.1", 500_000)).toBe("old");
    expect(nameAt(now, then, "10.0.0.1", 1_500_000)).toBe("new");
    expect(nameAt(now, [], "10.0.0.1", 500_000)).toBeUndefined();
    expect(nameAt(now, then, "10.0.0.2", 500_000)).toBeUndefined();
  });

  it("knows IPv6 addresses with and without brackets, and every address of a pod", () => {
    const dual = [living("dual", "10.0.0.1", 0, { ips: ["10.0.0.1", "fd00::1"] })];
    expect(nameAt(dual, [], "[fd00::1]", 5)).toBe("dual");
    expect(nameAt(dual, [], "fd00::1", 5)).toBe("dual");
  });

  it("is nobody after a pod that ended had its last container stop", () => {
    const termination = { reason: "Completed", exitCode: 0, finishedMs: 10_000, current: true };
    const ended = living("job", "10.0.0.1", 0, {
      phase: "Succeeded",
      containers: [{ terminations: [termination] }] as unknown as PodView["containers"],
    });
    expect(nameAt([ended], [], "10.0.0.1", 5000)).toBe("job");
    expect(nameAt([ended], [], "10.0.0.1", 60_000)).toBeUndefined();
  });

  it("may be a pod whose beginning no event tells", () => {
    const half: DepartedPod = {
      ref: { kind: "Pod", name: "half" },
      ip: "10.0.0.1",
      stoppedMs: 900_000,
      firstSeenMs: 900_000,
      timeline: [{ atMs: 900_000, kind: "killing", text: "", source: "" }],
    };
    expect(nameAt([], [half], "10.0.0.1", 100_000)).toBe("half");
    expect(nameAt([], [half], "10.0.0.1", 2_000_000)).toBeUndefined();
  });
});
