import type { DeploymentCondition, DeploymentSpec, ReplicaSet } from "kubernetes-types/apps/v1";
import type { Pod } from "kubernetes-types/core/v1";
import { at, atMs } from "../time.ts";
import type { AppHandle } from "./app.ts";
import type { PodHandle } from "./pod-handle.ts";
import { meta, ownedBy } from "./store.ts";

const isReady = (pod: Pod): boolean =>
  pod.status?.conditions?.some((c) => c.type === "Ready" && c.status === "True") === true;

/** Time at which the pod's Ready condition last changed. */
const readyChanged = (pod: PodHandle): string =>
  pod.status.conditions?.find((c) => c.type === "Ready")?.lastTransitionTime ??
  pod.pod.metadata?.creationTimestamp ??
  at("0s");

const latest = (times: readonly string[], fallback: string): string => [...times].sort().at(-1) ?? fallback;

/** Writes the workload object and its ReplicaSets from the pods that are there. */
export function writeWorkload(app: AppHandle): void {
  if (app.kind === "Deployment") writeDeployment(app);
  else if (app.kind === "StatefulSet") writeStatefulSet(app);
  else writeDaemonSet(app);
}

const selectorOf = (app: AppHandle): Record<string, string> => ({
  ...(app.options.selector ?? { app: app.name }),
});

const alivePods = (app: AppHandle): PodHandle[] =>
  app.pods.filter((p) => app.alive(p) && p.status.phase !== "Failed");

function writeDeployment(app: AppHandle): void {
  const pods = alivePods(app);
  const desired = app.options.replicas ?? 2;
  const newest = app.revisions.length - 1;
  const ofRevision = (i: number): PodHandle[] =>
    pods.filter((p) => p.pod.metadata?.labels?.["pod-template-hash"] === app.revisions[i]?.hash);
  app.revisions.forEach((_, i) => writeReplicaSet(app, i, ofRevision(i)));
  const ready = pods.filter((p) => isReady(p.pod));
  const updated = ofRevision(newest);
  const previous = app.store.find("deployments", app.name, app.namespace);
  app.store.put("deployments", {
    metadata: {
      ...meta("Deployment", app.namespace, app.name, {
        created: app.options.created ?? "-9d",
        labels: { ...app.template.metadata?.labels },
        annotations: { "deployment.kubernetes.io/revision": String(app.revisions.length) },
      }),
      generation: app.revisions.length,
    },
    spec:
      previous?.spec === undefined
        ? deploymentSpec(app, desired)
        : { ...previous.spec, replicas: desired, template: app.template },
    status: {
      observedGeneration: app.revisions.length,
      ...(pods.length === 0 ? {} : { replicas: pods.length, updatedReplicas: updated.length }),
      ...(ready.length === 0 ? {} : { readyReplicas: ready.length, availableReplicas: ready.length }),
      ...(ready.length < desired
        ? { unavailableReplicas: Math.max(desired, pods.length) - ready.length }
        : {}),
      conditions: deploymentConditions(app, desired, pods, updated),
    },
  });
}

function deploymentSpec(app: AppHandle, desired: number): DeploymentSpec {
  const strategy = app.options.strategy;
  return {
    replicas: desired,
    selector: { matchLabels: selectorOf(app) },
    template: app.template,
    strategy:
      strategy === "Recreate"
        ? { type: "Recreate" }
        : {
            type: "RollingUpdate",
            rollingUpdate: {
              maxSurge: strategy?.maxSurge ?? "25%",
              maxUnavailable: strategy?.maxUnavailable ?? "25%",
            },
          },
    revisionHistoryLimit: 10,
    progressDeadlineSeconds: 600,
  };
}

