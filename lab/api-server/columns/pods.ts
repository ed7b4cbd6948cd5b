import type { Container, ContainerState, ContainerStatus, Pod } from "kubernetes-types/core/v1";
import type { KubeObject } from "../stored-object.ts";
import { ageColumn, ageText, type Column, nameColumn, none, orNone, text, wide } from "./column.ts";

const pod = (object: KubeObject): Pod => object as Pod;

/** kubernetes/kubernetes pkg/printers/internalversion/printers.go, printPod. */
export const podColumns: readonly Column[] = [
  nameColumn,
  text("Ready", (object) => {
    const counted = countedStatuses(pod(object));
    const total = (pod(object).spec?.containers ?? []).length + sidecars(pod(object)).length;
    return `${counted.filter((s) => s.ready).length}/${total}`;
  }),
  text("Status", (object) => podReason(pod(object))),
  text("Restarts", (object, nowMs) => restartsText(pod(object), nowMs)),
  ageColumn,
  wide("IP", (object) => orNone(pod(object).status?.podIP)),
  wide("Node", (object) => orNone(pod(object).spec?.nodeName)),
  wide("Nominated Node", (object) => orNone(pod(object).status?.nominatedNodeName)),
  wide("Readiness Gates", (object) => {
    const gates = pod(object).spec?.readinessGates ?? [];
    const conditions = pod(object).status?.conditions ?? [];
    const met = gates.filter((g) =>
      conditions.some((c) => c.type === g.conditionType && c.status === "True"),
    );
    return gates.length === 0 ? none : `${met.length}/${gates.length}`;
  }),
];

const sidecars = (p: Pod): Container[] =>
  (p.spec?.initContainers ?? []).filter((c) => c.restartPolicy === "Always");

const countedStatuses = (p: Pod): ContainerStatus[] => {
  const names = new Set(sidecars(p).map((c) => c.name));
  const init = (p.status?.initContainerStatuses ?? []).filter((s) => names.has(s.name));
  return [...init, ...(p.status?.containerStatuses ?? [])];
};

function restartsText(p: Pod, nowMs: number): string {
  const statuses = countedStatuses(p);
  const restarts = statuses.reduce((sum, s) => sum + s.restartCount, 0);
  const ends = statuses.flatMap((s) => s.lastState?.terminated?.finishedAt ?? []);
  const last = ends.sort().at(-1);
  return restarts === 0 || last === undefined
    ? String(restarts)
    : `${restarts} (${ageText(last, nowMs)} ago)`;
}

/** The word of the STATUS column: the phase, unless a container or the deletion says more. */
function podReason(p: Pod): string {
  if (p.metadata?.deletionTimestamp !== undefined)
    return p.status?.reason === "NodeLost" ? "Unknown" : "Terminating";
  const gated = p.status?.conditions?.some(
    (c) => c.type === "PodScheduled" && c.reason === "SchedulingGated",
  );
  const phase = gated === true ? "SchedulingGated" : (p.status?.reason ?? p.status?.phase ?? "Unknown");
  return initReason(p) ?? containersReason(p, phase);
}

function initReason(p: Pod): string | undefined {
  const specs = p.spec?.initContainers ?? [];
  const statuses = p.status?.initContainerStatuses ?? [];
  const restartable = new Set(sidecars(p).map((c) => c.name));
  for (const [index, status] of statuses.entries()) {
    const { terminated, waiting } = status.state ?? {};
    if (terminated?.exitCode === 0) continue;
    if (restartable.has(status.name) && status.started === true) continue;
    if (terminated !== undefined) return `Init:${endText(terminated)}`;
    if (waiting?.reason !== undefined && waiting.reason !== "PodInitializing")
      return `Init:${waiting.reason}`;
    return `Init:${index}/${specs.length}`;
  }
  return undefined;
}

function containersReason(p: Pod, phase: string): string {
  let reason = phase;
  let hasRunning = false;
  for (const status of [...(p.status?.containerStatuses ?? [])].reverse()) {
    const { waiting, terminated, running } = status.state ?? {};
    if (waiting?.reason !== undefined && waiting.reason !== "") reason = waiting.reason;
    else if (terminated !== undefined) reason = endText(terminated);
    else if (running !== undefined && status.ready) hasRunning = true;
  }
  // One container has ended and another serves on: the pod counts as running.
  if (reason !== "Completed" || !hasRunning) return reason;
  const isReady = p.status?.conditions?.some((c) => c.type === "Ready" && c.status === "True") === true;
  return isReady ? "Running" : "NotReady";
}

function endText({ reason, signal, exitCode }: NonNullable<ContainerState["terminated"]>): string {
  if (reason !== undefined && reason !== "") return reason;
  return signal !== undefined && signal !== 0 ? `Signal:${signal}` : `ExitCode:${exitCode}`;
}
