import type { Service } from "kubernetes-types/core/v1";
import type { EndpointSlice } from "kubernetes-types/discovery/v1";
import type { Store } from "../../api-server/store.ts";

export interface Target {
  readonly host: string;
  readonly port: number;
}

export const slicesOf = (store: Store, namespace: string, service: string): readonly EndpointSlice[] =>
  store
    .list("endpointslices", namespace)
    .filter(({ labels }) => labels?.["kubernetes.io/service-name"] === service)
    .map(({ object }) => object as object as EndpointSlice);

/**
 * Where kube-proxy sends connections to a port of a Service: ready endpoints, and when there is none those that
 * serve while they terminate (kubernetes/kubernetes pkg/proxy/topology.go, CategorizeEndpoints).
 */
export function targetsOf(slices: readonly EndpointSlice[], portName: string): Target[] {
  const all = slices.flatMap((slice) => {
    const port = (slice.ports ?? []).find((p) => (p.name ?? "") === portName)?.port;
    if (port === undefined || port === null) return [];
    return (slice.endpoints ?? []).flatMap(({ addresses, conditions }) =>
      addresses.slice(0, 1).map((host) => ({ host, port, conditions })),
    );
  });
  const ready = all.filter(({ conditions }) => conditions?.ready !== false);
  const chosen =
    ready.length > 0
      ? ready
      : all.filter(({ conditions }) => conditions?.serving === true && conditions.terminating === true);
  return chosen.map(({ host, port }) => ({ host, port }));
}

export interface ServicePort {
  readonly address: string;
  readonly port: number;
  readonly targets: readonly Target[];
  readonly isSticky: boolean;
}

/** TCP ports of all cluster addresses. */
export const servicePorts = (store: Store): ServicePort[] =>
  store.list("services").flatMap(({ object, name, namespace = "default" }) => {
    const { spec = {} } = object as Service;
    const address = spec.clusterIP ?? "None";
    if (address === "None" || address === "" || spec.type === "ExternalName") return [];
    const slices = slicesOf(store, namespace, name);
    return (spec.ports ?? [])
      .filter(({ protocol = "TCP" }) => protocol === "TCP")
      .map(({ port, name: portName = "" }) => ({
        address,
        port,
        targets: targetsOf(slices, portName),
        isSticky: spec.sessionAffinity === "ClientIP",
      }));
  });
