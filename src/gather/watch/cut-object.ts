import type { EndpointSlice } from "kubernetes-types/discovery/v1";
import type { ContainerState, ContainerStatus, Pod } from "kubernetes-types/core/v1";
import type { ObjectMeta } from "kubernetes-types/meta/v1";
import { items } from "../../derive/shape.ts";
import type { WatchedResource } from "../../evidence/change-record.ts";
import type { KindMap, KubeEvent } from "../../evidence/kinds.ts";

/** Cuts an object to what can change the way of a request, so that heartbeats are no changes and a record stays small. */
export function cutObject<R extends WatchedResource>(resource: R, object: KindMap[R]): KindMap[R] {
  const cut: { readonly [K in WatchedResource]: (object: KindMap[K]) => unknown } = {
    pods: cutPod,
    endpointslices: cutSlice,
    events: cutEvent,
    deployments: cutWorkload,
    replicasets: cutWorkload,
    statefulsets: cutWorkload,
    daemonsets: cutWorkload,
    horizontalpodautoscalers: cutWorkload,
  };
  return cut[resource](object as never) as KindMap[R];
}

type Fields = Readonly<Record<string, unknown>>;

/** The named fields that are there. */
function picked<T extends object>(from: T | null | undefined, names: readonly (keyof T & string)[]): Fields {
  if (typeof from !== "object" || from === null) return {};
  return Object.fromEntries(
    names.flatMap((name) => (from[name] === undefined || from[name] === null ? [] : [[name, from[name]]])),
  );
}

const metadataOf = (metadata: ObjectMeta | undefined): Fields =>
  picked(metadata, [
    "name",
    "namespace",
    "uid",
    "labels",
    "ownerReferences",
    "creationTimestamp",
    "deletionTimestamp",
    "deletionGracePeriodSeconds",
    "generation",
  ]);

const kindOf = (object: { readonly apiVersion?: string; readonly kind?: string }): Fields =>
  picked(object, ["apiVersion", "kind"]);

const longestText = 300;

const shortened = (text: string | undefined): string | undefined => text?.slice(0, longestText);

/** When a condition was last looked at is no change of it. */
const conditionsOf = (conditions: unknown): Fields[] =>
  items(conditions as readonly Condition[]).map((condition) => ({
    ...picked(condition, ["type", "status", "reason", "lastTransitionTime"]),
    ...(condition.message === undefined ? {} : { message: shortened(condition.message) }),
  }));

interface Condition {
  readonly type?: string;
  readonly status?: string;
  readonly reason?: string;
  readonly message?: string;
  readonly lastTransitionTime?: string;
}

function cutPod(pod: Pod): Fields {
  const { spec, status } = pod;
  return {
    ...kindOf(pod),
    metadata: metadataOf(pod.metadata),
    spec: {
      ...picked(spec, ["nodeName", "hostNetwork", "terminationGracePeriodSeconds"]),
      containers: items(spec?.containers).map((c) => picked(c, ["name"])),
    },
    status: {
      ...picked(status, ["phase", "reason", "podIP", "podIPs"]),
      conditions: conditionsOf(status?.conditions),
      containerStatuses: items(status?.containerStatuses).map(containerOf),
    },
  };
}

const containerOf = (status: ContainerStatus): Fields => ({
  ...picked(status, ["name", "ready", "started", "restartCount"]),
  state: stateOf(status.state),
  lastState: stateOf(status.lastState),
});

function stateOf(state: ContainerState | null | undefined): Fields {
  if (typeof state !== "object" || state === null) return {};
  const { running, waiting, terminated } = state;
  if (running) return { running: picked(running, ["startedAt"]) };
  if (waiting) return { waiting: picked(waiting, ["reason"]) };
  return terminated
    ? { terminated: picked(terminated, ["reason", "exitCode", "signal", "startedAt", "finishedAt"]) }
    : {};
}

const cutSlice = (slice: EndpointSlice): Fields => ({
  ...kindOf(slice),
  metadata: metadataOf(slice.metadata),
  addressType: slice.addressType,
  ports: items(slice.ports).map((port) => picked(port, ["name", "port"])),
  endpoints: items(slice.endpoints).map((endpoint) => ({
    ...picked(endpoint, ["addresses", "conditions", "nodeName"]),
    ...(endpoint.targetRef === undefined
      ? {}
      : { targetRef: picked(endpoint.targetRef, ["kind", "namespace", "name", "uid"]) }),
  })),
});

/** Workloads and autoscalers: how many there are to be, and how many there are. */
const cutWorkload = (object: Workload): Fields => ({
  ...kindOf(object),
  metadata: metadataOf(object.metadata),
  spec: picked(object.spec as Spec, ["replicas", "paused", "minReplicas", "maxReplicas", "scaleTargetRef"]),
  status: {
    ...picked(object.status as Status, [
      "observedGeneration",
      "replicas",
      "updatedReplicas",
      "readyReplicas",
      "availableReplicas",
      "currentReplicas",
      "desiredReplicas",
      "desiredNumberScheduled",
      "updatedNumberScheduled",
      "numberReady",
      "numberAvailable",
      "currentRevision",
      "updateRevision",
    ]),
    conditions: conditionsOf((object.status as Status | undefined)?.["conditions"]),
  },
});

type Spec = Fields;
type Status = Fields;

interface Workload {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata?: ObjectMeta;
  readonly spec?: unknown;
  readonly status?: unknown;
}

const cutEvent = (event: KubeEvent): Fields => ({
  ...picked(event, [
    "type",
    "reason",
    "count",
    "firstTimestamp",
    "lastTimestamp",
    "eventTime",
    "series",
    "involvedObject",
    "regarding",
    "source",
    "reportingComponent",
    "reportingController",
  ]),
  metadata: picked(event.metadata, ["name", "namespace", "uid", "creationTimestamp"]),
  ...(event.message === undefined ? {} : { message: shortened(event.message) }),
  ...(event.note === undefined ? {} : { note: shortened(event.note) }),
});
