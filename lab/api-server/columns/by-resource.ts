import type { StoredResource } from "../stored-kinds.ts";
import {
  configMapColumns,
  namespaceColumns,
  nodeColumns,
  pvColumns,
  pvcColumns,
  resourceQuotaColumns,
  serviceAccountColumns,
  storageClassColumns,
} from "./cluster.ts";
import type { Column } from "./column.ts";
import { eventColumns } from "./events.ts";
import {
  endpointsColumns,
  endpointSliceColumns,
  ingressClassColumns,
  ingressColumns,
  networkPolicyColumns,
  serviceColumns,
} from "./network.ts";
import { podColumns } from "./pods.ts";
import {
  daemonSetColumns,
  deploymentColumns,
  hpaColumns,
  jobColumns,
  pdbColumns,
  replicaSetColumns,
  rolloutColumns,
  statefulSetColumns,
} from "./workloads.ts";

const columns: { readonly [R in StoredResource]?: readonly Column[] } = {
  configmaps: configMapColumns,
  daemonsets: daemonSetColumns,
  deployments: deploymentColumns,
  endpoints: endpointsColumns,
  endpointslices: endpointSliceColumns,
  events: eventColumns,
  horizontalpodautoscalers: hpaColumns,
  ingressclasses: ingressClassColumns,
  ingresses: ingressColumns,
  jobs: jobColumns,
  namespaces: namespaceColumns,
  networkpolicies: networkPolicyColumns,
  nodes: nodeColumns,
  persistentvolumeclaims: pvcColumns,
  persistentvolumes: pvColumns,
  poddisruptionbudgets: pdbColumns,
  pods: podColumns,
  replicasets: replicaSetColumns,
  resourcequotas: resourceQuotaColumns,
  rollouts: rolloutColumns,
  serviceaccounts: serviceAccountColumns,
  services: serviceColumns,
  statefulsets: statefulSetColumns,
  storageclasses: storageClassColumns,
};

/** Columns as the API server's printers give them; undefined: name and age only. */
export const columnsOf = (resource: StoredResource): readonly Column[] | undefined => columns[resource];
