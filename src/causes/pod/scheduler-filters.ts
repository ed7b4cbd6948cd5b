import type { PodSpec } from "kubernetes-types/core/v1";

/** One reason of the scheduler for turning nodes away, with the field of the pod that asks. */
export interface SchedulerFilter {
  readonly pattern: RegExp;
  readonly what: string;
  readonly field: string;
  readonly remedy: string;
  /** What the pod's spec says of it: "it asks for requests.cpu 6"; undefined when nothing. */
  readonly asks: (spec: PodSpec) => string | undefined;
}

const request = (spec: PodSpec, resource: string): string | undefined => {
  const values = spec.containers.flatMap((c) => c.resources?.requests?.[resource] ?? []);
  return values.length === 0 ? undefined : `it asks for requests.${resource} ${values.join(" + ")}`;
};

const json = (value: unknown): string | undefined =>
  value === undefined ? undefined : `it asks for ${JSON.stringify(value).slice(0, 200)}`;

const tolerated = (spec: PodSpec): string => {
  const all = (spec.tolerations ?? []).map(
    (t) => `${t.key ?? "every key"}${t.value === undefined ? "" : `=${t.value}`}`,
  );
  return all.length === 0 ? "it tolerates no taint" : `it tolerates ${all.join(", ")}`;
};

/**
 * Wording of the scheduler's plugins: kubernetes/kubernetes pkg/scheduler/framework/plugins
 * (noderesources, tainttoleration, nodeaffinity, interpodaffinity, podtopologyspread, volumebinding, nodeunschedulable).
 */
const filters: readonly SchedulerFilter[] = [
  {
    pattern: /Insufficient cpu/,
    what: "not enough CPU to request on any node",
    field: ".spec.containers[*].resources.requests",
    remedy: "Lower the CPU request or add nodes",
    asks: (s) => request(s, "cpu"),
  },
  {
    pattern: /Insufficient memory/,
    what: "not enough memory to request on any node",
    field: ".spec.containers[*].resources.requests",
    remedy: "Lower the memory request or add nodes",
    asks: (s) => request(s, "memory"),
  },
  {
    pattern: /Insufficient ephemeral-storage/,
    what: "not enough ephemeral storage on any node",
    field: ".spec.containers[*].resources.requests",
    remedy: "Lower the ephemeral-storage request",
    asks: (s) => request(s, "ephemeral-storage"),
  },
  {
    pattern: /Too many pods/,
    what: "the nodes hold as many pods as they may",
    field: ".spec.nodeName",
    remedy: "Add nodes or raise the kubelets' maxPods",
    asks: () => undefined,
  },
  {
    pattern: /untolerated taint|had taints? that the pod didn't tolerate/,
    what: "nodes are tainted and the pod does not tolerate it",
    field: ".spec.tolerations",
    remedy: "Add the toleration, or remove the taint",
    asks: tolerated,
  },
  {
    pattern: /didn't match Pod's node affinity\/selector|didn't match node selector/,
    what: "no node has the labels asked for",
    field: ".spec.nodeSelector",
    remedy: "Correct nodeSelector or node affinity, or label a node",
    asks: (s) => json(s.nodeSelector ?? s.affinity?.nodeAffinity),
  },
  {
    pattern: /didn't match pod anti-affinity|didn't satisfy existing pods anti-affinity/,
    what: "pod anti-affinity leaves no node",
    field: ".spec.affinity.podAntiAffinity",
    remedy: "Make the anti-affinity preferred, or add nodes",
    asks: (s) => json(s.affinity?.podAntiAffinity),
  },
  {
    pattern: /didn't match pod affinity rules/,
    what: "pod affinity leaves no node",
    field: ".spec.affinity.podAffinity",
    remedy: "Correct the pod affinity",
    asks: (s) => json(s.affinity?.podAffinity),
  },
  {
    pattern: /didn't match pod topology spread/,
    what: "topology spread leaves no node",
    field: ".spec.topologySpreadConstraints",
    remedy: "Allow ScheduleAnyway, or raise maxSkew",
    asks: (s) => json(s.topologySpreadConstraints),
  },
  {
    pattern: /volume node affinity conflict/,
    what: "its volume can only be used on other nodes",
    field: ".spec.volumes",
    remedy: "Free a node in the volume's zone, or move the volume",
    asks: (s) => json(s.volumes?.filter((v) => v.persistentVolumeClaim !== undefined)),
  },
  {
    pattern:
      /unbound immediate PersistentVolumeClaims|persistentvolumeclaim "[^"]+" not found|didn't find available persistent volumes to bind/,
    what: "a PersistentVolumeClaim is not bound",
    field: ".spec.volumes",
    remedy: "Mend the claim first",
    asks: (s) => json(s.volumes?.flatMap((v) => v.persistentVolumeClaim?.claimName ?? [])),
  },
  {
    pattern: /were unschedulable/,
    what: "nodes are cordoned",
    field: ".spec.tolerations",
    remedy: "Uncordon a node (kubectl uncordon NODE)",
    asks: () => undefined,
  },
];

/** The filters named in a scheduler's message that a pod can do something about, specific ones first. */
export function filtersIn(message: string): SchedulerFilter[] {
  return filters.filter((f) => f.pattern.test(message));
}
