import { describe, expect, it } from "vitest";
import { shop } from "../../../corpus/author/cluster/shop.ts";
import { list } from "../../../src/evidence/evidence.ts";
import type { Cluster } from "../../../corpus/author/cluster/cluster.ts";
import type { EndpointSlice } from "kubernetes-types/discovery/v1";

function slicesOf(c: Cluster, service = "cart"): readonly EndpointSlice[] {
  const all = list(c.evidence(), "endpointslices", "shop");
  return all.state === "present"
    ? all.value.filter((s) => s.metadata?.labels?.["kubernetes.io/service-name"] === service)
    : [];
}

const ready = (slices: readonly EndpointSlice[]): string[] =>
  slices.flatMap((s) => (s.endpoints ?? []).filter((e) => e.conditions?.ready).flatMap((e) => e.addresses));

describe("slices by the controller's rules", () => {
  it("every matching pod is an endpoint on the port its name means", () => {
    const c = shop();
    expect(ready(slicesOf(c))).toEqual(c.pods("cart").map((p) => p.ip));
    expect(slicesOf(c)[0]?.ports).toEqual([{ name: "http", port: 8080, protocol: "TCP" }]);
  });

  it("an unready pod stays, not ready; a terminating one serves without being ready", () => {
    const c = shop();
    c.pod("cart", 0).notReady({ since: "-5m" });
    const [, leaving] = c.pods("cart");
    leaving?.terminating("-3s");
    const conditions = slicesOf(c)[0]?.endpoints.map((e) => e.conditions);
    expect(conditions).toEqual([
      { ready: false, serving: false, terminating: false },
      { ready: false, serving: true, terminating: true },
    ]);
  });

  it("a selector that matches nothing leaves one empty slice", () => {
    const c = shop();
    c.service("cart", { selector: { app: "carts" } });
    expect(slicesOf(c).map((s) => [s.endpoints, s.ports])).toEqual([[null, null]]);
  });

  it("a port name that the pods do not carry gives endpoints without a port", () => {
    const c = shop();
    c.service("cart", { targetPort: "web" });
    expect(slicesOf(c)[0]?.ports).toBeNull();
    expect(slicesOf(c)[0]?.endpoints).toHaveLength(2);
    expect(c.way("cart").servers).toEqual([]);
  });

  it("pods whose names resolve to different ports are in slices of their own", () => {
    const c = shop();
    c.rollout("cart", { at: "-5m", to: { port: 9090 }, old: "kept" });
    expect(slicesOf(c).map((s) => s.ports?.[0]?.port)).toEqual([8080, 9090]);
  });

  it("pods without an IP or finished are no endpoints", () => {
    const c = shop();
    c.pod("cart", 0).unschedulable("0/3 nodes are available: 3 Insufficient cpu.");
    c.pod("cart", 1).evicted("-5m", "The node was low on resource: memory.");
    expect(slicesOf(c)[0]?.endpoints).toBeNull();
  });

  it("kept slices do not follow their pods", () => {
    const c = shop();
    const before = c.way("cart").servers;
    c.keepSlices("cart");
    c.rollout("cart", { at: "-5m" });
    expect(c.way("cart").servers).toEqual(before);
  });
});
