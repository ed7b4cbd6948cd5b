import type { Deployment, ReplicaSet } from "kubernetes-types/apps/v1";
import type { Machine } from "../../machine/machine.ts";
import { asSubject, namespaceOf, nameOf } from "../objects.ts";
import { sizeOf } from "./replica-sets.ts";
import { sizeAnnotations } from "./revision.ts";

const component = "deployment-controller";

export const tell = (
  machine: Machine,
  deployment: Deployment,
  reason: string,
  message: string,
  type: "Normal" | "Warning" = "Normal",
): void => machine.event(component, asSubject("deployments", deployment), { type, reason, message });

/** Whether it had another size. Wording and annotations: kubernetes pkg/controller/deployment/sync.go scaleReplicaSet. */
export function scaleSet(machine: Machine, deployment: Deployment, set: ReplicaSet, size: number): boolean {
  const before = sizeOf(set);
  const annotations = sizeAnnotations(deployment);
  const isAnnotated = Object.entries(annotations).every(
    ([key, value]) => set.metadata?.annotations?.[key] === value,
  );
  if (before === size && isAnnotated) return false;
  machine.writes.patch("replicasets", nameOf(set), namespaceOf(set), {
    type: "merge",
    body: { metadata: { annotations }, spec: { replicas: size } },
  });
  if (before === size) return false;
  const message = `Scaled ${before < size ? "up" : "down"} replica set ${nameOf(set)} from ${before} to ${size}`;
  tell(machine, deployment, "ScalingReplicaSet", message);
  return true;
}
