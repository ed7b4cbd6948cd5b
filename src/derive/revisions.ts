import type { Deployment, ReplicaSet } from "kubernetes-types/apps/v1";
import { type Evidence, nameOf, namespaceOf } from "../evidence/evidence.ts";
import type { Rollout } from "../evidence/kinds.ts";
import { ref } from "../evidence/object-ref.ts";
import { objectsOf } from "./coverage.ts";
import { oncePer } from "./once.ts";
import { controllerOf } from "./owners.ts";
import { compareText, items, maybe, texts, timeMs } from "./shape.ts";
import type { Revision } from "./views.ts";

const hashKeys = new Set(["pod-template-hash", "rollouts-pod-template-hash"]);
const revisionKeys = ["deployment.kubernetes.io/revision", "rollout.argoproj.io/revision"];

/** The ReplicaSets of a Deployment or Rollout, newest revision first. */
export function revisionsOf(
  evidence: Evidence,
  kind: "Deployment" | "Rollout",
  owner: Deployment | Rollout,
): Revision[] {
  const sets = setsByOwner(evidence).get(`${kind} ${namespaceOf(owner)}/${nameOf(owner)}`) ?? [];
  return sets.map(revisionOf).sort(newestFirst);
}

const setsByOwner = oncePer((evidence: Evidence): ReadonlyMap<string, readonly ReplicaSet[]> => {
  return Map.groupBy(objectsOf(evidence, "replicasets"), (set) => {
    const above = controllerOf(set.metadata);
    return `${above?.kind ?? ""} ${namespaceOf(set)}/${above?.name ?? ""}`;
  });
});

function revisionOf(set: ReplicaSet): Revision {
  const labels = texts(set.metadata?.labels);
  const annotations = texts(set.metadata?.annotations);
  const number = revisionKeys.map((key) => Number.parseInt(annotations[key] ?? "", 10)).find(Number.isFinite);
  return {
    ref: ref("ReplicaSet", nameOf(set), namespaceOf(set)),
    ...maybe("hash", labels["pod-template-hash"] ?? labels["rollouts-pod-template-hash"]),
    number: number ?? 0,
    desired: set.spec?.replicas ?? 1,
    ready: set.status?.readyReplicas ?? 0,
    createdMs: timeMs(set.metadata?.creationTimestamp) ?? 0,
    spec: set.spec?.template?.spec ?? { containers: [] },
    ...maybe("labels", filled(withoutHash(texts(set.spec?.template?.metadata?.labels)))),
    ...maybe("annotations", filled(texts(set.spec?.template?.metadata?.annotations))),
    conditions: items(set.status?.conditions).map((c) => ({
      type: c.type,
      status: c.status,
      ...maybe("reason", c.reason),
      ...maybe("message", c.message),
    })),
  };
}

const withoutHash = (labels: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(labels).filter(([key]) => !hashKeys.has(key)));

/** A template without any has no such field, and so it is told. */
const filled = (values: Readonly<Record<string, string>>): Readonly<Record<string, string>> | undefined =>
  Object.keys(values).length === 0 ? undefined : values;

const newestFirst = (a: Revision, b: Revision): number =>
  b.number - a.number || b.createdMs - a.createdMs || compareText(a.ref.name, b.ref.name);
