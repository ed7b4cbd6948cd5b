import type { Deployment, DaemonSet, ReplicaSet, StatefulSet } from "kubernetes-types/apps/v1";
import type { HorizontalPodAutoscaler } from "kubernetes-types/autoscaling/v2";
import type { Job } from "kubernetes-types/batch/v1";
import type {
  ConfigMap,
  Endpoints,
  LimitRange,
  Namespace,
  Node,
  PersistentVolume,
  PersistentVolumeClaim,
  Pod,
  ResourceQuota,
  Service,
  ServiceAccount,
} from "kubernetes-types/core/v1";
import type { EndpointSlice } from "kubernetes-types/discovery/v1";
import type { ObjectMeta } from "kubernetes-types/meta/v1";
import type { Ingress, IngressClass, NetworkPolicy } from "kubernetes-types/networking/v1";
import type { PodDisruptionBudget } from "kubernetes-types/policy/v1";
import type { StorageClass } from "kubernetes-types/storage/v1";
import type { PodTemplateSpec } from "kubernetes-types/core/v1";

/** An Event of either API group; the fields of both are optional because writers fill them unevenly. */
export interface KubeEvent {
  metadata?: ObjectMeta;
  type?: string;
  reason?: string;
  message?: string;
  note?: string;
  count?: number;
  firstTimestamp?: string | null;
  lastTimestamp?: string | null;
  eventTime?: string | null;
  series?: { count?: number; lastObservedTime?: string } | null;
  involvedObject?: EventTarget;
  regarding?: EventTarget;
  source?: { component?: string; host?: string };
  reportingComponent?: string;
  reportingController?: string;
}

interface EventTarget {
  kind?: string;
  namespace?: string;
  name?: string;
  uid?: string;
  fieldPath?: string;
}

/** The part of an Argo Rollout that replaces a Deployment's. */
export interface Rollout {
  apiVersion?: string;
  kind?: string;
  metadata?: ObjectMeta;
  spec?: {
    replicas?: number;
    selector?: { matchLabels?: Record<string, string> };
    template?: PodTemplateSpec;
    workloadRef?: { apiVersion?: string; kind?: string; name?: string };
    strategy?: Record<string, unknown>;
  };
  status?: {
    replicas?: number;
    readyReplicas?: number;
    availableReplicas?: number;
    currentPodHash?: string;
    stableRS?: string;
    phase?: string;
    message?: string;
  };
}

/** Evidence of objects, keyed by the resource's plural as the API spells it. */
export interface KindMap {
  configmaps: ConfigMap;
  daemonsets: DaemonSet;
  deployments: Deployment;
  endpoints: Endpoints;
  endpointslices: EndpointSlice;
  events: KubeEvent;
  horizontalpodautoscalers: HorizontalPodAutoscaler;
  ingressclasses: IngressClass;
  ingresses: Ingress;
  jobs: Job;
  limitranges: LimitRange;
  namespaces: Namespace;
  networkpolicies: NetworkPolicy;
  nodes: Node;
  persistentvolumeclaims: PersistentVolumeClaim;
  persistentvolumes: PersistentVolume;
  poddisruptionbudgets: PodDisruptionBudget;
  pods: Pod;
  replicasets: ReplicaSet;
  resourcequotas: ResourceQuota;
  rollouts: Rollout;
  serviceaccounts: ServiceAccount;
  services: Service;
  statefulsets: StatefulSet;
  storageclasses: StorageClass;
}

export type Resource = keyof KindMap;

interface ResourceInfo {
  readonly kind: string;
  readonly group: string;
  readonly version: string;
  readonly namespaced: boolean;
}

const info = (kind: string, group: string, version: string, namespaced = true): ResourceInfo => ({
  kind,
  group,
  version,
  namespaced,
});

/** Total over KindMap: a new resource does not compile until its kind, group and scope are written here. */
export const resources: { readonly [R in Resource]: ResourceInfo } = {
  configmaps: info("ConfigMap", "", "v1"),
  daemonsets: info("DaemonSet", "apps", "v1"),
  deployments: info("Deployment", "apps", "v1"),
  endpoints: info("Endpoints", "", "v1"),
  endpointslices: info("EndpointSlice", "discovery.k8s.io", "v1"),
  events: info("Event", "", "v1"),
  horizontalpodautoscalers: info("HorizontalPodAutoscaler", "autoscaling", "v2"),
  ingressclasses: info("IngressClass", "networking.k8s.io", "v1", false),
  ingresses: info("Ingress", "networking.k8s.io", "v1"),
  jobs: info("Job", "batch", "v1"),
  limitranges: info("LimitRange", "", "v1"),
  namespaces: info("Namespace", "", "v1", false),
  networkpolicies: info("NetworkPolicy", "networking.k8s.io", "v1"),
  nodes: info("Node", "", "v1", false),
  persistentvolumeclaims: info("PersistentVolumeClaim", "", "v1"),
  persistentvolumes: info("PersistentVolume", "", "v1", false),
  poddisruptionbudgets: info("PodDisruptionBudget", "policy", "v1"),
  pods: info("Pod", "", "v1"),
  replicasets: info("ReplicaSet", "apps", "v1"),
  resourcequotas: info("ResourceQuota", "", "v1"),
  rollouts: info("Rollout", "argoproj.io", "v1alpha1"),
  serviceaccounts: info("ServiceAccount", "", "v1"),
  services: info("Service", "", "v1"),
  statefulsets: info("StatefulSet", "apps", "v1"),
  storageclasses: info("StorageClass", "storage.k8s.io", "v1", false),
};

export const allResources = Object.keys(resources) as Resource[];

/** The first of that kind, in whatever API group. */
export const resourceOfKind = (kind: string): Resource | undefined =>
  allResources.find((resource) => resources[resource].kind === kind);

/** Finds the resource of an object by its kind and API group (a version may differ). */
export function resourceOf(kind: string, apiVersion: string | undefined): Resource | undefined {
  const group = apiVersion?.includes("/") ? apiVersion.slice(0, apiVersion.indexOf("/")) : "";
  if (kind === "Event") return "events";
  return allResources.find((r) => resources[r].kind === kind && resources[r].group === group);
}
