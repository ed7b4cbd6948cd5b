import type { ContainerRecord } from "../container/state.ts";

/** kubernetes/kubernetes pkg/kubelet/kubelet_pods.go, getPhase. */
export function phaseOf(
  records: readonly ContainerRecord[],
  restartPolicy: string,
  hasEnded: boolean,
): "Pending" | "Running" | "Succeeded" | "Failed" {
  const inits = records.filter((r) => r.kind === "init");
  const failedInit = inits.some((r) => (r.state.terminated?.exitCode ?? 0) !== 0);
  const mains = records.filter((r) => r.kind === "main");
  const exits = mains.map((r) => r.state.terminated?.exitCode ?? r.lastState.terminated?.exitCode);
  const haveAllEnded = mains.every((r) => r.state.terminated !== undefined);
  if (hasEnded) return exits.every((code) => code === 0) ? "Succeeded" : "Failed";
  if (failedInit && restartPolicy === "Never") return "Failed";
  if (mains.every((r) => r.containerId === "")) return "Pending";
  if (!haveAllEnded || restartPolicy === "Always")
    return mains.some((r) => r.containerId === "" && r.state.waiting !== undefined) ? "Pending" : "Running";
  if (exits.every((code) => code === 0)) return "Succeeded";
  return restartPolicy === "Never" ? "Failed" : "Running";
}
