import type { Endpoints, Node, Service } from "kubernetes-types/core/v1";
import type { Ingress } from "kubernetes-types/networking/v1";
import type { Family, Labels } from "../exposition.ts";
import { familyOf, threeStates } from "./family-of.ts";

/** kubernetes/kube-state-metrics internal/store/service.go. */
export const serviceFamilies = (services: readonly Service[]): Family[] => [
  familyOf(
    "kube_service_info",
    "Information about service.",
    services,
    ({ metadata }): Labels => ({
      namespace: metadata?.namespace ?? "",
      service: metadata?.name ?? "",
      uid: metadata?.uid ?? "",
    }),
    ({ spec }) => [
      [
        {
          cluster_ip: spec?.clusterIP ?? "",
          external_name: spec?.externalName ?? "",
          load_balancer_ip: spec?.loadBalancerIP ?? "",
        },
        1,
      ],
    ],
  ),
];

/** internal/store/endpoint.go, from v2.14 on: one series for each address and port, with whether it is ready. */
export const endpointFamilies = (endpoints: readonly Endpoints[]): Family[] => [
  familyOf(
    "kube_endpoint_address",
    "Information about Endpoint available and non available addresses.",
    endpoints,
    ({ metadata }): Labels => ({ namespace: metadata?.namespace ?? "", endpoint: metadata?.name ?? "" }),
    ({ subsets }) =>
      (subsets ?? []).flatMap(({ addresses, notReadyAddresses, ports }) =>
        (ports ?? []).flatMap((port) => {
          const of = (ready: boolean) => (address: { readonly ip: string }) =>
            [
              {
                port_protocol: port.protocol ?? "TCP",
                port_number: String(port.port),
                port_name: port.name ?? "",
                ip: address.ip,
                ready: String(ready),
              },
              1,
            ] as const;
          return [...(addresses ?? []).map(of(true)), ...(notReadyAddresses ?? []).map(of(false))];
        }),
      ),
  ),
];

/** internal/store/ingress.go. */
export const ingressFamilies = (ingresses: readonly Ingress[]): Family[] => [
  familyOf(
    "kube_ingress_path",
    "Ingress host, paths and backend service information.",
    ingresses,
    ({ metadata }): Labels => ({ namespace: metadata?.namespace ?? "", ingress: metadata?.name ?? "" }),
    ({ spec }) =>
      (spec?.rules ?? []).flatMap(({ host, http }) =>
        (http?.paths ?? []).map(
          ({ path, pathType, backend }) =>
            [
              {
                host: host ?? "",
                path: path ?? "",
                path_type: pathType ?? "",
                service_name: backend.service?.name ?? "",
                service_port: String(backend.service?.port?.number ?? backend.service?.port?.name ?? ""),
              },
              1,
            ] as const,
        ),
      ),
  ),
];

/** internal/store/node.go. */
export const nodeFamilies = (nodes: readonly Node[]): Family[] => [
  familyOf(
    "kube_node_status_condition",
    "The condition of a cluster node.",
    nodes,
    ({ metadata }): Labels => ({ node: metadata?.name ?? "" }),
    ({ status }) =>
      (status?.conditions ?? []).flatMap(({ type, status: state }) =>
        threeStates(state).map(([labels, value]) => [{ condition: type, ...labels }, value] as const),
      ),
  ),
];
