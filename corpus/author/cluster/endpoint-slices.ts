import type { Pod, Service, ServicePort } from "kubernetes-types/core/v1";
import type { Endpoint, EndpointPort, EndpointSlice } from "kubernetes-types/discovery/v1";
import { suffix, uidOf } from "../ids.ts";
import { at } from "../time.ts";
import { meta, type ObjectStore } from "./store.ts";

/**
 * The EndpointSlices of a Service by the rules of the EndpointSlice controller
 * (kubernetes staging/src/k8s.io/endpointslice reconciler.go and utils.go): pods the selector
 * matches, that have an IP and are not finished; one slice per distinct set of resolved ports; a
 * named targetPort is looked up in each pod and left out where no container has it.
 */
export function computeSlices(store: ObjectStore, service: Service): EndpointSlice[] {
  const selector = service.spec?.selector;
  if (selector === undefined || Object.keys(selector).length === 0 || service.spec?.type === "ExternalName")
    return [];
  const namespace = service.metadata?.namespace ?? "default";
  const groups = new Map<string, { ports: EndpointPort[]; pods: Pod[] }>();
  for (const pod of store.objects.pods) {
    if (pod.metadata?.namespace !== namespace || !matches(selector, pod.metadata.labels)) continue;
    if (pod.status?.podIP === undefined || pod.status.phase === "Failed" || pod.status.phase === "Succeeded")
      continue;
    const ports = portsFor(service.spec?.ports ?? [], pod);
    const key = JSON.stringify(ports);
    const group = groups.get(key) ?? { ports, pods: [] };
    group.pods.push(pod);
    groups.set(key, group);
  }
  const found = [...groups.values()];
  return (found.length === 0 ? [{ ports: [], pods: [] }] : found).map((g, i) => slice(store, service, g, i));
}

function slice(
  store: ObjectStore,
  service: Service,
  group: { ports: EndpointPort[]; pods: Pod[] },
  index: number,
): EndpointSlice {
  const namespace = service.metadata?.namespace ?? "default";
  const name = service.metadata?.name ?? "";
  const endpoints = group.pods.map((pod) => endpoint(store, service, pod));
  return {
    apiVersion: "discovery.k8s.io/v1",
    kind: "EndpointSlice",
    metadata: {
      ...meta("EndpointSlice", namespace, `${name}-${suffix(`${namespace}/${name}/slice/${index}`)}`, {
        created: service.metadata?.creationTimestamp ?? "-40d",
        labels: {
          ...service.metadata?.labels,
          "endpointslice.kubernetes.io/managed-by": "endpointslice-controller.k8s.io",
          "kubernetes.io/service-name": name,
        },
        annotations: { "endpoints.kubernetes.io/last-change-trigger-time": lastChange(group.pods) },
        owner: {
          apiVersion: "v1",
          kind: "Service",
          name,
          uid: uidOf("Service", namespace, name),
          controller: true,
          blockOwnerDeletion: true,
        },
      }),
      generateName: `${name}-`,
    },
    addressType: "IPv4",
    endpoints: endpoints.length === 0 ? (null as unknown as Endpoint[]) : endpoints,
    ports: group.ports.length === 0 ? (null as unknown as EndpointPort[]) : group.ports,
  };
}

function endpoint(store: ObjectStore, service: Service, pod: Pod): Endpoint {
  const isReady = pod.status?.conditions?.some((c) => c.type === "Ready" && c.status === "True") === true;
  const terminating = pod.metadata?.deletionTimestamp !== undefined;
  const node = store.find("nodes", pod.spec?.nodeName ?? "");
  const zone = node?.metadata?.labels?.["topology.kubernetes.io/zone"];
  return {
    addresses: [pod.status?.podIP ?? ""],
    conditions: {
      ready: service.spec?.publishNotReadyAddresses === true || (isReady && !terminating),
      serving: isReady,
      terminating,
    },
    ...(pod.spec?.nodeName === undefined ? {} : { nodeName: pod.spec.nodeName }),
    ...(zone === undefined ? {} : { zone }),
    targetRef: {
      kind: "Pod",
      namespace: pod.metadata?.namespace ?? "",
      name: pod.metadata?.name ?? "",
      uid: pod.metadata?.uid ?? "",
    },
  };
}

function portsFor(servicePorts: readonly ServicePort[], pod: Pod): EndpointPort[] {
  return servicePorts.flatMap((p) => {
    const port = resolvePort(p, pod);
    return port === undefined ? [] : [{ name: p.name ?? "", port, protocol: p.protocol ?? "TCP" }];
  });
}

function resolvePort(servicePort: ServicePort, pod: Pod): number | undefined {
  const target = servicePort.targetPort ?? servicePort.port;
  if (typeof target === "number") return target;
  const sidecars = (pod.spec?.initContainers ?? []).filter((c) => c.restartPolicy === "Always");
  for (const container of [...(pod.spec?.containers ?? []), ...sidecars]) {
    const found = container.ports?.find(
      (p) => p.name === target && (p.protocol ?? "TCP") === (servicePort.protocol ?? "TCP"),
    );
    if (found !== undefined) return found.containerPort;
  }
  return undefined;
}

const matches = (
  selector: Readonly<Record<string, string>>,
  labels: Readonly<Record<string, string>> | undefined,
): boolean => Object.entries(selector).every(([key, value]) => labels?.[key] === value);

const lastChange = (pods: readonly Pod[]): string =>
  pods
    .map((p) => p.status?.conditions?.find((c) => c.type === "Ready")?.lastTransitionTime ?? "")
    .sort()
    .at(-1) || at("-40d");
