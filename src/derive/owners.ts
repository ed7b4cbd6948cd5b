import type { Pod } from "kubernetes-types/core/v1";
import type { ObjectMeta, OwnerReference } from "kubernetes-types/meta/v1";
import { type Evidence, namespaceOf } from "../evidence/evidence.ts";
import { type ObjectRef, ref } from "../evidence/object-ref.ts";
import { findObject } from "./coverage.ts";
import { items, text, texts } from "./shape.ts";

export interface Owners {
  /** The direct controller: ReplicaSet, StatefulSet, Job, … */
  readonly controller?: ObjectRef;
  /** The top of the chain. */
  readonly owner?: ObjectRef;
  readonly templateHash?: string;
}

/** Pod → ReplicaSet → Deployment or Rollout; Pod → Job → CronJob; others own their pods themselves. */
export function ownersOf(evidence: Evidence, pod: Pod): Owners {
  const labels = texts(pod.metadata?.labels);
  const hash = labels["pod-template-hash"] ?? labels["rollouts-pod-template-hash"];
  const direct = controllerOf(pod.metadata);
  if (direct === undefined) return hash === undefined ? {} : { templateHash: hash };
  const namespace = namespaceOf(pod);
  const controller = ref(direct.kind, direct.name, namespace);
  const owner = topOf(evidence, controller, labels, texts(pod.metadata?.annotations));
  return { controller, owner, ...(hash === undefined ? {} : { templateHash: hash }) };
}

export function controllerOf(metadata: ObjectMeta | undefined): OwnerReference | undefined {
  const owners = items(metadata?.ownerReferences).filter((o) => text(o.name) !== "" && text(o.kind) !== "");
  return owners.find((o) => o.controller === true) ?? owners[0];
}

type Texts = Readonly<Record<string, string>>;

function topOf(evidence: Evidence, controller: ObjectRef, labels: Texts, annotations: Texts): ObjectRef {
  const { kind, name, namespace = "default" } = controller;
  if (kind === "ReplicaSet") {
    const set = findObject(evidence, "replicasets", namespace, name);
    if (set === undefined) return deploymentByName(controller, labels);
    const above = controllerOf(set.metadata);
    return above === undefined ? controller : ref(above.kind, above.name, namespace);
  }
  if (kind === "Job") {
    const job = findObject(evidence, "jobs", namespace, name);
    const above = job === undefined ? undefined : controllerOf(job.metadata);
    if (above !== undefined) return ref(above.kind, above.name, namespace);
    const scheduled = job === undefined ? name.match(/^(.+)-\d{8,}$/)?.[1] : undefined;
    return scheduled === undefined ? controller : ref("CronJob", scheduled, namespace);
  }
  const config = annotations["openshift.io/deployment-config.name"];
  if (kind === "ReplicationController" && config !== undefined) {
    return ref("DeploymentConfig", config, namespace);
  }
  return controller;
}

/** Letters and digits of `rand.SafeEncodeString`: hashes and random suffixes have no vowels and no 0, 1, 3. */
const hashSuffix = /^(.+)-[bcdfghjklmnpqrstvwxz2456789]{6,10}$/;

/** The ReplicaSet was not read: its name is the Deployment's and the template hash. */
function deploymentByName(set: ObjectRef, labels: Texts): ObjectRef {
  const rollout = labels["rollouts-pod-template-hash"];
  const hash = labels["pod-template-hash"] ?? rollout;
  const kind = rollout === undefined ? "Deployment" : "Rollout";
  const stem =
    hash !== undefined && set.name.endsWith(`-${hash}`)
      ? set.name.slice(0, -hash.length - 1)
      : set.name.match(hashSuffix)?.[1];
  return stem === undefined ? set : ref(kind, stem, set.namespace);
}

/** "web-6d4cf56db6-x7k2p" → the Deployment's name and the hash; undefined for names of another form. */
export function splitPodName(name: string): { readonly stem: string; readonly hash: string } | undefined {
  const parts = name.match(/^(.+)-([bcdfghjklmnpqrstvwxz2456789]{5,10})-([bcdfghjklmnpqrstvwxz2456789]{5})$/);
  return parts === null ? undefined : { stem: parts[1] ?? "", hash: parts[2] ?? "" };
}
