import type { Service, ServicePort } from "kubernetes-types/core/v1";
import { type Evidence, get } from "../evidence/evidence.ts";
import { refText } from "../evidence/object-ref.ts";
import { absent, type Observed, present } from "../evidence/observed.ts";
import { objectsOf, wholeList } from "./coverage.ts";
import { items } from "./shape.ts";
import type { Route, RouteBackend } from "./views.ts";

export function deriveService(evidence: Evidence, route: Route): Observed<Service> {
  const { service } = route.backend;
  if (service.kind !== "Service") return absent(`the backend is ${refText(service)}, not a Service`);
  return get(evidence, "services", service.name, service.namespace);
}

/** Services of the route's namespace, by name. */
export function deriveServices(evidence: Evidence, route: Route): Observed<readonly Service[]> {
  const listed = wholeList(evidence, "services", route.namespace);
  if (listed.state !== "present") return listed;
  const here = new Set(listed.value);
  return present(objectsOf(evidence, "services").filter((s) => here.has(s)));
}

export interface PortMatch {
  readonly port: ServicePort;
  /** "targetPort": only ingress-nginx reads a rule's port that way; elsewhere it would not match. */
  readonly by: "number" | "name" | "targetPort" | "first";
}

/** The Service port that the rule's backend means; absent says which ports exist. */
export function deriveServicePort(service: Observed<Service>, route: Route): Observed<ServicePort> {
  if (service.state !== "present") return service;
  const match = matchServicePort(service.value, route);
  if (match !== undefined) return present(match.port);
  const asked = portText(route.backend.port);
  const known = items(service.value.spec?.ports).map(servicePortText);
  const has = known.length === 0 ? "it has no ports" : `it has ${known.join(", ")}`;
  return absent(`${refText(route.backend.service)} has no port ${asked}; ${has}`);
}

/**
 * Number equals `port`, name equals `name`; an unnamed port is not met by a missing name. In
 * ingress-nginx the first port wins whose number, name or targetPort is written like the rule's
 * port (internal/ingress/controller/controller.go `serviceEndpoints`).
 */
export function matchServicePort(service: Service, route: Route): PortMatch | undefined {
  const ports = items(service.spec?.ports);
  const asked = route.backend.port;
  if (asked === undefined && route.rule === undefined) {
    const first = ports.find((p) => (p.protocol ?? "TCP") === "TCP") ?? ports[0];
    return first === undefined ? undefined : { port: first, by: "first" };
  }
  const number = asked?.number !== undefined && asked.number > 0 ? asked.number : undefined;
  const name = number === undefined && asked?.name !== "" ? asked?.name : undefined;
  for (const port of ports) {
    if (number !== undefined && port.port === number) return { port, by: "number" };
    if (name !== undefined && port.name === name) return { port, by: "name" };
    if (route.gatewayKind === "ingress-nginx" && isWrittenAs(port, String(number ?? name ?? ""))) {
      return { port, by: port.port === Number(name) ? "number" : "targetPort" };
    }
  }
  return undefined;
}

function isWrittenAs(port: ServicePort, asked: string): boolean {
  if (asked === "") return false;
  const target = port.targetPort ?? port.port;
  return String(port.port) === asked || String(target) === asked || port.name === asked;
}

/** "80", "\"http\"", or "(none)" when the rule names no port. */
function portText(port: RouteBackend["port"]): string {
  if (port?.number !== undefined && port.number > 0) return String(port.number);
  return port?.name === undefined || port.name === "" ? "(none written)" : `"${port.name}"`;
}

/** "80 (http) → 8080", with the protocol when it is not TCP. */
function servicePortText(port: ServicePort): string {
  const name = port.name === undefined || port.name === "" ? "" : ` (${port.name})`;
  const protocol = port.protocol === undefined || port.protocol === "TCP" ? "" : `/${port.protocol}`;
  return `${port.port}${protocol}${name} → ${port.targetPort ?? port.port}`;
}
