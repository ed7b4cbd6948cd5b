import type { StoredResource } from "../../stored-kinds.ts";
import type { KubeObject } from "../../stored-object.ts";
import {
  defaultClaim,
  defaultNamespace,
  defaultSecret,
  defaultStorageClass,
  defaultVolume,
} from "./cluster.ts";
import {
  defaultEndpoints,
  defaultEndpointSlice,
  defaultIngressClass,
  defaultNetworkPolicy,
  defaultService,
} from "./network.ts";
import { defaultPod } from "./pods.ts";
import {
  defaultAutoscaler,
  defaultCronJob,
  defaultDaemonSet,
  defaultDeployment,
  defaultJob,
  defaultReplicaSet,
  defaultReplicationController,
  defaultStatefulSet,
} from "./workloads.ts";

const defaults: { readonly [R in StoredResource]?: (object: KubeObject) => void } = {
  cronjobs: defaultCronJob,
  daemonsets: defaultDaemonSet,
  deployments: defaultDeployment,
  endpoints: defaultEndpoints,
  endpointslices: defaultEndpointSlice,
  horizontalpodautoscalers: defaultAutoscaler,
  ingressclasses: defaultIngressClass,
  jobs: defaultJob,
  namespaces: defaultNamespace,
  networkpolicies: defaultNetworkPolicy,
  persistentvolumeclaims: defaultClaim,
  persistentvolumes: defaultVolume,
  pods: defaultPod,
  replicasets: defaultReplicaSet,
  replicationcontrollers: defaultReplicationController,
  secrets: defaultSecret,
  services: defaultService,
  statefulsets: defaultStatefulSet,
  storageclasses: defaultStorageClass,
};

/** Fills what the API server fills (in place). */
export const applyDefaults = (resource: StoredResource, object: KubeObject): void =>
  defaults[resource]?.(object);
