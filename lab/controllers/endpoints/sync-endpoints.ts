import type { Endpoints, Pod, Service } from "kubernetes-types/core/v1";
import { isDeepStrictEqual } from "node:util";
import type { Machine } from "../../machine/machine.ts";
import { isBeingDeleted, nameOf, namespaceOf, objectOf, uidOf, untyped } from "../objects.ts";
import { isReady } from "../pod-state.ts";
import { addressOf, podsOf, protocolOf, targetPortIn } from "./service-pods.ts";
import { headlessLabel, isHeadless } from "./sync-slices.ts";

type Subset = NonNullable<Endpoints["subsets"]>[number];
type Port = NonNullable<Subset["ports"]>[number];

const managedByLabel = "endpoints.kubernetes.io/managed-by";

/** Writes the Endpoints object of one Service: the older form, without terminating pods (kubernetes pkg/controller/endpoint/endpoints_controller.go). */
export function syncEndpoints(machine: Machine, service: Service): void {
  const { store, writes } = machine;
  const before = objectOf(store, "endpoints", nameOf(service), namespaceOf(service));
  const isPublished = service.spec?.publishNotReadyAddresses === true;
  const pods = podsOf(store, service).filter((pod) => isPublished || !isBeingDeleted(pod));
  const subsets = subsetsOf(service, pods);
  const labels = {
    ...service.metadata?.labels,
    ...(isHeadless(service) ? { [headlessLabel]: "" } : {}),
    [managedByLabel]: "endpoint-controller",
  };
  if (before === undefined) {
    const metadata = { name: nameOf(service), namespace: namespaceOf(service), labels };
    writes.create("endpoints", untyped({ metadata, ...(subsets.length > 0 ? { subsets } : {}) }));
    return;
  }
  if (isDeepStrictEqual(before.subsets ?? [], subsets) && isDeepStrictEqual(before.metadata?.labels, labels))
    return;
  const { subsets: _before, ...rest } = before;
  const metadata = { ...before.metadata, labels };
  writes.update("endpoints", untyped({ ...rest, metadata, ...(subsets.length > 0 ? { subsets } : {}) }));
}

/** Addresses with the same ports are one subset, in order of address (kubernetes pkg/api/v1/endpoints/util.go RepackSubsets). */
function subsetsOf(service: Service, pods: readonly Pod[]): Subset[] {
  const isPublished = service.spec?.publishNotReadyAddresses === true;
  const subsets = new Map<string, { ports: Port[]; ready: Pod[]; notReady: Pod[] }>();
  for (const pod of pods) {
    const ports = portsIn(service, pod);
    if (ports.length === 0) continue;
    const key = JSON.stringify(ports);
    const subset = subsets.get(key) ?? { ports, ready: [], notReady: [] };
    subset[isPublished || isReady(pod) ? "ready" : "notReady"].push(pod);
    subsets.set(key, subset);
  }
  return [...subsets.values()].map(({ ports, ready, notReady }) => ({
    ...(ready.length > 0 ? { addresses: addresses(ready) } : {}),
    ...(notReady.length > 0 ? { notReadyAddresses: addresses(notReady) } : {}),
    ports,
  }));
}

const portsIn = (service: Service, pod: Pod): Port[] =>
  (service.spec?.ports ?? []).flatMap((port) => {
    const number = targetPortIn(pod, port);
    const name = port.name ?? "";
    if (number === undefined) return [];
    return [{ ...(name === "" ? {} : { name }), port: number, protocol: protocolOf(port) }];
  });

const addresses = (pods: readonly Pod[]): NonNullable<Subset["addresses"]> =>
  pods
    .map((pod) => ({
      ip: addressOf(pod) ?? "",
      ...(pod.spec?.nodeName === undefined ? {} : { nodeName: pod.spec.nodeName }),
      targetRef: { kind: "Pod", namespace: namespaceOf(pod), name: nameOf(pod), uid: uidOf(pod) },
    }))
    .sort((a, b) => (a.ip < b.ip ? -1 : 1));
