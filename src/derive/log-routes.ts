import type { ObjectRef } from "../evidence/object-ref.ts";
import { type GatewayScan, trafficFor } from "../logs/scan-gateway.ts";
import type { LogHop, Traffic } from "../logs/traffic.ts";
import type { GatewayKind, Route } from "./views.ts";

/** The requests that a log counts under one name of an upstream, as a route whose objects nobody read. */
export interface LogRoute {
  readonly route: Route;
  /** As the log writes it; empty for lines that name none. */
  readonly upstreamName: string;
  readonly traffic: Traffic;
}

/** One for each name of an upstream in the log, the one with most failures first. */
export function logRoutes(scan: GatewayScan): LogRoute[] {
  const gatewayKind = gatewayKindOf(scan.formats);
  const isOfSeveral = (scan.stations ?? []).length > 1;
  const named = new Map(
    scan.buckets.map(({ hop, upstreamName }) => [`${hop} ${upstreamName}`, { hop, upstreamName }]),
  );
  return [...named.values()]
    .map(({ hop, upstreamName }): LogRoute => {
      const traffic = trafficFor(scan, (key) => key.hop === hop && key.upstreamName === upstreamName);
      const route = routeOf(upstreamName, hop === undefined ? gatewayKind : kindOfHop(hop, scan));
      const where = isOfSeveral && hop !== undefined ? ` at the ${hop.replace("-", " ")}` : "";
      return { upstreamName, traffic, route: { ...route, target: `${route.target}${where}` } };
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
};

/** Of most stations in front of the cluster no defaults are known. */
function kindOfHop(hop: LogHop, { formats }: GatewayScan): GatewayKind {
  if (hop === "mesh") return "istio";
  return hop === "load-balancer" && Object.hasOwn(formats, "aws-alb") ? "aws-lbc" : "unknown";
}

/** The kind of the gateway that wrote most lines. */
function gatewayKindOf(formats: Readonly<Record<string, number>>): GatewayKind {
  const [most] = Object.entries(formats)
    .filter(([name]) => Object.hasOwn(kinds, name))
    .sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  return most === undefined ? "unknown" : (kinds[most[0]] ?? "unknown");
}
