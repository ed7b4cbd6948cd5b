import type { EndpointAddress, EndpointSubset, ServicePort } from "kubernetes-types/core/v1";
import { type Evidence, get } from "../evidence/evidence.ts";
import { type ObjectRef, ref } from "../evidence/object-ref.ts";
import { type Observed, present } from "../evidence/observed.ts";
import { compareText, items, maybe } from "./shape.ts";
import type { EndpointsView, EndpointView, Route } from "./views.ts";

/** The same view from an Endpoints object of v1, for evidence that has no EndpointSlices. */
export function endpointsOfV1(
  evidence: Evidence,
  route: Route,
  port: ServicePort | undefined,
  manual: boolean,
): Observed<EndpointsView> {
  const { name, namespace } = route.backend.service;
  const found = get(evidence, "endpoints", name, namespace);
  if (found.state === "unknown") return found;
  const subsets = found.state === "present" ? items(found.value.subsets) : [];
  const source = ref("Endpoints", name, namespace);
  const all = subsets
    .flatMap((subset) => endpointsOf(subset, port, source))
    .sort((a, b) => compareText(`${a.ip} ${a.port ?? ""}`, `${b.ip} ${b.port ?? ""}`));
  const withPort = subsets.some((subset) => portsOf(subset, port).length > 0);
  return present({
    from: "Endpoints",
    all,
    ready: all.filter((e) => e.ready),
    slices: found.state === "present" ? 1 : 0,
    slicesWithoutPort: subsets.length > 0 && !withPort ? [source] : [],
    manual,
  });
}

function portsOf(subset: EndpointSubset, port: ServicePort | undefined): number[] {
  if (port === undefined) return [];
  return items(subset.ports)
    .filter((p) => (p.name ?? "") === (port.name ?? "") && (p.protocol ?? "TCP") === (port.protocol ?? "TCP"))
    .map((p) => p.port);
}

function endpointsOf(
  subset: EndpointSubset,
  port: ServicePort | undefined,
  source: ObjectRef,
): EndpointView[] {
  const ports = portsOf(subset, port);
  const each = ports.length === 0 ? [undefined] : ports;
  const view = (address: EndpointAddress, ready: boolean) =>
    each.map((p): EndpointView => ({
      ip: address.ip,
      ...maybe("port", p),
      ready,
      serving: ready,
      terminating: false,
      ...(address.targetRef?.kind === "Pod"
        ? { pod: ref("Pod", address.targetRef.name ?? "", address.targetRef.namespace ?? source.namespace) }
        : {}),
      ...maybe("node", address.nodeName),
      slice: source,
      family: address.ip.includes(":") ? "IPv6" : "IPv4",
    }));
  return [
    ...items(subset.addresses).flatMap((a) => view(a, true)),
    ...items(subset.notReadyAddresses).flatMap((a) => view(a, false)),
  ];
}
