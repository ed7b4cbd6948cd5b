import { describe, expect, it } from "vitest";
import { deriveEndpoints } from "../../src/derive/endpoints.ts";
import { deriveService, deriveServicePort } from "../../src/derive/service-port.ts";
import type { EndpointsView, GatewayKind, Route } from "../../src/derive/views.ts";
import type { Observed } from "../../src/evidence/observed.ts";
import { evidenceOf, type EvidenceOptions } from "../support/evidence.ts";
import { service, slice } from "./objects.ts";

const routeTo = (gatewayKind: GatewayKind = "traefik"): Route => ({
  target: "service/cart",
  namespace: "shop",
  gatewayKind,
  backend: { service: { kind: "Service", namespace: "shop", name: "cart" } },
  role: "primary",
  isDefaultBackend: false,
});

function derive(
  objects: readonly object[],
  options?: EvidenceOptions,
  kind?: GatewayKind,
): Observed<EndpointsView> {
  const evidence = evidenceOf(objects, options);
  const route = routeTo(kind);
  const found = deriveService(evidence, route);
  return deriveEndpoints(evidence, route, found, deriveServicePort(found, route));
}

function view(objects: readonly object[], kind?: GatewayKind): EndpointsView {
  const derived = derive(objects, {}, kind);
  if (derived.state !== "present") throw new Error(`endpoints are ${derived.state}`);
  return derived.value;
}

const addresses = (endpoints: EndpointsView["all"]): string[] =>
  endpoints.map((e) => `${e.ip}:${e.port ?? "-"}`);
const at = (ip: string, conditions?: object): object => ({
  addresses: [ip],
  ...(conditions && { conditions }),
});
const http = service("cart", [{ name: "http", port: 80, targetPort: "http" }]);
const numeric = service("cart", [{ name: "http", port: 80, targetPort: 8080 }]);
const unnamed = service("cart", [{ port: 80, targetPort: 8080 }]);
const port = (name: string | null, number: number | null = 8080, protocol = "TCP"): object => ({
  name,
  port: number,
  protocol,
});

describe("conditions of an endpoint", () => {
  it.each([
    [undefined, { ready: true, serving: true, terminating: false }],
    [{}, { ready: true, serving: true, terminating: false }],
    [
      { ready: null, serving: null, terminating: null },
      { ready: true, serving: true, terminating: false },
    ],
    [{ ready: false }, { ready: false, serving: false, terminating: false }],
    [
      { ready: false, serving: true, terminating: true },
      { ready: false, serving: true, terminating: true },
    ],
  ])("%j means %j", (conditions, expected) => {
    const [endpoint] = view([
      http,
      slice({ ports: [port("http")], endpoints: [at("10.0.0.1", conditions)] }),
    ]).all;
    expect(endpoint).toMatchObject(expected);
  });
});

const one = (svc: object, ports: readonly object[] | null, kind?: GatewayKind): EndpointsView =>
  view([svc, slice({ ports, endpoints: [at("10.0.0.1")] })], kind);

describe("the port of an endpoint", () => {
  it("is that of the slice's port with the Service port's name and protocol", () => {
    const ports = [port("metrics", 9090), port("http", 8443, "UDP"), port("http", 8080)];
    expect(addresses(one(http, ports).all)).toEqual(["10.0.0.1:8080"]);
    expect(one(http, ports).slicesWithoutPort).toEqual([]);
  });

  it("of an unnamed Service port is the unnamed one, written as empty, null or left out", () => {
    for (const name of ["", null]) {
      expect(addresses(one(unnamed, [port("metrics", 9090), port(name)]).all)).toEqual(["10.0.0.1:8080"]);
    }
    expect(addresses(one(unnamed, [{ port: 8080, protocol: "TCP" }]).all)).toEqual(["10.0.0.1:8080"]);
  });

  it("is missing when the slice has no such name, no ports, or ports of null", () => {
    for (const ports of [[port("other")], [], null]) {
      const found = one(http, ports);
      expect(addresses(found.all)).toEqual(["10.0.0.1:-"]);
      expect(found.slicesWithoutPort).toEqual([{ kind: "EndpointSlice", namespace: "shop", name: "cart-1" }]);
      expect(found.ready).toHaveLength(1);
    }
  });

  it("may be unrestricted: then it has no number but is not missing", () => {
    const found = one(http, [port("http", null)]);
    expect(addresses(found.all)).toEqual(["10.0.0.1:-"]);
    expect(found.slicesWithoutPort).toEqual([]);
  });

  it("is looser in ingress-nginx: a numeric targetPort steps in, an unnamed Service port takes any", () => {
    for (const ports of [[port("other", 9999)], [], null]) {
      expect(addresses(one(numeric, ports, "ingress-nginx").all)).toEqual(["10.0.0.1:8080"]);
      expect(addresses(one(numeric, ports, "traefik").all)).toEqual(["10.0.0.1:-"]);
      expect(addresses(one(http, ports, "ingress-nginx").all)).toEqual(["10.0.0.1:-"]);
    }
    expect(addresses(one(unnamed, [port("web", 9999)], "ingress-nginx").all)).toEqual(["10.0.0.1:9999"]);
    expect(addresses(one(unnamed, [port("web", 9999)], "traefik").all)).toEqual(["10.0.0.1:-"]);
  });
});

