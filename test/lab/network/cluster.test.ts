import { describe, expect, it } from "vitest";
import { lacks } from "../../support/programs.ts";
import { inside, needed } from "./inside.ts";

const stage = new URL("cluster-stage.ts", import.meta.url).href;

describe.skipIf(lacks("cluster names, Services and policies of the lab", ...needed))("in the cluster", () => {
  it("Services relay to ready endpoints, then to terminating ones, else refuse", () => {
    expect(inside(stage, "services")).toEqual({
      noEndpoint: "ECONNREFUSED",
      ready: "shop/cart-1 to 10.0.0.1",
      cut: "hangs",
      nothingListens: "ECONNRESET",
      unready: "ECONNREFUSED",
      terminating: "shop/cart-1 to 10.0.0.1",
      noService: "hangs",
    });
  });

  it("names resolve through the search list, and DNS fails in every way", () => {
    const { slowMs, firstLines, ...seen } = inside<Record<string, unknown>>(stage, "names");
    expect(seen).toEqual({
      short: "10.96.7.7",
      outside: "203.0.113.20",
      searched: [
        "db.example.com.shop.svc.cluster.local.",
        "db.example.com.svc.cluster.local.",
        "db.example.com.cluster.local.",
        "db.example.com.",
      ],
      missing: "ENOTFOUND",
      all: [
        ["10.96.7.7"],
        [{ name: "cart.shop.svc.cluster.local", port: 80, priority: 0, type: "SRV", weight: 100 }],
        "ENODATA",
      ],
      overTcp: "NOERROR 10.96.7.7",
      servfail: "EAI_AGAIN",
      silent: "ETIMEOUT",
      down: "ECONNREFUSED",
      up: "10.96.7.7",
    });
    expect(slowMs).toBeGreaterThanOrEqual(300);
    expect(firstLines).toEqual([
      expect.stringMatching(
        /^\[INFO\] 10\.42\.1\.1:\d+ - \d+ "A IN cart\.shop\.svc\.cluster\.local\. udp 45 false 512" NOERROR qr,aa,rd 61 0\.\d{9}s$/,
      ),
    ]);
  });

  it("NetworkPolicies select by pods, namespaces, ports and directions", () => {
    const [web, edge, metrics, out] = [
      "shop/cart to 10.42.1.2",
      "shop/cart to 10.42.250.7",
      "metrics to 10.42.250.7",
      "shop/web to 10.42.1.1",
    ];
    expect(inside(stage, "policies")).toEqual({
      none: [web, edge, metrics, out],
      denied: ["hangs", "hangs", "hangs", "hangs"],
      edgeAllowed: ["hangs", edge, "hangs", "hangs"],
      egress: ["hangs", edge, "hangs", "hangs"],
      dns: false,
      relabelled: ["hangs", edge, "hangs", out],
      lifted: [web, edge, metrics, out],
    });
  });
});
