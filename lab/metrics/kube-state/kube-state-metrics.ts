import type { Deployment, ReplicaSet } from "kubernetes-types/apps/v1";
import type { HorizontalPodAutoscaler } from "kubernetes-types/autoscaling/v2";
import type { Endpoints, Node, Pod, Service } from "kubernetes-types/core/v1";
import type { Ingress } from "kubernetes-types/networking/v1";
import type { Store } from "../../api-server/store.ts";
import type { StoredResource } from "../../api-server/stored-kinds.ts";
import type { Family } from "../exposition.ts";
import { podFamilies } from "./pods.ts";
import { endpointFamilies, ingressFamilies, nodeFamilies, serviceFamilies } from "./services.ts";
import { autoscalerFamilies, deploymentFamilies, replicaSetFamilies } from "./workloads.ts";

/** What kube-state-metrics would tell of the cluster as it is now: the families that alerts and dashboards about requests use. */
export function kubeStateFamilies(store: Store): Family[] {
  // The store holds what its resource's name says.
  const all = <T>(resource: StoredResource): T[] => store.list(resource).map(({ object }) => object as T);
  return [
    ...podFamilies(all<Pod>("pods")),
    ...deploymentFamilies(all<Deployment>("deployments")),
    ...replicaSetFamilies(all<ReplicaSet>("replicasets")),
    ...autoscalerFamilies(all<HorizontalPodAutoscaler>("horizontalpodautoscalers")),
    ...serviceFamilies(all<Service>("services")),
    ...endpointFamilies(all<Endpoints>("endpoints")),
    ...ingressFamilies(all<Ingress>("ingresses")),
    ...nodeFamilies(all<Node>("nodes")),
  ];
}
