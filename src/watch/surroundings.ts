import type { Deployment } from "kubernetes-types/apps/v1";
import { isObject } from "../base/json-value.ts";
import { recordedPods } from "../derive/recorded-pods.ts";
import { rolloutProgress } from "../derive/rolled-out.ts";
import { items } from "../derive/shape.ts";
import { type ChangeRecord, changesOf } from "../evidence/change-record.ts";
import { nameOf, namespaceOf } from "../evidence/evidence.ts";
import type { PodCounts, RolloutReport } from "../report/watch-report.ts";

/** Where the route's pods and workloads stand at the end of a record. */
export interface WatchedState {
  readonly pods: PodCounts;
  readonly rollouts: readonly RolloutReport[];
  /** New pods that do not start, and why: "web-6d4cf56db6-x7k2p: CrashLoopBackOff". */
  readonly stuckPods: readonly string[];
  /** Why endpoints could not be watched. */
  readonly endpointsUnread?: string;
}

export function watchedState(record: ChangeRecord): WatchedState {
  const unread = endpointsUnread(record);
  return {
    pods: podCounts(record),
    rollouts: rolloutsOf(record),
    stuckPods: stuckPods(record),
    ...(unread === undefined ? {} : { endpointsUnread: unread }),
  };
}

function podCounts(record: ChangeRecord): PodCounts {
  const pods = recordedPods(record);
  const there = pods.filter(({ removedMs, pod }) => removedMs === undefined && !isOver(pod.status?.phase));
  const going = there.filter(({ deletedMs }) => deletedMs !== undefined);
  const staying = there.filter(({ deletedMs }) => deletedMs === undefined);
  const readyEndpoints = countReadyEndpoints(record);
  const unknown = record.watched.find(({ resource }) => resource === "pods")?.reason;
  return {
    ready: staying.filter(({ ready }) => ready).length,
    notReady: staying.filter(({ ready }) => !ready).length,
    terminating: going.length,
    ...(readyEndpoints === undefined ? {} : { readyEndpoints }),
    created: pods.filter(({ isNew }) => isNew).length,
    deleted: pods.filter(({ deletedMs }) => deletedMs !== undefined && deletedMs >= record.fromMs).length,
    restarts: pods.reduce((sum, { restarts }) => sum + Math.max(0, restarts), 0),
    ...(unknown === undefined ? {} : { unknown }),
  };
}

const isOver = (phase: string | undefined): boolean => phase === "Succeeded" || phase === "Failed";

/** By pod, as one may stand in a slice of each family of addresses; undefined where there is no slice, or none was seen. */
function countReadyEndpoints(record: ChangeRecord): number | undefined {
  if (endpointsUnread(record) !== undefined) return undefined;
  const last = new Map(changesOf(record, "endpointslices").map((change) => [nameOf(change.object), change]));
  if (last.size === 0) return undefined;
  const ready = [...last.values()].flatMap(({ type, object }) =>
    type === "deleted"
      ? []
      : items(object.endpoints)
          .filter(({ conditions }) => conditions?.ready !== false)
          .flatMap(({ targetRef, addresses }) => targetRef?.name ?? items(addresses)[0] ?? []),
  );
  return new Set(ready).size;
}

/** Why endpoints could not be watched. */
const endpointsUnread = ({ watched }: ChangeRecord): string | undefined =>
  watched.find(({ resource }) => resource === "endpointslices")?.reason;

const workloads = ["deployments", "statefulsets", "daemonsets"] as const;

function rolloutsOf(record: ChangeRecord): RolloutReport[] {
  return workloads.flatMap((resource) => {
    const byName = Map.groupBy(changesOf(record, resource), ({ object }) => nameOf(object));
    return [...byName.values()].flatMap((changes): RolloutReport[] => {
      const last = changes.at(-1);
      if (last === undefined || last.type === "deleted" || !isObject(last.object)) return [];
      const { kind = "", status } = last.object as Deployment;
      const { wanted, updated, available, isOver: isDone } = rolloutProgress(last.object);
      const late = items(status?.conditions).find(({ reason }) => reason === "ProgressDeadlineExceeded");
      const wasUnderWay = changes.some(
        (change) => isObject(change.object) && !rolloutProgress(change.object).isOver,
      );
      const state = isDone ? (wasUnderWay ? "done" : "none") : late === undefined ? "under-way" : "stuck";
      const counts = `${updated} of ${wanted} updated, ${available} available`;
      return [
        {
          object: { kind, namespace: namespaceOf(last.object), name: nameOf(last.object) },
          state,
          note: late?.message === undefined || isDone ? counts : `${counts}: ${late.message}`,
        },
      ];
    });
  });
}

/** Reasons for which a container does not start, and will not by waiting (kubernetes/kubernetes pkg/kubelet/images, kuberuntime). */
const hopeless = new Set([
  "CrashLoopBackOff",
  "ImagePullBackOff",
  "ErrImagePull",
  "InvalidImageName",
  "ErrImageNeverPull",
  "CreateContainerConfigError",
  "CreateContainerError",
  "RunContainerError",
]);

function stuckPods(record: ChangeRecord): string[] {
  return recordedPods(record)
    .filter(({ removedMs, deletedMs }) => removedMs === undefined && deletedMs === undefined)
    .flatMap(({ ref, pod }) => {
      const waiting = items(pod.status?.containerStatuses).flatMap((c) => c.state?.waiting?.reason ?? []);
      const reason = waiting.find((each) => hopeless.has(each));
      return reason === undefined ? [] : [`${ref.name}: ${reason}`];
    });
}
