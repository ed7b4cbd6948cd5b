import type { Deployment } from "kubernetes-types/apps/v1";
import type { Machine } from "../../machine/machine.ts";
import { conditionOf } from "../conditions.ts";
import { hasProgressDeadline } from "./rollout-limits.ts";
import { setProgressing } from "./status.ts";

/** Says in the Progressing condition that a rollout was paused or resumed, so that the pause does not count as lack of progress (kubernetes pkg/controller/deployment/sync.go checkPausedConditions). */
export function notePause(machine: Machine, deployment: Deployment): boolean {
  if (!hasProgressDeadline(deployment)) return false;
  const reason = conditionOf(deployment.status?.conditions, "Progressing")?.reason;
  if (reason === "ProgressDeadlineExceeded") return false;
  const isPaused = deployment.spec?.paused === true;
  if (isPaused === (reason === "DeploymentPaused")) return false;
  if (isPaused) setProgressing(machine, deployment, "Unknown", "DeploymentPaused", "Deployment is paused");
  else setProgressing(machine, deployment, "Unknown", "DeploymentResumed", "Deployment is resumed");
  return true;
}
