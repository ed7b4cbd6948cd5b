import { describe, expect, it } from "vitest";
import { shop as cluster } from "../../corpus/author/cluster/shop.ts";
import { cloudflareLog } from "../../corpus/author/front/cloudflare.ts";
import { at, every, withFrontLog } from "../../corpus/author/front/front-log.ts";
import { atMs } from "../../corpus/author/time.ts";
import { observe } from "../../src/derive/observe.ts";
import { resolveRoutes } from "../../src/derive/routes.ts";
import type { Evidence } from "../../src/evidence/evidence.ts";
import type { Traffic } from "../../src/logs/traffic.ts";
import { parseTarget } from "../../src/target/target.ts";

const host = "shop.example.com";

function trafficOf(evidence: Evidence): Traffic {
  const [route] = resolveRoutes(evidence, parseTarget(`${host}/`)).routes;
  if (route === undefined) throw new Error("no route");
  const { traffic } = observe(evidence, route);
  if (traffic.state !== "present") throw new Error(`traffic is ${traffic.state}`);
  return traffic.value;
}

/** Twenty requests as the CDN saw them; the gateway has a line of each, or of none. */
function logged(byGateway: boolean): Evidence {
  const c = cluster("shop");
  const p = c.pod("cart");
  const moments = every("-20m", 30, 20);
  if (byGateway)
    c.gatewayLog(
      moments.map((when, i) => ({
        atMs: atMs(when),
        text: `203.0.113.9 - - [18/Nov/2026:${when.slice(11, 19)} +0000] "GET /prices HTTP/1.1" 502 150 "-" "curl/8" 300 0.002 [shop-cart-80] [] ${p.address} 0 0.002 502 5b5b${String(i).padStart(28, "0")}`,
      })),
    );
  const seen = at(moments, { method: "GET", path: "/prices", status: 502, answered: 502, elapsedMs: 9 });
  return withFrontLog(c.evidence(), "logpush/http_requests.json", cloudflareLog(host, seen));
}

describe("a request that is logged at two stations", () => {
  it("counts once, as the one inside the cluster saw it", () => {
    const both = trafficOf(logged(true));
    expect(both.requests).toBe(20);
    expect(both.hop).toBeUndefined();
    expect(Object.keys(both.formats).sort()).toEqual(["cloudflare", "ingress-nginx"]);
    expect(both.failures.every((f) => f.upstreamName === "shop-cart-80")).toBe(true);
  });

  it("counts as the CDN saw it where that is the only log", () => {
    const outer = trafficOf(logged(false));
    expect(outer.requests).toBe(20);
    expect(outer.hop).toBe("cdn");
    expect(outer.failures.map((f) => f.failure)).toEqual(Array.from({ length: 20 }, () => "app-status"));
  });
});
