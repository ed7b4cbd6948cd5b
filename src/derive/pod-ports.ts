import type { Container, PodSpec, ServicePort } from "kubernetes-types/core/v1";
import { isSidecar } from "./containers.ts";
import { items } from "./shape.ts";

export interface PodPort {
  readonly port: number;
  /** Container that declares it; a numeric target port need not be declared by any. */
  readonly container?: string;
}

/**
 * The port of a pod that a Service port leads to: a number as it is, a name as the containers of
 * this pod carry it, main containers before sidecars, with the Service port's protocol
 * (kubernetes/kubernetes pkg/api/v1/pod/util.go `FindPort`). Undefined: no container has the name.
 */
export function targetPortOf(spec: PodSpec, servicePort: ServicePort): PodPort | undefined {
  const protocol = servicePort.protocol ?? "TCP";
  const target = servicePort.targetPort ?? servicePort.port;
  const declared = servingContainers(spec).flatMap((container) =>
    items(container.ports)
      .filter((p) => (p.protocol ?? "TCP") === protocol)
      .map((p) => ({ name: p.name, port: p.containerPort, container: container.name })),
  );
  if (typeof target === "number") {
    const container = declared.find((p) => p.port === target)?.container;
    return container === undefined ? { port: target } : { port: target, container };
  }
  const named = declared.find((p) => p.name === target);
  return named === undefined ? undefined : { port: named.port, container: named.container };
}

/** Containers that run while the pod serves: main ones, then restartable init containers. */
const servingContainers = (spec: PodSpec): readonly Container[] => [
  ...items(spec.containers),
  ...items(spec.initContainers).filter(isSidecar),
];
