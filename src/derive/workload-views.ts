import type { DaemonSet, Deployment, ReplicaSet, StatefulSet } from "kubernetes-types/apps/v1";
import type { PodTemplateSpec } from "kubernetes-types/core/v1";
import type { LabelSelector, ObjectMeta } from "kubernetes-types/meta/v1";
import { type Evidence, nameOf, namespaceOf } from "../evidence/evidence.ts";
import type { Rollout } from "../evidence/kinds.ts";
import { ref } from "../evidence/object-ref.ts";
import { findObject, objectsOf } from "./coverage.ts";
import { oncePer } from "./once.ts";
import { controllerOf } from "./owners.ts";
import { revisionsOf } from "./revisions.ts";
import { items, maybe, texts, timeMs } from "./shape.ts";
import type { Workload } from "./views.ts";

export type WorkloadView = Omit<Workload, "relation">;

/** Every workload of a namespace that was read; ReplicaSets only when nothing owns them. */
export function workloadsOf(evidence: Evidence, namespace: string): readonly WorkloadView[] {
  return byNamespace(evidence).get(namespace) ?? [];
}

const byNamespace = oncePer((evidence: Evidence): ReadonlyMap<string, readonly WorkloadView[]> => {
  const all = [
    ...objectsOf(evidence, "deployments").map((d) => deploymentView(evidence, d)),
    ...objectsOf(evidence, "statefulsets").map(statefulSetView),
    ...objectsOf(evidence, "daemonsets").map(daemonSetView),
    ...objectsOf(evidence, "rollouts").map((r) => rolloutView(evidence, r)),
    ...objectsOf(evidence, "replicasets").filter(isBare).map(replicaSetView),
  ];
  return Map.groupBy(all, (workload) => workload.ref.namespace ?? "");
});

const isBare = (set: ReplicaSet): boolean => controllerOf(set.metadata) === undefined;

/** Defaults of strategy: kubernetes/kubernetes pkg/apis/apps/v1/defaults.go. */
function deploymentView(evidence: Evidence, d: Deployment): WorkloadView {
  const type = d.spec?.strategy?.type ?? "RollingUpdate";
  const rolling = d.spec?.strategy?.rollingUpdate;
  const limits = { maxUnavailable: rolling?.maxUnavailable ?? "25%", maxSurge: rolling?.maxSurge ?? "25%" };
  return {
    ...common("Deployment", d, d.spec?.template),
    desired: d.spec?.replicas ?? 1,
    ready: d.status?.readyReplicas ?? 0,
    updated: d.status?.updatedReplicas ?? 0,
    strategy: type === "RollingUpdate" ? { type, ...limits } : { type },
    conditions: conditionsOf(d.status?.conditions),
    revisions: revisionsOf(evidence, "Deployment", d),
  };
}

function statefulSetView(s: StatefulSet): WorkloadView {
  const strategy = s.spec?.updateStrategy;
  const rolling = strategy?.rollingUpdate as { maxUnavailable?: number | string } | undefined;
  return {
    ...common("StatefulSet", s, s.spec?.template),
    desired: s.spec?.replicas ?? 1,
    ready: s.status?.readyReplicas ?? 0,
    updated: s.status?.updatedReplicas ?? 0,
    strategy: {
      type: strategy?.type ?? "RollingUpdate",
      ...maybe("maxUnavailable", rolling?.maxUnavailable),
    },
    conditions: conditionsOf(s.status?.conditions),
    revisions: [],
  };
}

function daemonSetView(d: DaemonSet): WorkloadView {
  const type = d.spec?.updateStrategy?.type ?? "RollingUpdate";
  const rolling = d.spec?.updateStrategy?.rollingUpdate as
    | { maxUnavailable?: number | string; maxSurge?: number | string }
    | undefined;
  const limits = { maxUnavailable: rolling?.maxUnavailable ?? 1, maxSurge: rolling?.maxSurge ?? 0 };
  return {
    ...common("DaemonSet", d, d.spec?.template),
    desired: d.status?.desiredNumberScheduled ?? 0,
    ready: d.status?.numberReady ?? 0,
    updated: d.status?.updatedNumberScheduled ?? 0,
    strategy: type === "RollingUpdate" ? { type, ...limits } : { type },
    conditions: conditionsOf(d.status?.conditions),
    revisions: [],
  };
}

/** A Rollout may borrow the template of the Deployment it names (`workloadRef`). */
function rolloutView(evidence: Evidence, r: Rollout): WorkloadView {
  const borrowed = r.spec?.workloadRef?.name;
  const lender =
    borrowed === undefined ? undefined : findObject(evidence, "deployments", namespaceOf(r), borrowed);
  const strategy = r.spec?.strategy ?? {};
  const type = Object.hasOwn(strategy, "blueGreen") ? "BlueGreen" : "Canary";
  const canary = (strategy["canary"] ?? {}) as {
    maxUnavailable?: number | string;
    maxSurge?: number | string;
  };
  return {
    ...common("Rollout", r, r.spec?.template ?? lender?.spec?.template),
    desired: r.spec?.replicas ?? 1,
    ready: r.status?.readyReplicas ?? 0,
    updated: 0,
    strategy: {
      type,
      ...maybe("maxUnavailable", canary.maxUnavailable),
      ...maybe("maxSurge", canary.maxSurge),
    },
    conditions: [],
    revisions: revisionsOf(evidence, "Rollout", r),
  };
}

function replicaSetView(s: ReplicaSet): WorkloadView {
  return {
    ...common("ReplicaSet", s, s.spec?.template),
    desired: s.spec?.replicas ?? 1,
    ready: s.status?.readyReplicas ?? 0,
    updated: s.status?.replicas ?? 0,
    strategy: { type: "None" },
    conditions: conditionsOf(s.status?.conditions),
    revisions: [],
  };
}

interface Templated {
  readonly metadata?: ObjectMeta;
  readonly spec?: {
    readonly selector?: LabelSelector;
  };
}

function common(kind: string, object: Templated, template: PodTemplateSpec | undefined) {
  const { matchLabels, matchExpressions } = object.spec?.selector ?? {};
  const isPlain = matchLabels !== undefined && items(matchExpressions).length === 0;
  return {
    ref: ref(kind, nameOf(object), namespaceOf(object)),
    ...(isPlain ? { selector: texts(matchLabels) } : {}),
    template: { labels: texts(template?.metadata?.labels), spec: template?.spec ?? { containers: [] } },
    createdMs: timeMs(object.metadata?.creationTimestamp) ?? 0,
  };
}

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
  readonly lastTransitionTime?: string;
}

const conditionsOf = (conditions: readonly Condition[] | undefined): Workload["conditions"] =>
  items(conditions).map((c) => ({
    type: c.type,
    status: c.status,
    ...maybe("reason", c.reason),
    ...maybe("message", c.message),
    ...maybe("changedMs", timeMs(c.lastTransitionTime)),
  }));
