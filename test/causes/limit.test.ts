import { describe, expect, it } from "vitest";
import { rateLimit503 } from "../../src/causes/gateway/rate-limit-503.ts";
import type { Route } from "../../src/derive/views.ts";
import { ref } from "../../src/evidence/object-ref.ts";
import { present } from "../../src/evidence/observed.ts";
import { request, traffic } from "./traffic.ts";

const ingress = ref("Ingress", "cart", "shop");
const routeOf = (gatewayKind: string): Route =>
  ({ gatewayKind, rule: { object: ingress }, backend: { service: ref("Service", "cart", "shop") } }) as never;

const refusedAt = (endMs: number, client = "203.0.113.9", zone = "shop_cart_8c1e_rps"): object =>
  request({
    endMs,
    client,
    status: 503,
    message: `limiting requests, excess: 5.600 by zone "${zone}", client: ${client}`,
  });

/** Value of the annotation that the first fix sets, and its title. */
function fixOf(failures: readonly object[], settings: object, gatewayKind = "ingress-nginx") {
  const judged = rateLimit503.weigh({
    route: routeOf(gatewayKind),
    traffic: traffic({ failures: failures as never, hasErrorLog: true }),
    settings: present(settings),
    patterns: { state: "unknown", reason: "not looked at" },
  } as never) as unknown as { fixes: { title: string; applicability: string; patch?: { body: unknown } }[] };
  const [first] = judged.fixes;
  return { title: first?.title, applicability: first?.applicability, body: first?.patch?.body };
}

const set = (value: number, from = "annotation") => ({ value, from, source: "Ingress shop/cart" });
const annotated = (name: string, value: string) => ({
  metadata: { annotations: { [`nginx.ingress.kubernetes.io/${name}`]: value } },
});

describe("a limit that clients meet is raised", () => {
  const eight = Array.from({ length: 8 }, (_, i) => refusedAt(10_000 + i * 100));

  it("to what one client was refused in its busiest second, and half more", () => {
    const others = [refusedAt(30_000), refusedAt(10_300, "203.0.113.77")];
    const { title, body } = fixOf([...eight, ...others], { limitRps: set(4) });
    expect(body).toEqual(annotated("limit-rps", "18"));
    expect(title).toContain("from 4 to 18, as one client met it up to 8 times in a second");
  });

  it("to twice as much at least", () => {
    expect(fixOf([refusedAt(1000)], { limitRps: set(100) }).body).toEqual(annotated("limit-rps", "200"));
  });

  it("by the annotation whose zone the error line names", () => {
    const slow = Array.from({ length: 30 }, (_, i) => refusedAt(i * 1500, undefined, "shop_cart_8c1e_rpm"));
    expect(fixOf(slow, { limitRps: set(50), limitRpm: set(60) }).body).toEqual(annotated("limit-rpm", "135"));
  });

  it("by a person where another controller's annotation set it", () => {
    const { applicability, body } = fixOf(eight, { limitRps: set(4) }, "nginx-ingress");
    expect(applicability).toBe("display-only");
    expect(body).toBeUndefined();
  });
});
