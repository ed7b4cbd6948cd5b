import { describe, expect, it } from "vitest";
import { annotateIngress } from "../../src/causes/annotate.ts";
import type { GatewayKind, Route } from "../../src/derive/views.ts";

function timer(gatewayKind: GatewayKind, annotations: Readonly<Record<string, string>> = {}) {
  const object = { kind: "Ingress", namespace: "shop", name: "cart" };
  const route = { gatewayKind, rule: { object, annotations } } as unknown as Route;
  return annotateIngress(route, "proxy-read-timeout", "90", "Wait longer");
}

const object = { kind: "Ingress", namespace: "shop", name: "cart" };
function atHaproxy(controller: string | undefined, annotation: string, value: string) {
  const route = { gatewayKind: "haproxy", controller, rule: { object, annotations: {} } } as unknown as Route;
  return annotateIngress(route, annotation, value, "Mend it");
}

describe("a setting of HAProxy", () => {
  const [community, vendor] = [
    "haproxy-ingress.github.io/controller",
    "haproxy.org/ingress-controller/haproxy",
  ];

  it.each([
    [community, "proxy-read-timeout", "90", "haproxy-ingress.github.io/timeout-server=90s"],
    [community, "backend-protocol", "HTTPS", "haproxy-ingress.github.io/backend-protocol=h1-ssl"],
    [community, "backend-protocol", "HTTP", "haproxy-ingress.github.io/backend-protocol=h1"],
    [community, "backend-protocol", "GRPC", "haproxy-ingress.github.io/backend-protocol=grpc"],
    [
      community,
      "proxy-ssl-name",
      "pay.example.com",
      "haproxy-ingress.github.io/secure-verify-hostname=pay.example.com",
    ],
    [vendor, "proxy-read-timeout", "90", "haproxy.org/timeout-server=90s"],
    [vendor, "backend-protocol", "HTTPS", "haproxy.org/server-ssl=true"],
    [vendor, "backend-protocol", "HTTP", "haproxy.org/server-ssl=false"],
    [vendor, "backend-protocol", "GRPC", "haproxy.org/server-proto=h2"],
  ])("is written as %s reads it: %s %s", (controller, annotation, value, argument) => {
    expect(atHaproxy(controller, annotation, value).commands[0]).toContain(argument);
  });

  it("that no annotation sets is told with its place", () => {
    expect(atHaproxy(community, "proxy-buffer-size", "64k")).toMatchObject({
      title: expect.stringContaining("tune.bufsize 65536 in the global section"),
      commands: [],
    });
  });

  it("is told for both controllers when nobody knows which one it is", () => {
    expect(atHaproxy(undefined, "backend-protocol", "HTTPS").title).toBe(
      'Mend it: annotation haproxy-ingress.github.io/backend-protocol "h1-ssl", or haproxy.org/server-ssl "true"',
    );
  });
});

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
