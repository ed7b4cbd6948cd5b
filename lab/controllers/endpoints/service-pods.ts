import type { Pod, Service, ServicePort } from "kubernetes-types/core/v1";
import type { Store } from "../../api-server/store.ts";
import { matchesLabels } from "../label-match.ts";
import { listOf, namespaceOf } from "../objects.ts";
import { isFinished } from "../pod-state.ts";

/** Whether its endpoints are made from pods: not for an ExternalName, and not without a selector. */
export const hasPods = ({ spec }: Service): boolean =>
  spec?.type !== "ExternalName" && Object.keys(spec?.selector ?? {}).length > 0;

export const selects = (service: Service, labels: Readonly<Record<string, string>> | undefined): boolean =>
  hasPods(service) && matchesLabels(service.spec?.selector ?? {}, labels);

/**
 * Selected pods that have an address and have not ended; terminating ones are among them (kubernetes
 * staging/src/k8s.io/endpointslice/util/controller_utils.go ShouldPodBeInEndpoints).
 */
export const podsOf = (store: Store, service: Service): Pod[] =>
  listOf(store, "pods", namespaceOf(service)).filter(
    (pod) => selects(service, pod.metadata?.labels) && !isFinished(pod) && addressOf(pod) !== undefined,
  );

/** The IPv4 address; the lab has no other. */
export const addressOf = (pod: Pod): string | undefined =>
  [...(pod.status?.podIPs ?? []).map(({ ip }) => ip), pod.status?.podIP].find(
    (ip) => ip !== undefined && ip !== "" && !ip.includes(":"),
  );

export const protocolOf = (port: ServicePort): string => port.protocol ?? "TCP";

/**
 * The port number in this pod: a number as it is, a name as the first container port of that name and protocol
 * has it. Undefined when no container has the name (kubernetes staging/src/k8s.io/endpointslice/utils.go FindPort).
 */
export function targetPortIn(pod: Pod, port: ServicePort): number | undefined {
  const target = port.targetPort ?? port.port;
  if (typeof target === "number") return target;
  const sidecars = (pod.spec?.initContainers ?? []).filter(
    (container) => (container as { restartPolicy?: string }).restartPolicy === "Always",
  );
  for (const container of [...(pod.spec?.containers ?? []), ...sidecars])
    for (const candidate of container.ports ?? [])
      if (candidate.name === target && (candidate.protocol ?? "TCP") === protocolOf(port))
        return candidate.containerPort;
  return undefined;
}
