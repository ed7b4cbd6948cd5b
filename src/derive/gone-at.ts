import type { Service } from "kubernetes-types/core/v1";
import { type ObjectRef, refText } from "../evidence/object-ref.ts";
import type { Observed } from "../evidence/observed.ts";
import type { FailureClass } from "../logs/traffic.ts";
import type { Scene } from "./attempt-scene.ts";
import { joinMs, relation, type StateAt, type Try } from "./attempt-state.ts";
import { compareText } from "./shape.ts";
import type { DepartedPod, Moment, PodView } from "./views.ts";

/** Nobody answered at all; whoever closes or stays silent is there. */
const unanswered: ReadonlySet<FailureClass> = new Set(["connect-refused", "connect-timeout", "unreachable"]);

/**
 * No pod that is known had the address at that time. One that went without leaving its address, and was told to
 * stop just before, may have been it. Otherwise the address is gone, when all pods of the namespace were read, no
 * slice has it, nobody answered and the log has no success of it since.
 */
export function goneAt(one: Try, ip: string, scene: Scene): StateAt | undefined {
  const { neighbours, endpoints, service } = scene.around;
  const { pods, departed } = scene;
  const holders = pods.filter((pod) => pod.ips.includes(ip));
  const isReused = holders.some((pod) => pod.createdMs > one.endMs);
  const servedSince = one.stats?.lastSuccessMs !== undefined && one.stats.lastSuccessMs > one.endMs;
  if (servedSince && !isReused) return undefined;
  const stopping = stoppingState(one, pods, departed);
  if (stopping !== undefined) return stopping;
  if (neighbours.state !== "present" || endpoints.state !== "present" || !unanswered.has(one.class))
    return undefined;
  const isListed = !isReused && endpoints.value.all.some((e) => e.ip === ip);
  if (isListed || isServiceIp(service, ip)) return undefined;
  return (
    ended(one, ip, holders) ?? {
      state: "gone",
      text: `no pod had ${ip} at that time${isReused ? "" : " and no EndpointSlice lists it"}`,
      source: "pods and EndpointSlices of the namespace",
    }
  );
}

/** The pod whose address it was, when it ended before and is still listed, as an evicted one is. */
function ended(one: Try, ip: string, holders: readonly PodView[]): StateAt | undefined {
  const last = holders
    .filter((pod) => pod.createdMs <= one.endMs)
    .flatMap((pod) => pod.timeline.filter((m) => m.kind === "terminated").map((moment) => ({ pod, moment })))
    .sort((a, b) => b.moment.atMs - a.moment.atMs)[0];
  return (
    last && {
      state: "gone",
      pod: last.pod.ref,
      text: `${relation(one.endMs, last.moment.atMs, last.moment.text)}; no pod had ${ip} any more`,
      source: last.moment.source,
    }
  );
}

/** Pods that were told to stop this long ago may still have held their address. */
const longestGraceMs = 60_000;
/** Pods that were told to stop together cannot be told apart. */
const togetherMs = 10_000;

interface Stopped {
  readonly ref: ObjectRef;
  readonly moment: Pick<Moment, "atMs" | "source">;
}

/** Pods without an address, by time alone: those that were told to stop last before the attempt ended. */
function stoppingState(
  one: Try,
  pods: readonly PodView[],
  departed: readonly DepartedPod[],
): StateAt | undefined {
  const stopped = [...pods.flatMap(stoppedPod), ...departed.flatMap(stoppedDeparted)]
    .filter(({ moment: { atMs } }) => one.endMs >= atMs - joinMs && one.startMs <= atMs + longestGraceMs)
    .sort((a, b) => b.moment.atMs - a.moment.atMs || compareText(a.ref.name, b.ref.name));
  const [last] = stopped;
  if (last === undefined) return undefined;
  const candidates = stopped.filter(({ moment }) => last.moment.atMs - moment.atMs <= togetherMs);
  const names = candidates.map(({ ref }) => ref.name).sort();
  const many = `one of ${names.length} pods (${names.slice(0, 3).join(", ")} …)`;
  const what = `${names.length > 3 ? many : names.join(" or ")}, whose address nobody recorded, was told to stop`;
  return {
    state: "terminating",
    ...(candidates.length === 1 ? { pod: last.ref } : {}),
    text: relation(one.endMs, last.moment.atMs, what),
    source: last.moment.source,
  };
}

/** An evicted pod is still listed, its address is not. */
function stoppedPod(pod: PodView): Stopped[] {
  const moment = pod.timeline.find((m) => m.kind === "evicted" || m.kind === "delete-called");
  return pod.ips.length > 0 || moment === undefined ? [] : [{ ref: pod.ref, moment }];
}

function stoppedDeparted(pod: DepartedPod): Stopped[] {
  const { ip, stoppedMs, ref, timeline } = pod;
  if (ip !== undefined || stoppedMs === undefined) return [];
  const source = timeline.find((m) => m.atMs === stoppedMs)?.source ?? refText(ref);
  return [{ ref, moment: { atMs: stoppedMs, source } }];
}

const isServiceIp = (service: Observed<Service>, ip: string): boolean =>
  service.state === "present" &&
  [service.value.spec?.clusterIP, ...(service.value.spec?.clusterIPs ?? [])].includes(ip);
