import type { Node, Pod, Service } from "kubernetes-types/core/v1";
import type { Endpoint, EndpointPort } from "kubernetes-types/discovery/v1";
import { isBeingDeleted, nameOf, namespaceOf, uidOf } from "../objects.ts";
import { isReady } from "../pod-state.ts";
import { addressOf, protocolOf, targetPortIn } from "./service-pods.ts";

const zoneLabel = "topology.kubernetes.io/zone";

/**
 * A pod as an endpoint. A terminating pod is serving for as long as it is Ready, and ready no more (kubernetes
 * staging/src/k8s.io/endpointslice/utils.go podToEndpoint).
 */
export function endpointOf(pod: Pod, node: Node | undefined, service: Service): Endpoint {
  const serving = isReady(pod);
  const terminating = isBeingDeleted(pod);
  const ready = service.spec?.publishNotReadyAddresses === true || (serving && !terminating);
  const nodeName = pod.spec?.nodeName;
  const zone = node?.metadata?.labels?.[zoneLabel];
  const { hostname, subdomain } = pod.spec ?? {};
  const isNamed = hostname !== undefined && hostname !== "" && subdomain === nameOf(service);
  return {
    addresses: [addressOf(pod) ?? ""],
    conditions: { ready, serving, terminating },
    ...(isNamed ? { hostname } : {}),
    targetRef: { kind: "Pod", namespace: namespaceOf(pod), name: nameOf(pod), uid: uidOf(pod) },
    ...(nodeName === undefined ? {} : { nodeName }),
    ...(zone === undefined ? {} : { zone }),
  };
}

/** Ports in the order of the Service; one that this pod does not have is left out (getEndpointPorts). */
export const endpointPorts = (service: Service, pod: Pod): EndpointPort[] =>
  (service.spec?.ports ?? []).flatMap((port) => {
    const number = targetPortIn(pod, port);
    if (number === undefined) return [];
    const { appProtocol } = port;
    return [
      {
        name: port.name ?? "",
        port: number,
        protocol: protocolOf(port),
        ...(appProtocol === undefined ? {} : { appProtocol }),
      },
    ];
  });