/** Conditions as the deployment controller writes them (kubernetes pkg/controller/deployment/util). */
function deploymentConditions(
  app: AppHandle,
  desired: number,
  pods: readonly PodHandle[],
  updated: readonly PodHandle[],
): DeploymentCondition[] {
  const ready = pods.filter((p) => isReady(p.pod)).length;
  const created = at(app.options.created ?? "-9d");
  const allowed = desired - Math.floor(desired * 0.25);
  const available = ready >= allowed;
  const changed = latest(pods.map(readyChanged), created);
  const set = app.replicaSetName();
  const done = updated.filter((p) => isReady(p.pod)).length >= desired && pods.length === updated.length;
  const revised = at(app.revisions.at(-1)?.created ?? created);
  const late =
    !done &&
    app.revisions.length > 0 &&
    atMs("0s") - atMs(revised) > 600_000 &&
    updated.every((p) => !isReady(p.pod));
  const progressing = late
    ? {
        status: "False",
        reason: "ProgressDeadlineExceeded",
        message: `ReplicaSet "${set}" has timed out progressing.`,
        at: at(revised, "10m"),
      }
    : done || ready > 0
      ? {
          status: "True",
          reason: done ? "NewReplicaSetAvailable" : "ReplicaSetUpdated",
          message: `ReplicaSet "${set}" ${done ? "has successfully progressed" : "is progressing"}.`,
          at: revised,
        }
      : {
          status: "True",
          reason: "NewReplicaSetAvailable",
          message: `ReplicaSet "${set}" has successfully progressed.`,
          at: revised,
        };
  return [
    {
      type: "Available",
      status: available ? "True" : "False",
      reason: available ? "MinimumReplicasAvailable" : "MinimumReplicasUnavailable",
      message: available
        ? "Deployment has minimum availability."
        : "Deployment does not have minimum availability.",
      lastUpdateTime: changed,
      lastTransitionTime: changed,
    },
    {
      type: "Progressing",
      status: progressing.status,
      reason: progressing.reason,
      message: progressing.message,
      lastUpdateTime: progressing.at,
      lastTransitionTime: progressing.at,
    },
  ];
}

function writeReplicaSet(app: AppHandle, index: number, pods: readonly PodHandle[]): void {
  const revision = app.revisions[index];
  if (revision === undefined) return;
  const ready = pods.filter((p) => isReady(p.pod)).length;
  const labels = { ...revision.template.metadata?.labels, "pod-template-hash": revision.hash };
  const previous = app.store.find("replicasets", app.replicaSetName(index), app.namespace);
  const set: ReplicaSet = {
    metadata: meta("ReplicaSet", app.namespace, app.replicaSetName(index), {
      created: revision.created,
      labels,
      annotations: {
        "deployment.kubernetes.io/revision": String(index + 1),
        "deployment.kubernetes.io/desired-replicas": String(app.options.replicas ?? 2),
      },
      owner: ownedBy("apps/v1", "Deployment", app.namespace, app.name),
    }),
    spec: {
      replicas:
        index === app.revisions.length - 1 ? Math.max(revision.replicas, pods.length) : revision.replicas,
      selector: { matchLabels: { ...selectorOf(app), "pod-template-hash": revision.hash } },
      template: { metadata: { labels }, spec: revision.template.spec ?? { containers: [] } },
    },
    status: {
      replicas: pods.length,
      fullyLabeledReplicas: pods.length,
      ...(ready === 0 ? {} : { readyReplicas: ready, availableReplicas: ready }),
      observedGeneration: 1,
      ...(previous?.status?.conditions === undefined ? {} : { conditions: previous.status.conditions }),
    },
  };
  app.store.put("replicasets", set);
}

function writeStatefulSet(app: AppHandle): void {
  const pods = alivePods(app);
  const ready = pods.filter((p) => isReady(p.pod)).length;
  const revision = `${app.name}-${app.revisions.at(-1)?.hash ?? ""}`;
  app.store.put("statefulsets", {
    metadata: meta("StatefulSet", app.namespace, app.name, {
      created: app.options.created ?? "-9d",
      labels: { ...app.template.metadata?.labels },
    }),
    spec: {
      replicas: app.options.replicas ?? 2,
      serviceName: app.name,
      selector: { matchLabels: selectorOf(app) },
      template: app.template,
      updateStrategy: { type: "RollingUpdate" },
    },
    status: {
      replicas: pods.length,
      readyReplicas: ready,
      currentRevision: revision,
      updateRevision: revision,
      observedGeneration: 1,
    },
  });
}

function writeDaemonSet(app: AppHandle): void {
  const pods = alivePods(app);
  const ready = pods.filter((p) => isReady(p.pod)).length;
  app.store.put("daemonsets", {
    metadata: meta("DaemonSet", app.namespace, app.name, {
      created: app.options.created ?? "-9d",
      labels: { ...app.template.metadata?.labels },
    }),
    spec: { selector: { matchLabels: selectorOf(app) }, template: app.template },
    status: {
      currentNumberScheduled: pods.length,
      desiredNumberScheduled: app.options.replicas ?? 3,
      numberMisscheduled: 0,
      numberReady: ready,
      numberAvailable: ready,
    },
  });
}
