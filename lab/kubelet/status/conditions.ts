import type { Pod, PodCondition } from "kubernetes-types/core/v1";
import type { ContainerRecord } from "../container/state.ts";

/** A condition before it is known when it changed. */
export interface Finding {
  readonly type: string;
  readonly status: "True" | "False";
  readonly reason?: string;
  readonly message?: string;
}

/** The conditions the kubelet owns (kubernetes/kubernetes pkg/kubelet/status/generate.go). */
export function podFindings(
  pod: Pod,
  records: readonly ContainerRecord[],
  phase: string,
  hasNetwork: boolean,
): Finding[] {
  const containersReady = findContainersReady(records, phase);
  return [
    { type: "PodReadyToStartContainers", status: hasNetwork ? "True" : "False" },
    findInitialized(records, phase),
    findReady(pod, containersReady),
    containersReady,
  ];
}

const names = (records: readonly ContainerRecord[]): string =>
  `[${records.map((r) => r.spec.name).join(" ")}]`;

function findInitialized(records: readonly ContainerRecord[], phase: string): Finding {
  const type = "Initialized";
  if (phase === "Succeeded") return { type, status: "True", reason: "PodCompleted" };
  const hasMain = records.some((r) => r.kind === "main" && r.containerId !== "");
  const incomplete = records.filter(
    (r) => (r.kind === "init" && r.state.terminated?.exitCode !== 0) || (r.kind === "sidecar" && !r.started),
  );
  if (hasMain || incomplete.length === 0) return { type, status: "True" };
  const message = `containers with incomplete status: ${names(incomplete)}`;
  return { type, status: "False", reason: "ContainersNotInitialized", message };
}

function findContainersReady(records: readonly ContainerRecord[], phase: string): Finding {
  const type = "ContainersReady";
  if (phase === "Succeeded") return { type, status: "False", reason: "PodCompleted" };
  if (phase === "Failed") return { type, status: "False", reason: "PodFailed" };
  const unready = records.filter((r) => r.kind !== "init" && !r.ready);
  if (unready.length === 0) return { type, status: "True" };
  const message = `containers with unready status: ${names(unready)}`;
  return { type, status: "False", reason: "ContainersNotReady", message };
}

function findReady(pod: Pod, containersReady: Finding): Finding {
  if (containersReady.status === "False") return { ...containersReady, type: "Ready" };
  const problems = (pod.spec?.readinessGates ?? []).flatMap(({ conditionType }) => {
    const condition = pod.status?.conditions?.find((c) => c.type === conditionType);
    const gate = `pod readiness gate "${conditionType}"`;
    if (condition === undefined) return [`corresponding condition of ${gate} does not exist.`];
    return condition.status === "True"
      ? []
      : [`the status of ${gate} is not "True", but ${condition.status}`];
  });
  if (problems.length === 0) return { type: "Ready", status: "True" };
  return { type: "Ready", status: "False", reason: "ReadinessGatesNotReady", message: problems.join(", ") };
}

/** Keeps the conditions of others, and the time of those that did not change. */
export function withFindings(
  before: readonly PodCondition[],
  findings: readonly Finding[],
  now: string,
): PodCondition[] {
  const own = new Set(findings.map((f) => f.type));
  const updated = findings.map((finding): PodCondition => {
    const old = before.find((c) => c.type === finding.type);
    const hasChanged = old?.status !== finding.status;
    return {
      ...finding,
      lastProbeTime: null as unknown as string,
      lastTransitionTime: hasChanged ? now : (old.lastTransitionTime ?? now),
    };
  });
  const others = before.filter((c) => !own.has(c.type));
  const scheduled = others.some((c) => c.type === "PodScheduled")
    ? []
    : [
        {
          type: "PodScheduled",
          status: "True",
          lastProbeTime: null as unknown as string,
          lastTransitionTime: now,
        },
      ];
  return [...updated, ...scheduled, ...others];
}
