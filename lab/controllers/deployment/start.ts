import type { Deployment } from "kubernetes-types/apps/v1";
import type { Machine, Stop } from "../../machine/machine.ts";
import { startControlLoop } from "../control-loop.ts";
import { isEmptySelector } from "../label-match.ts";
import { isBeingDeleted, keysOfAll, objectOf, splitKey } from "../objects.ts";
import { writeStatus } from "../write-status.ts";
import { createCurrentSet, syncRevision } from "./current-set.ts";
import { trimHistory } from "./history.ts";
import { notePause } from "./paused.ts";
import { isComplete, syncRolloutStatus } from "./progress.ts";
import { isScalingEvent, scaleProportionally } from "./proportional-scale.ts";
import { emptyOldSets, fillCurrentSet, hasOldPods } from "./recreate.ts";
import { type Sets, setsOf } from "./replica-sets.ts";
import { rollOneStep } from "./rolling-update.ts";
import { isRecreate } from "./rollout-limits.ts";
import { tell } from "./scale-set.ts";
import { calculateStatus } from "./status.ts";

/** Rolls Deployments out, scales them and reports on them (kubernetes pkg/controller/deployment/deployment_controller.go). */
export function startDeployments(machine: Machine): Stop {
  const { store } = machine;
  return startControlLoop(machine, {
    name: "deployment-controller",
    keysOf: ({ type, resource, object }) => {
      if (resource === "deployments") return [object.key];
      // The end of a pod is what a Recreate waits for; all else is seen in the status of its ReplicaSet.
      const isNews = resource === "replicasets" || (resource === "pods" && type === "DELETED");
      return isNews ? keysOfAll(store, "deployments", object.namespace) : [];
    },
    allKeys: () => keysOfAll(store, "deployments"),
    sync: (key) => {
      const { namespace, name } = splitKey(key);
      const deployment = objectOf(store, "deployments", name, namespace);
      return deployment === undefined ? undefined : syncDeployment(machine, deployment);
    },
  });
}

/** Written objects come back as changes, so a step that wrote ends here and the next look goes on from what it wrote. */
function syncDeployment(machine: Machine, deployment: Deployment): number | undefined {
  if (isEmptySelector(deployment.spec?.selector)) {
    const text = "This deployment is selecting all pods. A non-empty selector is required.";
    tell(machine, deployment, "SelectingAll", text, "Warning");
    return undefined;
  }
  const sets = setsOf(machine, deployment);
  if (isBeingDeleted(deployment)) return syncStatusOnly(machine, deployment, sets);
  if (notePause(machine, deployment)) return 0;
  if (deployment.spec?.paused === true || isScalingEvent(deployment, sets)) {
    if (syncRevision(machine, deployment, sets)) return 0;
    scaleProportionally(machine, deployment, sets);
    if (deployment.spec?.paused === true) trimHistory(machine, deployment, sets);
    return syncStatusOnly(machine, deployment, setsOf(machine, deployment));
  }
  return isRecreate(deployment)
    ? recreate(machine, deployment, sets)
    : rollingUpdate(machine, deployment, sets);
}

function rollingUpdate(machine: Machine, deployment: Deployment, sets: Sets): number | undefined {
  if (sets.current === undefined) {
    createCurrentSet(machine, deployment, sets);
    return 0;
  }
  if (syncRevision(machine, deployment, sets)) return 0;
  rollOneStep(machine, deployment, sets);
  return finish(machine, deployment);
}

function recreate(machine: Machine, deployment: Deployment, sets: Sets): number | undefined {
  if (emptyOldSets(machine, deployment, sets)) return finish(machine, deployment);
  if (hasOldPods(machine, deployment, sets)) return finish(machine, deployment);
  if (sets.current === undefined) {
    createCurrentSet(machine, deployment, sets);
    return 0;
  }
  if (syncRevision(machine, deployment, sets)) return 0;
  fillCurrentSet(machine, deployment, sets.current);
  return finish(machine, deployment);
}

/** The status of what is stored now, and old revisions once all is done. */
function finish(machine: Machine, before: Deployment): number | undefined {
  const { namespace = "default", name = "" } = before.metadata ?? {};
  const deployment = objectOf(machine.store, "deployments", name, namespace);
  if (deployment === undefined) return undefined;
  const sets = setsOf(machine, deployment);
  if (isComplete(deployment, deployment.status ?? {})) trimHistory(machine, deployment, sets);
  return syncRolloutStatus(machine, deployment, sets);
}

function syncStatusOnly(machine: Machine, deployment: Deployment, sets: Sets): undefined {
  writeStatus(machine, "deployments", deployment, calculateStatus(deployment, sets, machine.nowMs()));
}
