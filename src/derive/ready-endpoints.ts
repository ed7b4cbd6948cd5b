import type { Service } from "kubernetes-types/core/v1";
import { type Evidence, list, nameOf, namespaceOf } from "../evidence/evidence.ts";
import { readWhole } from "./coverage.ts";
import { readByLabel } from "./read-everywhere.ts";
import { items, texts } from "./shape.ts";

const serviceLabel = "kubernetes.io/service-name";

/**
 * How many ready addresses a Service has, whatever the port; undefined when its EndpointSlices and
 * its Endpoints were not read. A list read by selector says nothing about Services outside it.
 */
export function readyEndpointsOf(evidence: Evidence, service: Service): number | undefined {
  if (service.spec?.type === "ExternalName") return undefined;
  return fromSlices(evidence, service) ?? fromEndpoints(evidence, service);
}

function fromSlices(evidence: Evidence, service: Service): number | undefined {
  const namespace = namespaceOf(service);
  const listed = list(evidence, "endpointslices", namespace);
  if (listed.state !== "present") return undefined;
  const own = listed.value.filter((s) => texts(s.metadata?.labels)[serviceLabel] === nameOf(service));
  const asked = readByLabel(evidence, "endpointslices", namespace, serviceLabel, nameOf(service));
  if (own.length === 0 && !asked) return undefined;
  const ready = own.flatMap((s) => items(s.endpoints)).filter((e) => e.conditions?.ready !== false);
  return new Set(ready.flatMap((e) => items(e.addresses).slice(0, 1))).size;
}

function fromEndpoints(evidence: Evidence, service: Service): number | undefined {
  const namespace = namespaceOf(service);
  const listed = list(evidence, "endpoints", namespace);
  if (listed.state !== "present") return undefined;
  const own = listed.value.find((e) => nameOf(e) === nameOf(service));
  if (own === undefined) return readWhole(evidence, "endpoints", namespace) ? 0 : undefined;
  const addresses = items(own.subsets).flatMap((s) => items(s.addresses));
  return new Set(addresses.map((a) => a.ip)).size;
}
