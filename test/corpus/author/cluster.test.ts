import { describe, expect, it } from "vitest";
import { AppHandle } from "../../../corpus/author/cluster/app.ts";
import { shop } from "../../../corpus/author/cluster/shop.ts";
import { klog, noActiveEndpoint } from "../../../corpus/author/lines.ts";
import { at, atMs, offsetMs } from "../../../corpus/author/time.ts";
import { get, list } from "../../../src/evidence/evidence.ts";

describe("times", () => {
  it("are offsets from the one moment of collection", () => {
    expect(at("-12m")).toBe("2026-11-18T10:18:00Z");
    expect(at("-1h30m", "8s")).toBe("2026-11-18T09:00:08Z");
    expect(atMs("2026-11-18T10:30:00Z") - atMs("-3d")).toBe(3 * 86_400_000);
    expect(() => offsetMs("soon")).toThrow(/no offset/);
  });
});

describe("a cluster under construction", () => {
  it("comes out the same each time", () => {
    expect(JSON.stringify(shop().evidence())).toBe(JSON.stringify(shop().evidence()));
  });

  it("writes workload status from the pods that are there", () => {
    const c = shop();
    for (const p of c.pods("cart")) p.crashLoop({ exitCode: 1, reason: "Error", at: "-2m", since: "-20m" });
    const deployment = get(c.evidence(), "deployments", "cart", "shop");
    expect(deployment.state === "present" && deployment.value.status).toMatchObject({
      replicas: 2,
      unavailableReplicas: 2,
    });
    const conditions = deployment.state === "present" ? deployment.value.status?.conditions : [];
    expect(conditions?.find((x) => x.type === "Available")).toMatchObject({
      status: "False",
      reason: "MinimumReplicasUnavailable",
    });
  });

  it("rolls out with events, and says when each old pod was told to stop", () => {
    const c = shop();
    const { oldPods, newPods } = c.rollout("cart", {
      at: "-12m",
      to: { image: "registry.example.com/shop/cart:2" },
    });
    const pods = list(c.evidence(), "pods", "shop");
    expect(pods.state === "present" && pods.value.map((p) => p.metadata?.name)).toEqual(
      newPods.map((p) => p.name),
    );
    expect(oldPods.map((p) => AppHandle.deletedAt(p))).toEqual([at("-12m", "8s"), at("-12m", "18s")]);
    const sets = list(c.evidence(), "replicasets", "shop");
    expect(sets.state === "present" && sets.value.map((s) => s.status?.replicas)).toEqual([0, 2]);
  });

  it("keeps no event older than an hour", () => {
    const c = shop();
    c.pod("cart").event("Unhealthy", "Readiness probe failed: no", { first: "-3h", last: "-61m" });
    c.pod("cart").event("Unhealthy", "Readiness probe failed: yes", { first: "-3h", last: "-59m" });
    const events = list(c.evidence(), "events", "shop");
    expect(events.state === "present" && events.value.map((e) => e.message)).toEqual([
      "Readiness probe failed: yes",
    ]);
  });

  it("edits workloads after their status is written, and throws on a name that is not there", () => {
    const c = shop();
    c.edit("deployments", "cart", (d) => {
      d.spec = { ...d.spec!, paused: true };
    });
    const deployment = get(c.evidence(), "deployments", "cart", "shop");
    expect(deployment.state === "present" && deployment.value.spec?.paused).toBe(true);
    expect(() => c.edit("services", "crat", () => undefined)).toThrow(/no services shop\/crat/);
    expect(() => c.remove("services", "crat")).toThrow(/no Service/);
  });

  it("turns what is made unknown into failed coverage and logs with a reason", () => {
    const c = shop();
    c.unknown("events", "forbidden: cannot list events");
    c.unknown("gateway-log", "not in the bundle");
    const evidence = c.evidence();
    expect(list(evidence, "events", "shop")).toEqual({
      state: "unknown",
      evidence: "events",
      reason: "forbidden: cannot list events",
    });
    const gateway = evidence.logs.filter((l) => l.container === "controller");
    expect(gateway.map((l) => [l.reason, l.bytes])).toEqual([
      ["not in the bundle", undefined],
      ["not in the bundle", undefined],
    ]);
  });

  it("puts the lines of the gateway in order of time", () => {
    const c = shop();
    c.gatewayLog([klog("I", "-2m", "a.go:1", "later"), noActiveEndpoint("-9m", "shop/cart")]);
    const text = new TextDecoder().decode(c.evidence().logs.find((l) => l.container === "controller")?.bytes);
    expect(text.split("\n")).toEqual([
      'W1118 10:21:00.000417       7 controller.go:1225] Service "shop/cart" does not have any active Endpoint.',
      "I1118 10:28:00.000417       7 a.go:1] later",
      "",
    ]);
  });
});
