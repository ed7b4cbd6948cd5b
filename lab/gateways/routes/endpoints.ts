import type { Service, ServicePort } from "kubernetes-types/core/v1";
import type { Mirror } from "../feed/mirror.ts";

export interface Endpoint {
  readonly address: string;
  readonly port: number;
}

/**
 * Endpoints of one port of a Service from its EndpointSlices (kubernetes/ingress-nginx
 * internal/ingress/controller/endpointslices.go `getEndpointsFromSlices`): an endpoint without a ready
 * condition counts as ready; a port that no slice names falls back to a numeric targetPort.
 */
export function endpointsOf(mirror: Mirror, service: Service, port: ServicePort): Endpoint[] {
  const { namespace = "default", name } = service.metadata ?? {};
  const slices = mirror
    .list("endpointslices")
    .filter(
      (slice) =>
        (slice.metadata?.namespace ?? "default") === namespace &&
        slice.metadata?.labels?.["kubernetes.io/service-name"] === name,
    );
  const found = new Map<string, Endpoint>();
  for (const slice of slices) {
    const ports = portsOf(slice.ports ?? [], port);
    for (const { conditions, addresses } of slice.endpoints) {
      if (conditions?.ready === false) continue;
      for (const number of ports)
        for (const address of addresses) found.set(`${address}:${number}`, { address, port: number });
    }
  }
  return [...found.values()];
}

interface SlicePort {
  readonly name?: string;
  readonly port?: number;
  readonly protocol?: string;
}

function portsOf(slicePorts: readonly SlicePort[], port: ServicePort): number[] {
  const target = port.targetPort ?? port.port;
  const number = typeof target === "number" ? target : undefined;
  if (slicePorts.length === 0) return number === undefined ? [] : [number];
  return slicePorts
    .filter((p) => (p.protocol ?? "TCP") === "TCP")
    .map((p) => ((port.name ?? "") === "" || port.name === p.name ? p.port : number))
    .filter((p) => p !== undefined);
}
