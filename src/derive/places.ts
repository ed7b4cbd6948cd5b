import type { Places } from "../logs/patterns/concentration.ts";
import type { Traffic } from "../logs/traffic.ts";
import { addressIp } from "./address-ip.ts";
import { podAt } from "./pod-at.ts";
import type { DepartedPod, PodView } from "./views.ts";

/**
 * Node and template hash of the pods that had the addresses of the log while they failed, else while they
 * were seen. An address that was one pod's first and another's later has no place.
 */
export function placesOf(
  traffic: Traffic,
  pods: readonly PodView[],
  departed: readonly DepartedPod[],
): Places {
  const places = new Map<string, { node?: string; revision?: string }>();
  for (const [address, stats] of traffic.addresses) {
    const ip = addressIp(address);
    const first = podAt(pods, departed, ip, stats.firstFailureMs ?? stats.firstSeenMs);
    const last = podAt(pods, departed, ip, stats.lastFailureMs ?? stats.lastSeenMs);
    if (first === undefined || first !== last) continue;
    const { node, templateHash } = first;
    places.set(address, {
      ...(node === undefined ? {} : { node }),
      ...(templateHash === undefined ? {} : { revision: templateHash }),
    });
  }
  return places;
}
