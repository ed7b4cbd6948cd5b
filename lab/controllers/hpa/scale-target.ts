import type { LabelSelector } from "kubernetes-types/meta/v1";
import type { Machine } from "../../machine/machine.ts";
import { namespaceOf, objectOf } from "../objects.ts";
import type { Hpa } from "./usage.ts";

const resourceByKind = {
  Deployment: "deployments",
  ReplicaSet: "replicasets",
  StatefulSet: "statefulsets",
} as const;

/** The scale subresource of what is scaled. */
export interface ScaleTarget {
  readonly replicas: number;
  readonly selector: LabelSelector | undefined;
  scaleTo(replicas: number): void;
}

export function scaleTargetOf(machine: Machine, hpa: Hpa): ScaleTarget | undefined {
  const { kind, name } = hpa.spec?.scaleTargetRef ?? {};
  const resource = resourceByKind[kind as keyof typeof resourceByKind];
  if (resource === undefined || name === undefined) return undefined;
  const namespace = namespaceOf(hpa);
  const target = objectOf(machine.store, resource, name, namespace);
  if (target === undefined) return undefined;
  return {
    replicas: target.spec?.replicas ?? 1,
    selector: target.spec?.selector,
    scaleTo: (replicas) => {
      const patch = { type: "merge", body: { spec: { replicas } } } as const;
      machine.writes.patch(resource, name, namespace, patch);
    },
  };
}
