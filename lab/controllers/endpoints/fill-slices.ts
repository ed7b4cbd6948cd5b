import type { Endpoint, EndpointPort, EndpointSlice } from "kubernetes-types/discovery/v1";
import { isDeepStrictEqual } from "node:util";

/** Endpoints that have the same ports; slices are made of one group each. */
export interface PortGroup {
  readonly ports: readonly EndpointPort[];
  readonly endpoints: readonly Endpoint[];
}

/** What a slice should hold. */
export interface SlicePlan {
  /** Absent: a new slice. */
  readonly slice?: EndpointSlice;
  readonly ports: readonly EndpointPort[];
  readonly endpoints: readonly Endpoint[];
}

export interface SlicePlans {
  /** Every slice there should be, whether or not it has to be written. */
  readonly kept: readonly SlicePlan[];
  readonly removed: readonly EndpointSlice[];
}

/** kubernetes pkg/controller/endpointslice: --max-endpoints-per-slice. */
const maxEndpointsPerSlice = 100;

/**
 * Keeps endpoints in the slices they are in; new ones fill slices that change anyway, then a slice with room,
 * then new slices. Where nothing is left, one empty slice stays (kubernetes
 * staging/src/k8s.io/endpointslice/reconciler.go reconcileByPortMapping, and its placeholder).
 */
export function planSlices(
  groups: readonly PortGroup[],
  existing: readonly EndpointSlice[],
  most = maxEndpointsPerSlice,
): SlicePlans {
  const wanted = groups.length > 0 ? groups : [{ ports: [], endpoints: [] }];
  const kept: SlicePlan[] = [];
  const seen = new Set<EndpointSlice>();
  for (const group of wanted) {
    const own = existing.filter((slice) => samePorts(slice.ports, group.ports));
    for (const slice of own) seen.add(slice);
    kept.push(...planGroup(group, own, most));
  }
  const used = kept.filter(({ endpoints }) => endpoints.length > 0);
  // The placeholder: without it nothing would tell "no endpoints" from "not looked at yet".
  const plans = used.length > 0 ? used : kept.slice(0, 1);
  const remains = new Set(plans.map(({ slice }) => slice));
  return { kept: plans, removed: existing.filter((slice) => !seen.has(slice) || !remains.has(slice)) };
}

function planGroup(group: PortGroup, own: readonly EndpointSlice[], most: number): SlicePlan[] {
  const left = new Map(group.endpoints.map((endpoint) => [identityOf(endpoint), endpoint]));
  const plans = own.map((slice) => {
    const endpoints = (slice.endpoints ?? []).flatMap((old) => {
      const now = left.get(identityOf(old));
      left.delete(identityOf(old));
      return now === undefined ? [] : [now];
    });
    return { slice, endpoints, isChanged: !isDeepStrictEqual(endpoints, slice.endpoints ?? []) };
  });
  const queue = [...left.values()];
  for (const plan of plans.filter(({ isChanged }) => isChanged))
    plan.endpoints.push(...queue.splice(0, Math.max(0, most - plan.endpoints.length)));
  const roomy = plans
    .filter(({ endpoints, isChanged }) => !isChanged && endpoints.length + queue.length <= most)
    .sort((a, b) => b.endpoints.length - a.endpoints.length)[0];
  if (queue.length > 0) roomy?.endpoints.push(...queue.splice(0));
  const { ports } = group;
  const all: SlicePlan[] = plans.map(({ slice, endpoints }) => ({ slice, ports, endpoints }));
  while (queue.length > 0 || all.length === 0) all.push({ ports, endpoints: queue.splice(0, most) });
  return all;
}

const identityOf = ({ addresses, targetRef }: Endpoint): string =>
  JSON.stringify([addresses, targetRef?.uid, targetRef?.name]);

const samePorts = (a: readonly EndpointPort[] | undefined, b: readonly EndpointPort[] | undefined): boolean =>
  isDeepStrictEqual((a ?? []).map(portKey).sort(), (b ?? []).map(portKey).sort());

export const portKey = ({ name, port, protocol, appProtocol }: EndpointPort): string =>
  JSON.stringify([name, port, protocol, appProtocol]);
