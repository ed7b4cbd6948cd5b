import type { Observations } from "../../derive/observations.ts";
import { serviceSelector } from "../../derive/selectors.ts";
import type { WatchedResource } from "../../evidence/change-record.ts";
import type { ObjectRef } from "../../evidence/object-ref.ts";
import { selectorText } from "../cluster/label-text.ts";

/** Which lists are watched for one route, each as narrow as the API can select it. */
export interface WatchScope {
  readonly namespace: string;
  readonly lists: readonly WatchPlan[];
  /** Of whom events are kept: objects of these names, and pods and sets whose names begin so. */
  readonly names: readonly string[];
}

export interface WatchPlan {
  readonly resource: WatchedResource;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
}

/** Most pods of a Service are watched by its selector; of one without, those of the namespace. */
export function watchScope(
  facts: Pick<Observations, "route" | "service" | "workloads" | "autoscalers">,
): WatchScope {
  const route = facts.route.state === "present" ? facts.route.value : undefined;
  const namespace = route?.namespace ?? "default";
  const selector = facts.service.state === "present" ? serviceSelector(facts.service.value) : undefined;
  const bySelector = selector === undefined ? {} : { labelSelector: selectorText(selector) };
  const serviceName = route?.backend.service.name ?? "";
  const workloads = facts.workloads.state === "present" ? facts.workloads.value.map((w) => w.ref) : [];
  const hpas = facts.autoscalers.state === "present" ? facts.autoscalers.value.map((a) => a.ref) : [];
  return {
    namespace,
    lists: [
      { resource: "pods", ...bySelector },
      { resource: "endpointslices", labelSelector: `kubernetes.io/service-name=${serviceName}` },
      // A ReplicaSet has the labels of its template (kubernetes/kubernetes pkg/controller/deployment/sync.go).
      { resource: "replicasets", ...bySelector },
      { resource: "events" },
      ...[...workloads, ...hpas].flatMap(planOf),
    ],
    names: [serviceName, ...workloads.map((w) => w.name), ...hpas.map((h) => h.name)].filter(Boolean),
  };
}

const resourceOfKind: Readonly<Record<string, WatchedResource>> = {
  Deployment: "deployments",
  StatefulSet: "statefulsets",
  DaemonSet: "daemonsets",
  HorizontalPodAutoscaler: "horizontalpodautoscalers",
};

function planOf({ kind, name }: ObjectRef): WatchPlan[] {
  const resource = resourceOfKind[kind];
  return resource === undefined ? [] : [{ resource, fieldSelector: `metadata.name=${name}` }];
}
