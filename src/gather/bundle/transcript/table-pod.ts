import { defined, type JsonMap } from "../json-value.ts";
import { isNone, type Row } from "./table.ts";

const phases = new Set(["Pending", "Running", "Succeeded", "Failed", "Unknown"]);

/**
 * A row of `kubectl get pods`. STATUS is the phase, or the reason of the first container that is not running
 * (printers.go printPod); the table does not name containers, so such a reason stands at the pod.
 */
export function podOfRow(row: Row): JsonMap {
  const ready = /^(\d+)\/(\d+)$/.exec(row["READY"] ?? "");
  const status = row["STATUS"] ?? "";
  const podIP = isNone(row["IP"]) ? undefined : row["IP"];
  const nodeName = isNone(row["NODE"]) ? undefined : row["NODE"];
  const isReady = ready !== null && ready[2] !== "0" && ready[1] === ready[2] && status === "Running";
  return {
    spec: defined({ nodeName }),
    status: defined({
      phase: phaseOf(status, nodeName),
      reason: phases.has(status) || status === "Completed" || status === "Terminating" ? undefined : status,
      podIP,
      podIPs: podIP === undefined ? undefined : [{ ip: podIP }],
      conditions: ready === null ? undefined : [{ type: "Ready", status: isReady ? "True" : "False" }],
    }),
  };
}

/** Reasons of a pod that has not started yet; the others have run at least once. */
const beforeStart =
  /^(ContainerCreating|PodInitializing|ImagePullBackOff|ErrImagePull|InvalidImageName|ErrImageNeverPull|CreateContainerConfigError|CreateContainerError|RunContainerError|SchedulingGated|Init:)/;

function phaseOf(status: string, nodeName: string | undefined): string | undefined {
  if (phases.has(status)) return status;
  if (status === "Completed") return "Succeeded";
  if (status === "Evicted" || status === "Preempting" || status === "NodeAffinity") return "Failed";
  if (beforeStart.test(status)) return "Pending";
  if (/^(CrashLoopBackOff|Error|OOMKilled|ContainerStatusUnknown)/.test(status)) return "Running";
  return nodeName === undefined ? undefined : "Running";
}
