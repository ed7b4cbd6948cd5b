import type { Deployment } from "kubernetes-types/apps/v1";
import { scaledValue } from "../scaled-value.ts";

/** Defaults of the API (kubernetes pkg/apis/apps/v1/defaults.go), for objects that were stored without them. */
export const replicasOf = (deployment: Deployment): number => deployment.spec?.replicas ?? 1;
export const progressDeadlineSeconds = (deployment: Deployment): number =>
  deployment.spec?.progressDeadlineSeconds ?? 600;
export const isRecreate = (deployment: Deployment): boolean => deployment.spec?.strategy?.type === "Recreate";

/** "No deadline" is written as the largest int32. */
export const hasProgressDeadline = (deployment: Deployment): boolean =>
  progressDeadlineSeconds(deployment) !== 2 ** 31 - 1;

/** Pods a rollout may have above the desired number; a percentage is rounded up. */
export const maxSurge = (deployment: Deployment): number => limits(deployment).surge;

/** Pods a rollout may lack; a percentage is rounded down, and never more than there should be. */
export const maxUnavailable = (deployment: Deployment): number =>
  Math.min(limits(deployment).unavailable, replicasOf(deployment));

/** kubernetes pkg/controller/deployment/util/deployment_util.go ResolveFenceposts: one of them has to be more than 0. */
function limits(deployment: Deployment): { surge: number; unavailable: number } {
  if (isRecreate(deployment)) return { surge: 0, unavailable: 0 };
  const rolling = deployment.spec?.strategy?.rollingUpdate;
  const replicas = replicasOf(deployment);
  const surge = scaledValue(rolling?.maxSurge ?? "25%", replicas, "up");
  const unavailable = scaledValue(rolling?.maxUnavailable ?? "25%", replicas, "down");
  return surge === 0 && unavailable === 0 ? { surge, unavailable: 1 } : { surge, unavailable };
}
