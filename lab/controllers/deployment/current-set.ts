import type { Deployment, ReplicaSet } from "kubernetes-types/apps/v1";
import { isDeepStrictEqual } from "node:util";
import { StatusError } from "../../api-server/status.ts";
import type { Machine } from "../../machine/machine.ts";
import { conditionOf } from "../conditions.ts";
import { controllerReference, isControlledBy, namespaceOf, nameOf, objectOf, untyped } from "../objects.ts";
import { allOf, type Sets, sizeOf, totalOf } from "./replica-sets.ts";
import { currentSetAnnotations, revisionAnnotation, revisionOf, sizeAnnotations } from "./revision.ts";
import { hasProgressDeadline, isRecreate, maxSurge, replicasOf } from "./rollout-limits.ts";
import { tell } from "./scale-set.ts";
import { setProgressing } from "./status.ts";
import { hashLabel, sameTemplate, templateHash } from "./template-hash.ts";

/** Size of the set of the current template now (kubernetes deployment_util.go NewRSNewReplicas). */
export function nextSize(deployment: Deployment, sets: readonly ReplicaSet[], size: number): number {
  const replicas = replicasOf(deployment);
  if (isRecreate(deployment)) return replicas;
  const room = replicas + maxSurge(deployment) - totalOf(sets, sizeOf);
  return room <= 0 ? size : size + Math.min(room, replicas - size);
}

/** Keeps the revision and the annotations of an existing set (kubernetes sync.go getNewReplicaSet). Whether something was written. */
export function syncRevision(machine: Machine, deployment: Deployment, sets: Sets): boolean {
  const { current, old } = sets;
  if (current === undefined) return false;
  const before = current.metadata?.annotations ?? {};
  const annotations = currentSetAnnotations(deployment, before, newestRevision(old) + 1);
  const minReadySeconds = deployment.spec?.minReadySeconds ?? 0;
  const namespace = namespaceOf(current);
  if (!isDeepStrictEqual(before, annotations) || (current.spec?.minReadySeconds ?? 0) !== minReadySeconds) {
    const body = { metadata: { annotations }, spec: { minReadySeconds } };
    machine.writes.patch("replicasets", nameOf(current), namespace, { type: "merge", body });
    return true;
  }
  writeRevision(machine, deployment, annotations[revisionAnnotation] ?? "1");
  if (
    hasProgressDeadline(deployment) &&
    conditionOf(deployment.status?.conditions, "Progressing") === undefined
  )
    setProgressing(
      machine,
      deployment,
      "True",
      "FoundNewReplicaSet",
      `Found new replica set "${nameOf(current)}"`,
    );
  return false;
}

export function createCurrentSet(machine: Machine, deployment: Deployment, sets: Sets): void {
  const template = deployment.spec?.template;
  const hash = templateHash(template, deployment.status?.collisionCount);
  const name = `${nameOf(deployment)}-${hash}`;
  const labels = { ...template?.metadata?.labels, [hashLabel]: hash };
  const size = nextSize(deployment, allOf(sets), 0);
  const revision = newestRevision(sets.old) + 1;
  const selector = deployment.spec?.selector;
  const set = untyped({
    metadata: {
      name,
      namespace: namespaceOf(deployment),
      labels,
      annotations: { ...currentSetAnnotations(deployment, {}, revision), ...sizeAnnotations(deployment) },
      ownerReferences: [controllerReference("deployments", deployment)],
    },
    spec: {
      replicas: size,
      minReadySeconds: deployment.spec?.minReadySeconds ?? 0,
      selector: { ...selector, matchLabels: { ...selector?.matchLabels, [hashLabel]: hash } },
      template: { ...template, metadata: { ...template?.metadata, labels } },
    },
  });
  try {
    machine.writes.create("replicasets", set);
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    if (error.status.reason === "AlreadyExists") return resolveCollision(machine, deployment, name);
    const message = `Failed to create new replica set "${name}": ${error.message}`;
    if (hasProgressDeadline(deployment))
      setProgressing(machine, deployment, "False", "ReplicaSetCreateError", message);
    tell(machine, deployment, "ReplicaSetCreateError", message, "Warning");
    throw error;
  }
  if (size > 0)
    tell(machine, deployment, "ScalingReplicaSet", `Scaled up replica set ${name} from 0 to ${size}`);
  writeRevision(machine, deployment, String(revision));
  if (hasProgressDeadline(deployment))
    setProgressing(machine, deployment, "True", "NewReplicaSetCreated", `Created new replica set "${name}"`);
}

/** A set of this name that is somebody else's: the next hash is another one. */
function resolveCollision(machine: Machine, deployment: Deployment, name: string): void {
  const taken = objectOf(machine.store, "replicasets", name, namespaceOf(deployment));
  const isOurs =
    taken !== undefined &&
    isControlledBy(taken, deployment) &&
    sameTemplate(taken.spec?.template, deployment.spec?.template);
  if (isOurs) return;
  machine.writes.updateStatus("deployments", nameOf(deployment), namespaceOf(deployment), (status) => ({
    ...status,
    collisionCount: (deployment.status?.collisionCount ?? 0) + 1,
  }));
}

const newestRevision = (sets: readonly ReplicaSet[]): number => Math.max(0, ...sets.map(revisionOf));

function writeRevision(machine: Machine, deployment: Deployment, revision: string): void {
  if (deployment.metadata?.annotations?.[revisionAnnotation] === revision) return;
  const body = { metadata: { annotations: { [revisionAnnotation]: revision } } };
  machine.writes.patch("deployments", nameOf(deployment), namespaceOf(deployment), { type: "merge", body });
}
