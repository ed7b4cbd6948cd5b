import type { KubeObject } from "../../stored-object.ts";
import { type JsonObject, isObject, objectAt, objectOf, setDefault } from "../json.ts";
import { defaultPodSpec } from "./pod-spec.ts";

/** kubernetes/kubernetes pkg/apis/apps/v1/defaults.go, pkg/apis/batch/v1/defaults.go. */

function defaultTemplate(spec: JsonObject): void {
  const template = spec["template"];
  if (!isObject(template)) return;
  objectAt(template, "metadata");
  if (isObject(template["spec"])) defaultPodSpec(template["spec"]);
}

export function defaultDeployment(deployment: KubeObject): void {
  const spec = objectAt(deployment, "spec");
  defaultTemplate(spec);
  setDefault(spec, "replicas", 1);
  setDefault(spec, "revisionHistoryLimit", 10);
  setDefault(spec, "progressDeadlineSeconds", 600);
  const strategy = objectAt(spec, "strategy");
  setDefault(strategy, "type", "RollingUpdate");
  if (strategy["type"] !== "RollingUpdate") return;
  const rolling = objectAt(strategy, "rollingUpdate");
  setDefault(rolling, "maxUnavailable", "25%");
  setDefault(rolling, "maxSurge", "25%");
}

export function defaultReplicaSet(replicaSet: KubeObject): void {
  const spec = objectAt(replicaSet, "spec");
  defaultTemplate(spec);
  setDefault(spec, "replicas", 1);
}

export function defaultReplicationController(controller: KubeObject): void {
  defaultReplicaSet(controller);
  const spec = objectAt(controller, "spec");
  const { labels } = objectOf(objectOf(spec["template"])["metadata"]);
  if (labels !== undefined) setDefault(spec, "selector", labels);
}

export function defaultStatefulSet(set: KubeObject): void {
  const spec = objectAt(set, "spec");
  defaultTemplate(spec);
  setDefault(spec, "replicas", 1);
  setDefault(spec, "serviceName", "");
  setDefault(spec, "revisionHistoryLimit", 10);
  setDefault(spec, "podManagementPolicy", "OrderedReady");
  setDefault(spec, "persistentVolumeClaimRetentionPolicy", { whenDeleted: "Retain", whenScaled: "Retain" });
  const strategy = objectAt(spec, "updateStrategy");
  setDefault(strategy, "type", "RollingUpdate");
  if (strategy["type"] === "RollingUpdate") setDefault(objectAt(strategy, "rollingUpdate"), "partition", 0);
}

export function defaultDaemonSet(set: KubeObject): void {
  const spec = objectAt(set, "spec");
  defaultTemplate(spec);
  setDefault(spec, "revisionHistoryLimit", 10);
  const strategy = objectAt(spec, "updateStrategy");
  setDefault(strategy, "type", "RollingUpdate");
  if (strategy["type"] !== "RollingUpdate") return;
  const rolling = objectAt(strategy, "rollingUpdate");
  setDefault(rolling, "maxUnavailable", 1);
  setDefault(rolling, "maxSurge", 0);
}

function defaultJobSpec(spec: JsonObject): void {
  defaultTemplate(spec);
  if (spec["parallelism"] === undefined) setDefault(spec, "completions", 1);
  setDefault(spec, "parallelism", 1);
  setDefault(spec, "backoffLimit", 6);
  setDefault(spec, "completionMode", "NonIndexed");
  setDefault(spec, "suspend", false);
  setDefault(spec, "podReplacementPolicy", "TerminatingOrFailed");
}

export function defaultJob(job: KubeObject): void {
  const spec = objectAt(job, "spec");
  defaultJobSpec(spec);
  setDefault(spec, "manualSelector", false);
  const { uid, name } = job.metadata ?? {};
  // Without a selector of its own a Job owns its pods by its uid (pkg/registry/batch/job/strategy.go).
  if (spec["manualSelector"] === true || uid === undefined || spec["selector"] !== undefined) return;
  const labels = { "batch.kubernetes.io/controller-uid": uid, "batch.kubernetes.io/job-name": name };
  const template = objectAt(objectAt(spec, "template"), "metadata");
  Object.assign(objectAt(template, "labels"), labels, { "controller-uid": uid, "job-name": name });
  spec["selector"] = { matchLabels: { "batch.kubernetes.io/controller-uid": uid } };
}

export function defaultCronJob(job: KubeObject): void {
  const spec = objectAt(job, "spec");
  setDefault(spec, "concurrencyPolicy", "Allow");
  setDefault(spec, "suspend", false);
  setDefault(spec, "successfulJobsHistoryLimit", 3);
  setDefault(spec, "failedJobsHistoryLimit", 1);
  const template = objectOf(spec["jobTemplate"])["spec"];
  if (isObject(template)) defaultTemplate(template);
}

export function defaultAutoscaler(autoscaler: KubeObject): void {
  const spec = objectAt(autoscaler, "spec");
  setDefault(spec, "minReplicas", 1);
  setDefault(spec, "metrics", [
    {
      type: "Resource",
      resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 80 } },
    },
  ]);
}
