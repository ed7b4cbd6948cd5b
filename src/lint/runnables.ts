import type { Pod, PodSpec, Service } from "kubernetes-types/core/v1";
import { objectsOf } from "../derive/coverage.ts";
import { controllerOf } from "../derive/owners.ts";
import { hasLabels, type Labels, serviceSelector } from "../derive/selectors.ts";
import { items, maybe, texts } from "../derive/shape.ts";
import type { Workload } from "../derive/views.ts";
import { workloadsOf } from "../derive/workload-views.ts";
import { type Evidence, nameOf, namespaceOf } from "../evidence/evidence.ts";
import { type ObjectRef, ref } from "../evidence/object-ref.ts";
import type { FieldPath } from "./rule.ts";

/** Something that runs pods: a workload's template, or a pod that nobody owns. */
export interface Runnable {
  readonly ref: ObjectRef;
  readonly labels: Labels;
  readonly annotations: Labels;
  /** Annotations of the object itself, where they are not those of the pods. */
  readonly ownAnnotations: Labels;
  readonly spec: PodSpec;
  /** Where the pod's spec stands in the object. */
  readonly specPath: FieldPath;
  /** As it is written; absent when nothing is. */
  readonly writtenReplicas?: number;
  /** Absent for a pod. */
  readonly workload?: Omit<Workload, "relation">;
}

interface OwnSpec {
  readonly replicas?: number;
  readonly template?: { readonly metadata?: { readonly annotations?: Labels } };
}

const templated = ["deployments", "statefulsets", "daemonsets", "rollouts", "replicasets"] as const;

export function runnables(evidence: Evidence): readonly Runnable[] {
  const meta = new Map(
    templated.flatMap((resource) =>
      objectsOf(evidence, resource).map((object) => [
        `${object.kind} ${namespaceOf(object)}/${nameOf(object)}`,
        object,
      ]),
    ),
  );
  const namespaces = new Set(
    templated.flatMap((resource) => objectsOf(evidence, resource).map((object) => namespaceOf(object))),
  );
  const workloads = [...namespaces]
    .sort()
    .flatMap((namespace) => workloadsOf(evidence, namespace))
    .map((workload): Runnable => {
      const { ref: named, template } = workload;
      const object = meta.get(`${named.kind} ${named.namespace}/${named.name}`);
      const own = object?.spec as OwnSpec | undefined;
      return {
        ref: named,
        labels: template.labels,
        annotations: texts(own?.template?.metadata?.annotations),
        ownAnnotations: texts(object?.metadata?.annotations),
        spec: template.spec,
        specPath: ["spec", "template", "spec"],
        ...maybe("writtenReplicas", own?.replicas),
        workload,
      };
    });
  const pods = objectsOf(evidence, "pods").filter(
    (pod) => controllerOf(pod.metadata) === undefined && isLasting(pod),
  );
  return [...workloads, ...pods.map(bare)];
}

/** Static pods of the control plane name their Node as owner; a finished pod serves nobody. */
const isLasting = (pod: Pod): boolean =>
  pod.status?.phase !== "Succeeded" && pod.status?.phase !== "Failed" && pod.spec?.restartPolicy !== "Never";

const bare = (pod: Pod): Runnable => ({
  ref: ref("Pod", nameOf(pod), namespaceOf(pod)),
  labels: texts(pod.metadata?.labels),
  annotations: texts(pod.metadata?.annotations),
  ownAnnotations: texts(pod.metadata?.annotations),
  spec: pod.spec ?? { containers: [] },
  specPath: ["spec"],
});

/** Numbers of the ports that its containers declare; none when what is written is not what will run. */
export const declaredPorts = ({ spec }: Runnable): number[] =>
  isFilledIn(spec)
    ? []
    : [...items(spec.containers), ...items(spec.initContainers)].flatMap((c) =>
        items(c.ports).map((p) => p.containerPort),
      );

/** Istio's webhook puts a gateway's container in the place of one with this image (istio/istio pkg/kube/inject). */
export const isFilledIn = ({ containers }: PodSpec): boolean =>
  items(containers).some((c) => c.image === "auto");

/** Which of them a Service selects; found by one label pair first, so that thousands do not meet thousands. */
export function selectedBy(all: readonly Runnable[]): (service: Service) => readonly Runnable[] {
  const byPair = new Map<string, Runnable[]>();
  for (const runnable of all) {
    for (const [key, value] of Object.entries(runnable.labels)) {
      const pair = pairKey(runnable.ref.namespace ?? "", key, value);
      const known = byPair.get(pair);
      if (known === undefined) byPair.set(pair, [runnable]);
      else known.push(runnable);
    }
  }
  return (service) => {
    const selector = serviceSelector(service);
    if (selector === undefined) return [];
    const namespace = namespaceOf(service);
    const groups = Object.entries(selector).map(
      ([key, value]) => byPair.get(pairKey(namespace, key, value)) ?? [],
    );
    const [rarest] = groups.sort((a, b) => a.length - b.length);
    return items(rarest).filter((runnable) => hasLabels(runnable.labels, selector));
  };
}

const pairKey = (namespace: string, key: string, value: string): string => `${namespace}\0${key}\0${value}`;
