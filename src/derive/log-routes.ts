import type { ObjectRef } from "../evidence/object-ref.ts";
import { type GatewayScan, trafficFor } from "../logs/scan-gateway.ts";
import type { Traffic } from "../logs/traffic.ts";
import type { GatewayKind, Route } from "./views.ts";

/** The requests that a log counts under one name of an upstream, as a route whose objects nobody read. */
export interface LogRoute {
  readonly route: Route;
  /** As the log writes it; empty for lines that name none. */
  readonly upstreamName: string;
  readonly traffic: Traffic;
}

/** One for each name of an upstream in the log, the one with most failures first. */
export function logRoutes(
  scan: GatewayScan,
  skip: (upstreamName: string) => boolean = () => false,
): LogRoute[] {
  const names = [...new Set(scan.buckets.map((bucket) => bucket.upstreamName))].filter((name) => !skip(name));
  const gatewayKind = gatewayKindOf(scan.formats);
  return names
    .map((upstreamName): LogRoute => {
      const traffic = trafficFor(scan, (key) => key.upstreamName === upstreamName);
      return { upstreamName, traffic, route: routeOf(upstreamName, gatewayKind) };
    })
    .sort((a, b) => weightOf(b.traffic) - weightOf(a.traffic) || (a.upstreamName < b.upstreamName ? -1 : 1));
}

/** What clients saw fail counts before what retries hid. */
const weightOf = (traffic: Traffic): number => traffic.failures.length * 1000 + traffic.masked.length;

function routeOf(upstreamName: string, gatewayKind: GatewayKind): Route {
  const service = serviceOf(upstreamName);
  return {
    target: isNamed(upstreamName) ? upstreamName : "all requests",
    namespace: service.namespace ?? "default",
    gatewayKind,
    backend: { service },
    role: "primary",
    isDefaultBackend: false,
  };
}

const isNamed = (upstreamName: string): boolean => upstreamName !== "" && upstreamName !== "-";

/**
 * ingress-nginx writes NAMESPACE-SERVICE-PORT, and each part may have hyphens: only three plain parts can be told
 * apart (kubernetes/ingress-nginx internal/ingress/controller/util.go `upstreamName`). Any other name stays whole.
 */
function serviceOf(upstreamName: string): ObjectRef {
  const [namespace, name, port, more] = upstreamName.replace(/@.*$/, "").split("-");
  if (namespace && name && port && more === undefined) return { kind: "Service", namespace, name };
  return { kind: "upstream", name: isNamed(upstreamName) ? upstreamName : "of every request" };
}

/** Envoy's formats are shared by several gateways, so they name none. */
const kinds: Readonly<Record<string, GatewayKind>> = {
  "ingress-nginx": "ingress-nginx",
  "nginx-f5": "nginx-ingress",
  traefik: "traefik",
  "traefik-json": "traefik",
  "traefik-generic": "traefik",
  haproxy: "haproxy",
  kong: "kong",
  "aws-alb": "aws-lbc",
};

/** The kind of the gateway that wrote most lines. */
function gatewayKindOf(formats: Readonly<Record<string, number>>): GatewayKind {
  const [most] = Object.entries(formats)
    .filter(([name]) => Object.hasOwn(kinds, name))
    .sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  return most === undefined ? "unknown" : (kinds[most[0]] ?? "unknown");
}
