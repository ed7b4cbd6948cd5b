import type { Pod } from "kubernetes-types/core/v1";
import { isDeepStrictEqual } from "node:util";
import type { Change } from "../../api-server/change-history.ts";
import type { Machine, Stop } from "../../machine/machine.ts";
import { startControlLoop } from "../control-loop.ts";
import { isBeingDeleted, keyOf, keysOfAll, listOf, objectOf, sidesOf, splitKey } from "../objects.ts";
import { isFinished, isReady } from "../pod-state.ts";
import { addressOf, hasPods, selects } from "./service-pods.ts";
import { syncEndpoints } from "./sync-endpoints.ts";
import { serviceNameLabel, syncSlices } from "./sync-slices.ts";

export interface EndpointSettings {
  /** Between a change of a pod or a Service ("namespace/name") and the slices that tell of it; changes in between go with the first. */
  readonly endpointDelayMs: (service: string) => number;
}

/** Keeps the EndpointSlices and the Endpoints of Services (kubernetes pkg/controller/endpointslice/endpointslice_controller.go). */
export function startEndpoints(machine: Machine, settings: EndpointSettings): Stop {
  const { store } = machine;
  /** Changes are heard in the middle of the write: what is heard now is our own, and must not start another wait. */
  let isWriting = false;
  return startControlLoop(machine, {
    name: "endpointslice-controller",
    keysOf: (change) => (isWriting && isWritten(change) ? [] : servicesOf(machine, change)),
    allKeys: () => keysOfAll(store, "services"),
    delayMs: (key) => settings.endpointDelayMs(key),
    // A resync would tell of a change before its delay is over.
    resyncMs: Infinity,
    sync: (key) => {
      isWriting = true;
      try {
        syncService(machine, key);
      } finally {
        isWriting = false;
      }
    },
  });
}

const isWritten = ({ resource }: Change): boolean =>
  resource === "endpointslices" || resource === "endpoints";

function syncService(machine: Machine, key: string): void {
  const { namespace, name } = splitKey(key);
  const service = objectOf(machine.store, "services", name, namespace);
  // Slices go with their owner; the older object has none.
  if (service === undefined) machine.writes.remove("endpoints", name, namespace);
  else if (hasPods(service) && !isBeingDeleted(service)) {
    syncSlices(machine, service);
    syncEndpoints(machine, service);
  }
}

function servicesOf({ store }: Machine, change: Change): string[] {
  const { resource, object } = change;
  if (resource === "services") return [object.key];
  if (resource === "endpointslices") {
    const name = object.labels?.[serviceNameLabel];
    return name === undefined ? [] : [`${object.namespace}/${name}`];
  }
  if (resource === "endpoints")
    return store.get("services", object.name, object.namespace) ? [object.key] : [];
  if (resource !== "pods" || !isNews(change)) return [];
  const sides = sidesOf(change);
  return listOf(store, "services", object.namespace)
    .filter((service) => sides.some(({ labels }) => selects(service, labels)))
    .map(keyOf);
}

/** Whether a change of a pod shows in endpoints (kubernetes staging/src/k8s.io/endpointslice/util/controller_utils.go podEndpointsChanged). */
function isNews({ type, object, before }: Change): boolean {
  if (before === undefined || type === "DELETED") return true;
  const [now, then] = [object.object as Pod, before.object as Pod];
  return !isDeepStrictEqual(seenOf(now), seenOf(then));
}

const seenOf = (pod: Pod): unknown => [
  pod.metadata?.labels,
  isBeingDeleted(pod),
  isReady(pod),
  isFinished(pod),
  addressOf(pod),
  pod.spec?.nodeName,
  pod.spec?.hostname,
];
