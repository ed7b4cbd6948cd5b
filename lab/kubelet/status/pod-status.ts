import type { ContainerStatus, Pod, PodStatus } from "kubernetes-types/core/v1";
import { createHash } from "node:crypto";
import { fullImageName } from "../container/image.ts";
import type { ContainerRecord } from "../container/state.ts";
import { type Finding, podFindings, withFindings } from "./conditions.ts";
import { phaseOf } from "./phase.ts";

export interface PodState {
  readonly pod: Pod;
  readonly records: readonly ContainerRecord[];
  readonly podIp: string;
  readonly hostIp: string;
  /** When the kubelet first saw the pod. */
  readonly startTime: string;
  readonly hasNetwork: boolean;
  /** All containers were ended by the deletion. */
  readonly hasEnded: boolean;
  /** The message of an eviction for the node's sake. */
  readonly evictedFor: string | undefined;
}

/** @param before the status as stored: conditions of others are kept */
export function podStatus(
  state: PodState,
  before: PodStatus,
  now: string,
): PodStatus & { readonly hostIPs: readonly { readonly ip: string }[] } {
  const { pod, records, podIp, hostIp } = state;
  const { evictedFor } = state;
  const ownPhase = phaseOf(records, pod.spec?.restartPolicy ?? "Always", state.hasEnded);
  const phase = evictedFor === undefined ? ownPhase : "Failed";
  const findings = [
    ...podFindings({ ...pod, status: before }, records, phase, state.hasNetwork),
    ...(evictedFor === undefined ? [] : [disruption(evictedFor)]),
  ];
  const mains = records.filter((r) => r.kind === "main").map(containerStatus);
  const inits = records.filter((r) => r.kind !== "main").map(containerStatus);
  return {
    ...before,
    phase,
    ...(evictedFor === undefined ? {} : { reason: "Evicted", message: evictedFor }),
    conditions: withFindings(before.conditions ?? [], findings, now),
    hostIP: hostIp,
    hostIPs: [{ ip: hostIp }],
    ...(state.hasNetwork ? { podIP: podIp, podIPs: [{ ip: podIp }] } : {}),
    startTime: state.startTime,
    ...(inits.length === 0 ? {} : { initContainerStatuses: inits }),
    containerStatuses: mains,
    qosClass: qosOf(pod),
  };
}

const disruption = (message: string): Finding => ({
  type: "DisruptionTarget",
  status: "True",
  reason: "TerminationByKubelet",
  message,
});

function containerStatus(record: ContainerRecord): ContainerStatus {
  const { spec, state, lastState, containerId } = record;
  const image = fullImageName(spec.image ?? "");
  const digest = createHash("sha256").update(image).digest("hex");
  const hasRun = containerId !== "";
  const isInit = record.kind === "init";
  return {
    name: spec.name,
    state,
    lastState,
    ready: isInit ? state.terminated?.exitCode === 0 : record.ready,
    restartCount: record.restartCount,
    image: hasRun ? image : (spec.image ?? ""),
    imageID: hasRun ? `${image.slice(0, image.lastIndexOf(":"))}@sha256:${digest}` : "",
    ...(hasRun ? { containerID: containerId } : {}),
    started: isInit ? state.running !== undefined : record.started,
  };
}

/** kubernetes/kubernetes pkg/apis/core/v1/helper/qos/qos.go */
function qosOf(pod: Pod): string {
  const all = [...(pod.spec?.initContainers ?? []), ...(pod.spec?.containers ?? [])];
  const names = ["cpu", "memory"];
  const hasAny = all.some((c) =>
    names.some((n) => (c.resources?.limits?.[n] ?? c.resources?.requests?.[n]) !== undefined),
  );
  if (!hasAny) return "BestEffort";
  const isGuaranteed = all.every((c) =>
    names.every((n) => {
      const limit = c.resources?.limits?.[n];
      return limit !== undefined && (c.resources?.requests?.[n] ?? limit) === limit;
    }),
  );
  return isGuaranteed ? "Guaranteed" : "Burstable";
}
