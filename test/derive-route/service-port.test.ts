import { describe, expect, it } from "vitest";
import type { Service } from "kubernetes-types/core/v1";
import {
  deriveService,
  deriveServicePort,
  deriveServices,
  matchServicePort,
} from "../../src/derive/service-port.ts";
import type { GatewayKind, Route } from "../../src/derive/views.ts";
import { present } from "../../src/evidence/observed.ts";
import { evidenceOf } from "../support/evidence.ts";
import { service, type ServicePortForm } from "./objects.ts";

const route = (port: Route["backend"]["port"], gatewayKind: GatewayKind = "traefik"): Route => ({
  target: "shop.example.com/",
  namespace: "shop",
  rule: { object: { kind: "Ingress", namespace: "shop", name: "web" }, annotations: {} },
  gatewayKind,
  backend: {
    service: { kind: "Service", namespace: "shop", name: "cart" },
    ...(port === undefined ? {} : { port }),
  },
  role: "primary",
  isDefaultBackend: false,
});

const bare: Route = { ...route(undefined), target: "service/cart" };
const { rule: _, ...toService } = bare;

function match(ports: readonly ServicePortForm[], asked: Route) {
  const found = matchServicePort(service("cart", ports) as Service, asked);
  return found === undefined ? undefined : `${found.port.port} by ${found.by}`;
}

describe("the Service port of a rule", () => {
  const ports = [
    { name: "http", port: 80, targetPort: 8080 },
    { name: "admin", port: 8081, targetPort: "admin-port" },
  ];

  it("is met by number or by name", () => {
    expect(match(ports, route({ number: 8081 }))).toBe("8081 by number");
    expect(match(ports, route({ name: "http" }))).toBe("80 by name");
    expect(match(ports, route({ name: "https" }))).toBeUndefined();
    expect(match(ports, route({ number: 443 }))).toBeUndefined();
  });

  it("is met by the target port's value in ingress-nginx only", () => {
    expect(match(ports, route({ number: 8080 }))).toBeUndefined();
    expect(match(ports, route({ number: 8080 }, "ingress-nginx"))).toBe("80 by targetPort");
    expect(match(ports, route({ name: "admin-port" }))).toBeUndefined();
    expect(match(ports, route({ name: "admin-port" }, "ingress-nginx"))).toBe("8081 by targetPort");
  });

  it("is, in ingress-nginx, the first of the list that is written so, whichever field says it", () => {
    const crossed = [
      { name: "a", port: 80, targetPort: 8080 },
      { name: "b", port: 8080, targetPort: 9090 },
    ];
    expect(match(crossed, route({ number: 8080 }, "ingress-nginx"))).toBe("80 by targetPort");
    expect(match(crossed, route({ number: 8080 }))).toBe("8080 by number");
  });

  it("is not met by an unnamed port when the rule has no name", () => {
    const unnamed = [{ port: 80 }];
    for (const kind of ["traefik", "ingress-nginx"] as const) {
      expect(match(unnamed, route({ name: "" }, kind))).toBeUndefined();
      expect(match(unnamed, route(undefined, kind))).toBeUndefined();
      expect(match(unnamed, route({ name: "http" }, kind))).toBeUndefined();
      expect(match([{ name: "", port: 80 }], route({ name: "" }, kind))).toBeUndefined();
    }
  });

  it("is the first TCP port for a Service without a rule", () => {
    expect(match([{ port: 53, protocol: "UDP" }, { port: 80 }], toService)).toBe("80 by first");
    expect(match([{ port: 53, protocol: "UDP" }], toService)).toBe("53 by first");
    expect(match([], toService)).toBeUndefined();
  });

  it("says which ports exist when none is met", () => {
    const asked = present(service("cart", ports) as Service);
    expect(deriveServicePort(asked, route({ number: 443 }))).toEqual({
      state: "absent",
      why: "Service shop/cart has no port 443; it has 80 (http) → 8080, 8081 (admin) → admin-port",
    });
    expect(deriveServicePort(present(service("cart", []) as Service), route({ name: "x" }))).toMatchObject({
      why: 'Service shop/cart has no port "x"; it has no ports',
    });
  });
});

describe("the Service", () => {
  it("is absent, or unknown, by its own list", () => {
    expect(deriveService(evidenceOf([service("cart")]), bare).state).toBe("present");
    expect(deriveService(evidenceOf([service("card")]), bare)).toEqual({
      state: "absent",
      why: "no Service shop/cart",
    });
    expect(deriveService(evidenceOf([], { unknown: ["services"] }), bare).state).toBe("unknown");
    const other = evidenceOf([service("cart", undefined, undefined, "blog")]);
    expect(deriveService(other, bare).state).toBe("absent");
  });

  it("has neighbours only when the whole list was read", () => {
    const objects = [service("web"), service("cart"), service("x", undefined, undefined, "blog")];
    expect(deriveServices(evidenceOf(objects), bare)).toMatchObject({
      state: "present",
      value: [{ metadata: { name: "cart" } }, { metadata: { name: "web" } }],
    });
    const selected = evidenceOf(objects, {
      coverage: [{ resource: "services", namespace: "shop", extent: "selected", names: ["cart"] }],
    });
    expect(deriveServices(selected, bare).state).toBe("unknown");
    expect(deriveService(selected, bare).state).toBe("present");
  });
});
