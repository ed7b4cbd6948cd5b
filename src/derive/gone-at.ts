import type { Service } from "kubernetes-types/core/v1";
import { refText } from "../evidence/object-ref.ts";
import type { Observed } from "../evidence/observed.ts";
import { joinMs, relation, type StateAt, type Try } from "./attempt-state.ts";
import type { DepartedPod, EndpointsView, PodView } from "./views.ts";

/** Pods that were told to stop this long ago may still have held their address. */
const longestGraceMs = 60_000;

interface Around {
  readonly neighbours: Observed<readonly PodView[]>;
  readonly departed: Observed<readonly DepartedPod[]>;
  readonly endpoints: Observed<EndpointsView>;
  readonly service: Observed<Service>;
}

/**
 * No pod that is known had the address at that time. It is called gone only when all pods of the namespace were
 * read, no slice has it, and the log has no success of it since; a pod that went without leaving its address, and
 * was told to stop just before, may be the one.
 */
export function goneAt(one: Try, ip: string, around: Around): StateAt | undefined {
  const { neighbours, departed, endpoints, service } = around;
  if (one.stats?.lastSuccessMs !== undefined && one.stats.lastSuccessMs > one.endMs) return undefined;
  if (departed.state === "present") {
    const nameless = departed.value.filter((pod) => pod.ip === undefined && wasStopping(pod, one));
    const [only] = nameless;
    if (only?.stoppedMs !== undefined) return stoppingState(one, nameless, only.stoppedMs);
  }
  if (neighbours.state !== "present" || endpoints.state !== "present") return undefined;
  if (endpoints.value.all.some((e) => e.ip === ip) || isServiceIp(service, ip)) return undefined;
  return {
    state: "gone",
    text: `no pod had ${ip} at that time and no EndpointSlice lists it`,
    source: "pods and EndpointSlices of the namespace",
  };
}

const wasStopping = (pod: DepartedPod, one: Try): boolean =>
  pod.stoppedMs !== undefined &&
  one.endMs >= pod.stoppedMs - joinMs &&
  one.startMs <= pod.stoppedMs + longestGraceMs;

/** Which of several it was cannot be told. */
function stoppingState(one: Try, pods: readonly DepartedPod[], stoppedMs: number): StateAt {
  const names = pods.map((pod) => refText(pod.ref)).join(" or ");
  const [only] = pods;
  const moment = only?.timeline.find((m) => m.atMs === stoppedMs);
  return {
    state: "terminating",
    ...(pods.length === 1 && only !== undefined ? { pod: only.ref } : {}),
    text: relation(one.endMs, stoppedMs, `${names}, whose address nobody recorded, was told to stop`),
    source: moment?.source ?? names,
  };
}

const isServiceIp = (service: Observed<Service>, ip: string): boolean =>
  service.state === "present" &&
  [service.value.spec?.clusterIP, ...(service.value.spec?.clusterIPs ?? [])].includes(ip);
