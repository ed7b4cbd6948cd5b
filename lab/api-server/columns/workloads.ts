import type { DaemonSet, Deployment, ReplicaSet, StatefulSet } from "kubernetes-types/apps/v1";
import type { HorizontalPodAutoscaler } from "kubernetes-types/autoscaling/v2";
import type { Job } from "kubernetes-types/batch/v1";
import type { PodTemplateSpec } from "kubernetes-types/core/v1";
import type { PodDisruptionBudget } from "kubernetes-types/policy/v1";
import type { Rollout } from "../../../src/evidence/kinds.ts";
import type { KubeObject } from "../stored-object.ts";
import { ageColumn, type Column, count, durationText, nameColumn, none, text, wide } from "./column.ts";
import { labelsText, selectorText } from "./selectors.ts";

interface WithTemplate {
  readonly spec?: {
    readonly template?: PodTemplateSpec;
    readonly selector?: Parameters<typeof selectorText>[0];
  };
}

const containers = (object: KubeObject) => (object as WithTemplate).spec?.template?.spec?.containers ?? [];
const containersColumn = wide("Containers", (object) =>
  containers(object)
    .map((c) => c.name)
    .join(","),
);
const imagesColumn = wide("Images", (object) =>
  containers(object)
    .map((c) => c.image ?? "")
    .join(","),
);
const selectorColumn = wide("Selector", (object) => selectorText((object as WithTemplate).spec?.selector));
const template = [containersColumn, imagesColumn, selectorColumn] as const;

const deployment = (object: KubeObject): Deployment => object as Deployment;
export const deploymentColumns: readonly Column[] = [
  nameColumn,
  text("Ready", (o) => `${deployment(o).status?.readyReplicas ?? 0}/${deployment(o).spec?.replicas ?? 1}`),
  text("Up-to-date", (o) => String(deployment(o).status?.updatedReplicas ?? 0)),
  text("Available", (o) => String(deployment(o).status?.availableReplicas ?? 0)),
  ageColumn,
  ...template,
];

const replicaSet = (object: KubeObject): ReplicaSet => object as ReplicaSet;
export const replicaSetColumns: readonly Column[] = [
  nameColumn,
  count("Desired", (o) => replicaSet(o).spec?.replicas ?? 1),
  count("Current", (o) => replicaSet(o).status?.replicas ?? 0),
  count("Ready", (o) => replicaSet(o).status?.readyReplicas ?? 0),
  ageColumn,
  ...template,
];

const statefulSet = (object: KubeObject): StatefulSet => object as StatefulSet;
export const statefulSetColumns: readonly Column[] = [
  nameColumn,
  text("Ready", (o) => `${statefulSet(o).status?.readyReplicas ?? 0}/${statefulSet(o).spec?.replicas ?? 1}`),
  ageColumn,
  containersColumn,
  imagesColumn,
];

const daemonSet = (object: KubeObject): DaemonSet => object as DaemonSet;
export const daemonSetColumns: readonly Column[] = [
  nameColumn,
  count("Desired", (o) => daemonSet(o).status?.desiredNumberScheduled ?? 0),
  count("Current", (o) => daemonSet(o).status?.currentNumberScheduled ?? 0),
  count("Ready", (o) => daemonSet(o).status?.numberReady ?? 0),
  count("Up-to-date", (o) => daemonSet(o).status?.updatedNumberScheduled ?? 0),
  count("Available", (o) => daemonSet(o).status?.numberAvailable ?? 0),
  text("Node Selector", (o) => labelsText(daemonSet(o).spec?.template.spec?.nodeSelector)),
  ageColumn,
  ...template,
];

const job = (object: KubeObject): Job => object as Job;
export const jobColumns: readonly Column[] = [
  nameColumn,
  text("Status", (o) => {
    const met = (job(o).status?.conditions ?? []).filter((c) => c.status === "True").map((c) => c.type);
    if (met.includes("Complete")) return "Complete";
    if (met.includes("Failed")) return "Failed";
    return met.includes("Suspended") ? "Suspended" : "Running";
  }),
  text("Completions", (o) => `${job(o).status?.succeeded ?? 0}/${job(o).spec?.completions ?? 1}`),
  text("Duration", (o, nowMs) => {
    const { startTime, completionTime } = job(o).status ?? {};
    if (startTime === undefined) return "";
    return durationText(
      (completionTime === undefined ? nowMs : Date.parse(completionTime)) - Date.parse(startTime),
    );
  }),
  ageColumn,
  ...template,
];

/** Printer columns of the Rollout CustomResourceDefinition (argoproj/argo-rollouts manifests/crds). */
const rollout = (object: KubeObject): Rollout => object as Rollout;
const rolloutCount = (name: string, value: (r: Rollout) => number | undefined): Column =>
  count(name, (o) => value(rollout(o)) ?? 0);
export const rolloutColumns: readonly Column[] = [
  nameColumn,
  rolloutCount("Desired", (r) => r.spec?.replicas),
  rolloutCount("Current", (r) => r.status?.replicas),
  count("Up-to-date", (o) => (o as { status?: { updatedReplicas?: number } }).status?.updatedReplicas ?? 0),
  rolloutCount("Available", (r) => r.status?.availableReplicas),
  ageColumn,
];

const hpa = (object: KubeObject): HorizontalPodAutoscaler => object as HorizontalPodAutoscaler;
export const hpaColumns: readonly Column[] = [
  nameColumn,
  text("Reference", (o) => `${hpa(o).spec?.scaleTargetRef.kind}/${hpa(o).spec?.scaleTargetRef.name}`),
  text("Targets", (o) => targetsText(hpa(o))),
  text("MinPods", (o) => String(hpa(o).spec?.minReplicas ?? 1)),
  text("MaxPods", (o) => String(hpa(o).spec?.maxReplicas ?? 0)),
  text("Replicas", (o) => String(hpa(o).status?.currentReplicas ?? 0)),
  ageColumn,
];

/** "cpu: 45%/80%" per resource metric; other metrics by their type. */
function targetsText(autoscaler: HorizontalPodAutoscaler): string {
  const current = autoscaler.status?.currentMetrics ?? [];
  const targets = (autoscaler.spec?.metrics ?? []).map((metric) => {
    const name = metric.resource?.name;
    if (name === undefined) return metric.type;
    const now = current.find((c) => c.resource?.name === name)?.resource?.current.averageUtilization;
    return `${name}: ${now === undefined ? "<unknown>" : `${now}%`}/${metric.resource?.target.averageUtilization ?? "?"}%`;
  });
  return targets.length === 0 ? none : targets.join(", ");
}

const pdb = (object: KubeObject): PodDisruptionBudget => object as PodDisruptionBudget;
export const pdbColumns: readonly Column[] = [
  nameColumn,
  text("Min Available", (o) => String(pdb(o).spec?.minAvailable ?? "N/A")),
  text("Max Unavailable", (o) => String(pdb(o).spec?.maxUnavailable ?? "N/A")),
  count("Allowed Disruptions", (o) => pdb(o).status?.disruptionsAllowed ?? 0),
  ageColumn,
];
