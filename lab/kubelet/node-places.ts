import type { Node } from "kubernetes-types/core/v1";
import type { Store } from "../api-server/store.ts";
import { openPodAddresses, type PodAddresses } from "./pod-addresses.ts";

/** Where a node is in the lab's network. */
export interface NodePlace {
  readonly hostIp: string;
  readonly addresses: PodAddresses;
}

/** Nodes are numbered as they come: the first has 10.0.0.1 and pods in 10.42.1.0/24, unless its object says otherwise. */
export function openNodePlaces(store: Store): (node: string) => NodePlace | undefined {
  const places = new Map<string, NodePlace>();
  return (name) => {
    const known = places.get(name);
    if (known !== undefined) return known;
    const stored = store.get("nodes", name);
    if (stored === undefined) return undefined;
    const { spec, status } = stored.object as Node;
    const index = places.size + 1;
    const address = status?.addresses?.find((a) => a.type === "InternalIP")?.address;
    const place = {
      hostIp: address ?? `10.0.0.${index}`,
      addresses: openPodAddresses(spec?.podCIDR ?? `10.42.${index}.0/24`),
    };
    places.set(name, place);
    return place;
  };
}
