import type { Deployment, ReplicaSet } from "kubernetes-types/apps/v1";
import { maxSurge, replicasOf } from "./rollout-limits.ts";

type Annotations = Readonly<Record<string, string>>;

/** kubernetes pkg/controller/deployment/util/deployment_util.go. */
export const revisionAnnotation = "deployment.kubernetes.io/revision";
const historyAnnotation = "deployment.kubernetes.io/revision-history";
const desiredAnnotation = "deployment.kubernetes.io/desired-replicas";
const maxAnnotation = "deployment.kubernetes.io/max-replicas";

/** Not handed down from a Deployment to its ReplicaSets. */
const ownAnnotations = new Set([
  "kubectl.kubernetes.io/last-applied-configuration",
  revisionAnnotation,
  historyAnnotation,
  desiredAnnotation,
  maxAnnotation,
  "deprecated.deployment.rollback.to",
]);

export const revisionOf = (set: ReplicaSet): number =>
  Number(set.metadata?.annotations?.[revisionAnnotation] ?? 0) || 0;

/** The size of the Deployment when this set was last scaled: when it is another now, somebody scaled the Deployment. */
export const desiredThen = (set: ReplicaSet): number | undefined => numberIn(set, desiredAnnotation);
export const maxThen = (set: ReplicaSet): number | undefined => numberIn(set, maxAnnotation);

function numberIn(set: ReplicaSet, annotation: string): number | undefined {
  const text = set.metadata?.annotations?.[annotation];
  return text === undefined ? undefined : Number.parseInt(text, 10);
}

export const sizeAnnotations = (deployment: Deployment): Annotations => ({
  [desiredAnnotation]: String(replicasOf(deployment)),
  [maxAnnotation]: String(replicasOf(deployment) + maxSurge(deployment)),
});

/**
 * Annotations of the set of the current template: the Deployment's, and the newest revision. A set that had a
 * revision and gets another was rolled back to; the old one goes to its history (SetNewReplicaSetAnnotations).
 */
export function currentSetAnnotations(
  deployment: Deployment,
  before: Annotations,
  newRevision: number,
): Annotations {
  const annotations: Record<string, string> = { ...before };
  for (const [key, value] of Object.entries(deployment.metadata?.annotations ?? {}))
    if (!ownAnnotations.has(key)) annotations[key] = value;
  const revision = before[revisionAnnotation];
  if (revision === undefined) annotations[revisionAnnotation] = String(newRevision);
  else if (Number(revision) < newRevision) {
    annotations[revisionAnnotation] = String(newRevision);
    const history = before[historyAnnotation];
    annotations[historyAnnotation] = history === undefined ? revision : `${history},${revision}`;
  }
  return annotations;
}
