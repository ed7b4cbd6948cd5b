import type { Deployment, ReplicaSet } from "kubernetes-types/apps/v1";
import type { HorizontalPodAutoscaler } from "kubernetes-types/autoscaling/v2";
import type { Family, Labels } from "../exposition.ts";
import { familyOf, one, threeStates } from "./family-of.ts";

/** kubernetes/kube-state-metrics internal/store/deployment.go. */
export function deploymentFamilies(deployments: readonly Deployment[]): Family[] {
  const family = (name: string, help: string, samples: Parameters<typeof familyOf<Deployment>>[4]): Family =>
    familyOf(`kube_deployment_${name}`, help, deployments, deploymentLabels, samples);
  return [
    family("created", "Unix creation timestamp", ({ metadata }) =>
      one(Math.floor(Date.parse(metadata?.creationTimestamp ?? "") / 1000)),
    ),
    family("spec_replicas", "Number of desired pods for a deployment.", ({ spec }) =>
      one(spec?.replicas ?? 1),
    ),
    family("status_replicas", "The number of replicas per deployment.", ({ status }) =>
      one(status?.replicas ?? 0),
    ),
    family("status_replicas_ready", "The number of ready replicas per deployment.", ({ status }) =>
      one(status?.readyReplicas ?? 0),
    ),
    family("status_replicas_available", "The number of available replicas per deployment.", ({ status }) =>
      one(status?.availableReplicas ?? 0),
    ),
    family(
      "status_replicas_unavailable",
      "The number of unavailable replicas per deployment.",
      ({ status }) => one(status?.unavailableReplicas ?? 0),
    ),
    family("status_replicas_updated", "The number of updated replicas per deployment.", ({ status }) =>
      one(status?.updatedReplicas ?? 0),
    ),
    family(
      "status_observed_generation",
      "The generation observed by the deployment controller.",
      ({ status }) => one(status?.observedGeneration ?? 0),
    ),
    family(
      "metadata_generation",
      "Sequence number representing a specific generation of the desired state.",
      ({ metadata }) => one(metadata?.generation ?? 0),
    ),
    family("status_condition", "The current status conditions of a deployment.", ({ status }) =>
      (status?.conditions ?? []).flatMap(({ type, status: state, reason }) =>
        threeStates(state).map(
          ([labels, value]) => [{ reason: reason ?? "", condition: type, ...labels }, value] as const,
        ),
      ),
    ),
  ];
}

/** internal/store/replicaset.go. */
export const replicaSetFamilies = (sets: readonly ReplicaSet[]): Family[] => [
  familyOf(
    "kube_replicaset_owner",
    "Information about the ReplicaSet's owner.",
    sets,
    replicaSetLabels,
    ({ metadata }) =>
      (metadata?.ownerReferences ?? []).map((owner) => [
        {
          owner_kind: owner.kind,
          owner_name: owner.name,
          owner_is_controller: String(owner.controller === true),
        },
        1,
      ]),
  ),
  familyOf("kube_replicaset_created", "Unix creation timestamp", sets, replicaSetLabels, ({ metadata }) =>
    one(Math.floor(Date.parse(metadata?.creationTimestamp ?? "") / 1000)),
  ),
];

const replicaSetLabels = ({ metadata }: ReplicaSet): Labels => ({
  namespace: metadata?.namespace ?? "",
  replicaset: metadata?.name ?? "",
});

/** internal/store/horizontalpodautoscaler.go. */
export function autoscalerFamilies(autoscalers: readonly HorizontalPodAutoscaler[]): Family[] {
  const family = (
    name: string,
    help: string,
    samples: Parameters<typeof familyOf<HorizontalPodAutoscaler>>[4],
  ): Family => familyOf(`kube_horizontalpodautoscaler_${name}`, help, autoscalers, autoscalerLabels, samples);
  return [
    family("info", "Information about this autoscaler.", ({ spec }) => [
      [
        {
          scaletargetref_kind: spec?.scaleTargetRef.kind ?? "",
          scaletargetref_name: spec?.scaleTargetRef.name ?? "",
        },
        1,
      ],
    ]),
    family(
      "spec_max_replicas",
      "Upper limit for the number of pods that can be set by the autoscaler; cannot be smaller than MinReplicas.",
      ({ spec }) => one(spec?.maxReplicas),
    ),
    family(
      "spec_min_replicas",
      "Lower limit for the number of pods that can be set by the autoscaler, default 1.",
      ({ spec }) => one(spec?.minReplicas ?? 1),
    ),
    family(
      "status_current_replicas",
      "Current number of replicas of pods managed by this autoscaler.",
      ({ status }) => one(status?.currentReplicas ?? 0),
    ),
    family(
      "status_desired_replicas",
      "Desired number of replicas of pods managed by this autoscaler.",
      ({ status }) => one(status?.desiredReplicas ?? 0),
    ),
    family("status_condition", "The condition of this autoscaler.", ({ status }) =>
      (status?.conditions ?? []).flatMap(({ type, status: state }) =>
        threeStates(state).map(([labels, value]) => [{ condition: type, ...labels }, value] as const),
      ),
    ),
  ];
}

const deploymentLabels = ({ metadata }: Deployment): Labels => ({
  namespace: metadata?.namespace ?? "",
  deployment: metadata?.name ?? "",
});

const autoscalerLabels = ({ metadata }: HorizontalPodAutoscaler): Labels => ({
  namespace: metadata?.namespace ?? "",
  horizontalpodautoscaler: metadata?.name ?? "",
});
