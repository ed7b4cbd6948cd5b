import type { KubeEvent } from "../../../src/evidence/kinds.ts";
import { suffix, uidOf } from "../ids.ts";
import { at, atMs } from "../time.ts";
import type { ObjectStore } from "./store.ts";

export interface EventOptions {
  /** "Warning" for the reasons that their writers warn about, else "Normal". */
  readonly type?: "Normal" | "Warning";
  readonly count?: number;
  readonly first?: string;
  readonly last?: string;
  /** Who wrote it: "kubelet", "deployment-controller"; guessed from the kind. */
  readonly component?: string;
  readonly host?: string;
  /** "spec.containers{cart}". */
  readonly fieldPath?: string;
}

export interface EventAbout {
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
}

const warnings =
  /^(Unhealthy|BackOff|Failed|FailedScheduling|FailedMount|FailedAttachVolume|FailedCreate|FailedCreatePodSandBox|Evicted|OOMKilling|SystemOOM|NodeNotReady|NetworkNotReady|ProbeWarning|FailedGetResourceMetric|FailedComputeMetricsReplicas|Preempted|FailedKillPod|FailedPreStopHook|FailedPostStartHook|AnnotationParsingFailed|DNSConfigForming|FailedToUpdateEndpointSlices|InspectFailed|ErrImageNeverPull|EvictionThresholdMet|FreeDiskSpaceFailed|TaintManagerEviction)$/;

const writers: Readonly<Record<string, string>> = {
  Pod: "kubelet",
  Deployment: "deployment-controller",
  ReplicaSet: "replicaset-controller",
  StatefulSet: "statefulset-controller",
  HorizontalPodAutoscaler: "horizontal-pod-autoscaler",
  Node: "kubelet",
  Ingress: "nginx-ingress-controller",
  EndpointSlice: "endpoint-slice-controller",
  PodDisruptionBudget: "controllermanager",
  PersistentVolumeClaim: "persistentvolume-controller",
};

/** Writes an event as its component would. Events older than an hour are dropped, as the API server does. */
export function addEvent(
  store: ObjectStore,
  about: EventAbout,
  reason: string,
  message: string,
  options: EventOptions = {},
): void {
  const last = at(options.last ?? options.first ?? "-5m");
  const first = at(options.first ?? last);
  if (atMs(last) < atMs("-1h")) return;
  const namespace = about.namespace ?? "default";
  const scheduler = reason === "Scheduled" || reason === "FailedScheduling" || reason === "Preempted";
  const name = `${about.name}.18${suffix(`${about.name}/${reason}/${message}/${first}`, 14)}`;
  const component = options.component ?? writers[about.kind] ?? "controller-manager";
  const event: KubeEvent = {
    metadata: { name, namespace, uid: uidOf("Event", namespace, name), creationTimestamp: first },
    involvedObject: {
      kind: about.kind,
      ...(about.namespace === undefined ? {} : { namespace: about.namespace }),
      name: about.name,
      uid: about.kind === "Node" ? about.name : uidOf(about.kind, about.namespace, about.name),
      ...(options.fieldPath === undefined ? {} : { fieldPath: options.fieldPath }),
    },
    reason,
    message,
    type: options.type ?? (warnings.test(reason) ? "Warning" : "Normal"),
    ...(scheduler
      ? {
          source: {},
          firstTimestamp: null,
          lastTimestamp: null,
          eventTime: first.replace("Z", ".000000Z"),
          reportingComponent: "default-scheduler",
        }
      : {
          source: { component, ...(options.host === undefined ? {} : { host: options.host }) },
          count: options.count ?? 1,
          firstTimestamp: first,
          lastTimestamp: last,
          eventTime: null,
          reportingComponent: component,
        }),
    ...(scheduler && first !== last
      ? { series: { count: options.count ?? 2, lastObservedTime: last.replace("Z", ".000000Z") } }
      : {}),
  };
  store.put("events", event);
}
