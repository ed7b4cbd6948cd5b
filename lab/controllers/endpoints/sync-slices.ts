import type { Service } from "kubernetes-types/core/v1";
import type { EndpointSlice } from "kubernetes-types/discovery/v1";
import { isDeepStrictEqual } from "node:util";
import type { KubeObject } from "../../api-server/stored-object.ts";
import type { Machine } from "../../machine/machine.ts";
import {
  controllerReference,
  isBeingDeleted,
  listOf,
  nameOf,
  namespaceOf,
  objectOf,
  untyped,
} from "../objects.ts";
import { randomSuffix } from "../random-suffix.ts";
import { endpointOf, endpointPorts } from "./endpoint.ts";
import { planSlices, portKey, type PortGroup, type SlicePlan } from "./fill-slices.ts";
import { podsOf } from "./service-pods.ts";

export const serviceNameLabel = "kubernetes.io/service-name";
const managedByLabel = "endpointslice.kubernetes.io/managed-by";
const controllerName = "endpointslice-controller.k8s.io";
export const headlessLabel = "service.kubernetes.io/headless";

/** Writes the EndpointSlices of one Service. */
export function syncSlices(machine: Machine, service: Service): void {
  const { store, writes } = machine;
  const existing = listOf(store, "endpointslices", namespaceOf(service)).filter(
    (slice) =>
      slice.metadata?.labels?.[serviceNameLabel] === nameOf(service) &&
      slice.metadata.labels[managedByLabel] === controllerName &&
      !isBeingDeleted(slice),
  );
  const { kept, removed } = planSlices(portGroups(machine, service), existing);
  for (const plan of kept) {
    if (plan.slice === undefined) writes.create("endpointslices", newSlice(service, plan));
    else if (!isAsPlanned(service, plan.slice, plan))
      writes.update("endpointslices", untyped(filled(service, plan.slice, plan)));
  }
  for (const slice of removed) writes.remove("endpointslices", nameOf(slice), namespaceOf(slice));
}

function portGroups({ store }: Machine, service: Service): PortGroup[] {
  const groups = new Map<
    string,
    { ports: PortGroup["ports"]; endpoints: PortGroup["endpoints"][number][] }
  >();
  for (const pod of podsOf(store, service)) {
    const ports = endpointPorts(service, pod);
    const key = ports.map(portKey).sort().join();
    const group = groups.get(key) ?? { ports, endpoints: [] };
    group.endpoints.push(endpointOf(pod, objectOf(store, "nodes", pod.spec?.nodeName ?? ""), service));
    groups.set(key, group);
  }
  return [...groups.values()];
}

const newSlice = (service: Service, plan: SlicePlan): KubeObject =>
  untyped({
    metadata: {
      generateName: `${nameOf(service)}-`,
      name: `${nameOf(service)}-${randomSuffix()}`,
      namespace: namespaceOf(service),
      labels: sliceLabels(service),
      ownerReferences: [controllerReference("services", service)],
    },
    addressType: "IPv4",
    endpoints: plan.endpoints,
    ports: plan.ports,
  });

const filled = (service: Service, slice: EndpointSlice, plan: SlicePlan): object => ({
  ...slice,
  metadata: { ...slice.metadata, labels: sliceLabels(service) },
  endpoints: plan.endpoints,
});

const isAsPlanned = (service: Service, slice: EndpointSlice, plan: SlicePlan): boolean =>
  isDeepStrictEqual(slice.endpoints ?? [], plan.endpoints) &&
  isDeepStrictEqual(slice.metadata?.labels, sliceLabels(service));

/** Those of the Service, and who it is and who made it (kubernetes staging/src/k8s.io/endpointslice/utils.go setEndpointSliceLabels). */
const sliceLabels = (service: Service): Record<string, string> => ({
  ...service.metadata?.labels,
  ...(isHeadless(service) ? { [headlessLabel]: "" } : {}),
  [serviceNameLabel]: nameOf(service),
  [managedByLabel]: controllerName,
});

export const isHeadless = ({ spec }: Service): boolean =>
  spec?.clusterIP === "None" || (spec?.clusterIP ?? "") === "";
