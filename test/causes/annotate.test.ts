import { describe, expect, it } from "vitest";
import { annotateIngress } from "../../src/causes/annotate.ts";
import type { GatewayKind, Route } from "../../src/derive/views.ts";

function timer(gatewayKind: GatewayKind, annotations: Readonly<Record<string, string>> = {}) {
  const object = { kind: "Ingress", namespace: "shop", name: "cart" };
  const route = { gatewayKind, rule: { object, annotations } } as unknown as Route;
  return annotateIngress(route, "proxy-read-timeout", "90", "Wait longer");
}

describe("a longer timer", () => {
  it.each([
    [timer("ingress-nginx"), "nginx.ingress.kubernetes.io/proxy-read-timeout=90"],
    [timer("nginx-ingress"), "nginx.org/proxy-read-timeout=90s"],
    [
      timer("haproxy", { "haproxy-ingress.github.io/timeout-server": "2s" }),
      "haproxy-ingress.github.io/timeout-server=90s",
    ],
    [timer("haproxy", { "haproxy.org/load-balance": "leastconn" }), "haproxy.org/timeout-server=90s"],
  ])("is written as the gateway reads it (%#)", (fix, argument) => {
    expect(fix.commands[0]).toContain(argument);
  });

  it("is advice where nobody knows the annotation", () => {
    expect(timer("haproxy")).toMatchObject({ applicability: "display-only", commands: [] });
    expect(timer("traefik")).toMatchObject({ applicability: "display-only", commands: [] });
  });
});
