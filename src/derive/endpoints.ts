import type { Service, ServicePort } from "kubernetes-types/core/v1";
import type { Endpoint, EndpointSlice } from "kubernetes-types/discovery/v1";
import { type Evidence, list, nameOf, namespaceOf } from "../evidence/evidence.ts";
import { type ObjectRef, ref, refText } from "../evidence/object-ref.ts";
import { absent, type Observed, present, unknown } from "../evidence/observed.ts";
import { objectsOf, readForLabels } from "./coverage.ts";
import { endpointsOfV1 } from "./endpoints-v1.ts";
import { oncePer } from "./once.ts";
import { serviceSelector } from "./selectors.ts";
import { compareText, items, maybe, texts } from "./shape.ts";
import type { EndpointsView, EndpointView, Route } from "./views.ts";

const serviceLabel = "kubernetes.io/service-name";

/**
 * Endpoints of the Service from its EndpointSlices, with the port each is reached on for the
 * route's Service port. Endpoints of v1 are read only when no slices were.
 */
export function deriveEndpoints(
  evidence: Evidence,
  route: Route,
  service: Observed<Service>,
  servicePort: Observed<ServicePort>,
): Observed<EndpointsView> {
  if (service.state !== "present") return service;
  const { value } = service;
  if (value.spec?.type === "ExternalName") {
    const name = value.spec.externalName ?? "";
    return absent(`${refText(route.backend.service)} is of type ExternalName (${name}): it has no endpoints`);
  }
  const port = servicePort.state === "present" ? servicePort.value : undefined;
  const manual = serviceSelector(value) === undefined;
  const slices = list(evidence, "endpointslices", route.namespace);
  const own =
    slices.state === "present"
      ? (slicesByService(evidence).get(`${route.namespace}/${nameOf(value)}`) ?? [])
      : [];
  const label = { [serviceLabel]: nameOf(value) };
  if (own.length > 0 || readForLabels(evidence, "endpointslices", route.namespace, label)) {
    return present(viewOf(own, port, manual, route));
  }
  const fallback = endpointsOfV1(evidence, route, port, manual);
  if (fallback.state !== "unknown") return fallback;
  return unknown(
    "endpoints",
    slices.state === "unknown" ? slices.reason : "the Service's EndpointSlices were not read",
  );
}

const slicesByService = oncePer((evidence: Evidence): ReadonlyMap<string, readonly EndpointSlice[]> =>
  Map.groupBy(
    objectsOf(evidence, "endpointslices"),
    (slice) => `${namespaceOf(slice)}/${texts(slice.metadata?.labels)[serviceLabel] ?? ""}`,
  ),
);

function viewOf(
  slices: readonly EndpointSlice[],
  port: ServicePort | undefined,
  manual: boolean,
  route: Route,
): EndpointsView {
  const read = slices.map((slice) => ({ slice, ports: slicePorts(slice, port, route) }));
  const all = distinct(read.flatMap(({ slice, ports }) => endpointsOf(slice, ports)));
  return {
    from: "EndpointSlice",
    all,
    ready: all.filter((e) => e.ready),
    slices: slices.length,
    slicesWithoutPort: read.filter(({ ports }) => ports.length === 0).map(({ slice }) => refOf(slice)),
    manual,
  };
}

/**
 * Ports of a slice for a Service port: the one with the same name (none and "" are the same name)
 * and protocol. ingress-nginx also falls back on a numeric targetPort, and takes any port for an
 * unnamed Service port (internal/ingress/controller/endpointslices.go).
 */
function slicePorts(slice: EndpointSlice, port: ServicePort | undefined, route: Route): (number | null)[] {
  if (port === undefined) return [];
  const isNginx = route.gatewayKind === "ingress-nginx";
  const target = isNginx && typeof port.targetPort === "number" ? port.targetPort : undefined;
  const written = items(slice.ports);
  if (written.length === 0) return target === undefined ? [] : [target];
  const sameProtocol = written.filter((p) => (p.protocol ?? "TCP") === (port.protocol ?? "TCP"));
  const named = sameProtocol.filter((p) => (p.name ?? "") === (port.name ?? ""));
  if (named.length > 0) return named.map((p) => p.port ?? null);
  if (!isNginx) return [];
  if ((port.name ?? "") === "") return sameProtocol.flatMap((p) => p.port ?? []);
  return target === undefined || sameProtocol.length === 0 ? [] : [target];
}

/** A port of null in a slice means "not restricted": the endpoint is listed without a port. */
function endpointsOf(slice: EndpointSlice, ports: readonly (number | null)[]): EndpointView[] {
  const each = ports.length === 0 ? [null] : ports;
  return items(slice.endpoints).flatMap((endpoint) =>
    items(endpoint.addresses).flatMap((ip) => each.map((port) => endpointOf(slice, endpoint, ip, port))),
  );
}

/** Absent conditions: ready counts as true, serving as ready, terminating as false (discovery/v1 EndpointConditions). */
function endpointOf(slice: EndpointSlice, endpoint: Endpoint, ip: string, port: number | null): EndpointView {
  const ready = endpoint.conditions?.ready ?? true;
  const target = endpoint.targetRef;
  const isPod = target?.kind === "Pod" && typeof target.name === "string";
  return {
    ip,
    ...maybe("port", port),
    ready,
    serving: endpoint.conditions?.serving ?? ready,
    terminating: endpoint.conditions?.terminating ?? false,
    ...(isPod ? { pod: ref("Pod", target.name ?? "", target.namespace ?? namespaceOf(slice)) } : {}),
    ...maybe("node", endpoint.nodeName),
    slice: refOf(slice),
    family: slice.addressType === "IPv6" || slice.addressType === "FQDN" ? slice.addressType : "IPv4",
  };
}

const refOf = (slice: EndpointSlice): ObjectRef => ref("EndpointSlice", nameOf(slice), namespaceOf(slice));

/** While slices are rebalanced one address may be in two; the ready one counts. */
function distinct(endpoints: readonly EndpointView[]): EndpointView[] {
  const byAddress = new Map<string, EndpointView>();
  for (const endpoint of endpoints) {
    const key = addressKey(endpoint);
    const known = byAddress.get(key);
    if (known === undefined || (!known.ready && endpoint.ready)) byAddress.set(key, endpoint);
  }
  return [...byAddress.values()].sort((a, b) => compareText(addressKey(a), addressKey(b)));
}

const addressKey = (e: EndpointView): string => `${e.ip} ${e.port ?? ""}`;