describe("several slices", () => {
  it("are put together, dual stack included, each address once", () => {
    const found = view([
      http,
      slice({
        name: "cart-2",
        ports: [port("http")],
        endpoints: [at("10.0.0.2"), at("10.0.0.1", { ready: false })],
      }),
      slice({ name: "cart-1", ports: [port("http")], endpoints: [at("10.0.0.1")] }),
      slice({ name: "cart-6", addressType: "IPv6", ports: [port("http")], endpoints: [at("fd00::1")] }),
      slice({ name: "card-1", service: "card", ports: [port("http")], endpoints: [at("10.0.0.9")] }),
    ]);
    expect(found.slices).toBe(3);
    expect(addresses(found.all)).toEqual(["10.0.0.1:8080", "10.0.0.2:8080", "fd00::1:8080"]);
    expect(addresses(found.ready)).toEqual(addresses(found.all));
    expect(found.all.map((e) => e.family)).toEqual(["IPv4", "IPv4", "IPv6"]);
  });

  it("of another namespace do not count", () => {
    const elsewhere = slice({ ports: [port("http")], endpoints: [at("10.0.0.1")] }) as { metadata: object };
    Object.assign(elsewhere.metadata, { namespace: "blog" });
    expect(view([http, elsewhere]).all).toEqual([]);
  });

  it("may be none: then there are no endpoints, which is not unknown", () => {
    expect(derive([http])).toMatchObject({ state: "present", value: { slices: 0, all: [], ready: [] } });
  });
});

describe("what stands behind an endpoint", () => {
  it("is a pod, with its node, when the slice says so", () => {
    const endpoint = {
      addresses: ["10.0.0.1"],
      nodeName: "worker-1",
      targetRef: { kind: "Pod", name: "cart-0" },
    };
    expect(view([http, slice({ ports: [port("http")], endpoints: [endpoint] })]).all).toMatchObject([
      { node: "worker-1", pod: { kind: "Pod", namespace: "shop", name: "cart-0" } },
    ]);
  });

  it("is made by hand for a Service without a selector", () => {
    const manual = service("cart", [{ port: 80, targetPort: 8080 }], {});
    expect(view([manual, slice({ endpoints: [at("192.0.2.7")] })])).toMatchObject({ manual: true });
    expect(view([unnamed, slice({ endpoints: [at("192.0.2.7")] })])).toMatchObject({ manual: false });
  });
});

describe("endpoints that cannot be told", () => {
  const v1 = {
    apiVersion: "v1",
    kind: "Endpoints",
    metadata: { name: "cart", namespace: "shop" },
    subsets: [
      {
        addresses: [{ ip: "10.0.0.1", nodeName: "worker-1", targetRef: { kind: "Pod", name: "cart-0" } }],
        notReadyAddresses: [{ ip: "10.0.0.2" }],
        ports: [{ name: "http", port: 8080, protocol: "TCP" }],
      },
    ],
  };

  it("are absent for ExternalName and without a Service", () => {
    const external = service("cart", [{ port: 80 }], {
      type: "ExternalName",
      externalName: "cart.example.org",
    });
    expect(derive([external])).toMatchObject({ state: "absent" });
    expect(derive([])).toMatchObject({ state: "absent" });
  });

  it("are read from Endpoints only when slices were not", () => {
    const fallback = derive([http, v1], { unknown: ["endpointslices"] });
    expect(fallback).toMatchObject({
      state: "present",
      value: {
        from: "Endpoints",
        all: [
          { ip: "10.0.0.1", port: 8080, ready: true, pod: { name: "cart-0", namespace: "shop" } },
          { ip: "10.0.0.2", port: 8080, ready: false, serving: false },
        ],
        slicesWithoutPort: [],
      },
    });
    expect(derive([http, v1])).toMatchObject({ value: { from: "EndpointSlice", all: [] } });
    expect(derive([numeric, { ...v1, subsets: [] }], { unknown: ["endpointslices"] })).toMatchObject({
      value: { all: [], slicesWithoutPort: [] },
    });
  });

  it("are unknown when neither was read, whatever the pods say", () => {
    const neither = derive([http], {
      unknown: { endpointslices: "not in the bundle", endpoints: "not in the bundle" },
    });
    expect(neither).toEqual({ state: "unknown", evidence: "endpoints", reason: "not in the bundle" });
    expect(derive([], { unknown: ["services"] }).state).toBe("unknown");
  });
});
