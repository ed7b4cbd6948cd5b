import type { Service } from "kubernetes-types/core/v1";
import type { Evidence } from "../evidence/evidence.ts";
import { mapObserved, type Observed, present, unknown } from "../evidence/observed.ts";
import { hopOfFormats } from "../logs/log-hop.ts";
import { type GatewayScan, trafficFor } from "../logs/scan-gateway.ts";
import type { GatewaySignal, Traffic } from "../logs/traffic.ts";
import { gatewayScan, hasLogOf } from "./gateway-logs.ts";
import { isServedBy } from "./served-by.ts";
import { items } from "./shape.ts";
import type { EndpointsView, Facts, Gateway, GatewaySettings, Route } from "./views.ts";

/** The requests of this route in the gateway's logs, successes included. */
export function deriveTraffic(
  evidence: Evidence,
  route: Route,
  service: Observed<Service>,
  gateway: Observed<Gateway>,
  settings: Observed<GatewaySettings>,
  endpoints: () => Observed<EndpointsView>,
): Observed<Traffic> {
  const scanned = readableScan(evidence);
  if (scanned.state !== "present") return scanned;
  const scan = scanned.value;
  const pods = gateway.state === "present" ? gateway.value.pods.map((p) => p.ref) : [];
  if (pods.length > 0 && !hasLogOf(evidence, pods)) {
    return unknown(
      "gateway-log",
      `no log of the route's gateway (${pods[0]?.namespace}/${pods[0]?.name}) was read`,
    );
  }
  const names = upstreamNames(route, service, Object.hasOwn(scan.formats, "haproxy"));
  const ours = (name: string): boolean => names.has(name.replace(/@.*$/, ""));
  const isNamed = scan.buckets.some((b) => hasName(b.upstreamName));
  if (route.rule === undefined && !isNamed && scan.buckets.length > 0) {
    return unknown(
      "gateway-log",
      `the log's lines name no upstream, so those for ${route.target} cannot be told`,
    );
  }
  const namesCanaries = Object.hasOwn(scan.formats, "ingress-nginx");
  if (route.role === "canary" && !namesCanaries && !scan.buckets.some((b) => ours(b.upstreamName))) {
    return unknown("gateway-log", "the log counts what a canary took under its primary backend");
  }
  const isUnderstood =
    hopOfFormats(scan.formats) === undefined &&
    ((namesUpstreams.has(route.gatewayKind) && !Object.hasOwn(scan.formats, namesRouters)) ||
      Object.hasOwn(scan.formats, "ingress-nginx") ||
      scan.buckets.some((b) => ours(b.upstreamName)));
  const inner = scan.stations?.[0]?.hop;
  const addresses = (): ReadonlySet<string> => addressesOf(endpoints());
  const belongs: Parameters<typeof trafficFor>[1] = ({ upstreamName, host, path, handedOnFrom, hop }) => {
    // What a gateway inside logged as well counts once, as it saw it.
    if (hop !== undefined && hop !== inner) return false;
    if (handedOnFrom !== undefined && addresses().has(handedOnFrom)) return true;
    const decides = isUnderstood && hasName(upstreamName);
    return ours(upstreamName) || (!decides && isServedBy(evidence, route, host, path));
  };
  return present(trafficFor(scan, belongs, timersOf(settings)));
}

/** "ip:port" of the Service's endpoints, as the gateway's log writes them. */
const addressesOf = (endpoints: Observed<EndpointsView>): ReadonlySet<string> =>
  new Set(
    endpoints.state === "present"
      ? endpoints.value.all.map((e) => `${e.family === "IPv6" ? `[${e.ip}]` : e.ip}:${e.port}`)
      : [],
  );

/** The route's own timers, by which a bare 504 is told apart; undefined where they are not known. */
function timersOf(settings: Observed<GatewaySettings>): Parameters<typeof trafficFor>[2] {
  if (settings.state !== "present") return undefined;
  const { connectTimeoutMs, readTimeoutMs } = settings.value;
  return { connectTimeoutMs: connectTimeoutMs.value, readTimeoutMs: readTimeoutMs.value };
}

/** Requests and failures of the gateway as a whole, for telling one route's trouble from everybody's. */
export function deriveGatewayTraffic(evidence: Evidence): Observed<Facts["gatewayTraffic"]> {
  return mapObserved(readableScan(evidence), (scan) => scan.gatewayTraffic);
}

/** Unknown when only access lines were read: the controller's own words are in its container's log. */
export function deriveGatewayLog(evidence: Evidence): Observed<readonly GatewaySignal[]> {
  const scan = gatewayScan(evidence);
  if (scan.state !== "present") return scan;
  const { lines, signals } = scan.value;
  if (lines.error + lines.other > 0) return present(signals);
  return unknown("gateway-log", "only access lines were read, none of the gateway's own");
}

function readableScan(evidence: Evidence): Observed<GatewayScan> {
  const scan = gatewayScan(evidence);
  if (scan.state !== "present" || scan.value.lines.access > 0) return scan;
  return unknown(
    "gateway-log",
    `none of the ${scan.value.lines.total} lines that were read is an access line`,
  );
}

/** Gateways whose upstream names are understood; of the others only host and path are. */
const namesUpstreams: ReadonlySet<string> = new Set(["ingress-nginx", "traefik"]);

/** Traefik's `common` lines have the router, and no Service. */
const namesRouters = "traefik";

const hasName = (upstreamName: string): boolean => upstreamName !== "" && upstreamName !== "-";

/**
 * ingress-nginx names an upstream NAMESPACE-SERVICE-PORT with the port as the rule writes it
 * (internal/ingress/controller/util.go `upstreamName`), Traefik adds "@kubernetes". HAProxy's controllers
 * write the Service port's name or target, however the rule has it. Without a rule every port of the Service counts.
 */
function upstreamNames(route: Route, service: Observed<Service>, isHaproxy: boolean): ReadonlySet<string> {
  const { name, namespace } = route.backend.service;
  if (route.isDefaultBackend && route.rule === undefined) return new Set(["upstream-default-backend"]);
  const { port } = route.backend;
  const ports = service.state === "present" ? items(service.value.spec?.ports) : [];
  const ofRule = port?.number !== undefined && port.number > 0 ? port.number : port?.name;
  const meant = ports.filter((p) => route.rule === undefined || p.port === ofRule || p.name === ofRule);
  const written: readonly (string | number | undefined)[] =
    route.rule === undefined || isHaproxy
      ? [
          ...meant.flatMap((p) => [p.port, p.name, p.targetPort]),
          route.rule === undefined ? undefined : ofRule,
        ]
      : [ofRule];
  return new Set(written.filter((p) => p !== undefined && p !== "").map((p) => `${namespace}-${name}-${p}`));
}
