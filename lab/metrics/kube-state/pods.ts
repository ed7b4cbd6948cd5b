import type { ContainerStatus, Pod } from "kubernetes-types/core/v1";
import { quantity } from "../../controllers/quantity.ts";
import type { Family, Labels } from "../exposition.ts";
import { familyOf, threeStates } from "./family-of.ts";

/** kubernetes/kube-state-metrics internal/store/pod.go. */
export function podFamilies(pods: readonly Pod[]): Family[] {
  const family = (
    name: string,
    help: string,
    samples: Parameters<typeof familyOf<Pod>>[4],
    type?: Family["type"],
  ): Family => familyOf(name, help, pods, identity, samples, type);
  const ofStatuses = (
    name: string,
    help: string,
    samples: (status: ContainerStatus) => readonly (readonly [Labels, number])[],
    type?: Family["type"],
  ): Family =>
    family(
      name,
      help,
      ({ status }) =>
        (status?.containerStatuses ?? []).flatMap((own) =>
          samples(own).map(([labels, value]) => [{ container: own.name, ...labels }, value] as const),
        ),
      type,
    );
  return [
    family("kube_pod_info", "Information about pod.", ({ metadata, spec, status }) => {
      const [owner] = metadata?.ownerReferences ?? [];
      return [
        [
          {
            host_ip: status?.hostIP ?? "",
            pod_ip: status?.podIP ?? "",
            node: spec?.nodeName ?? "",
            created_by_kind: owner?.kind ?? "",
            created_by_name: owner?.name ?? "",
          },
          1,
        ],
      ];
    }),
    family("kube_pod_owner", "Information about the Pod's owner.", ({ metadata }) =>
      (metadata?.ownerReferences ?? []).map((owner) => [
        {
          owner_kind: owner.kind,
          owner_name: owner.name,
          owner_is_controller: String(owner.controller === true),
        },
        1,
      ]),
    ),
    family("kube_pod_status_phase", "The pods current phase.", ({ status }) =>
      ["Pending", "Succeeded", "Failed", "Unknown", "Running"].map((phase) => [
        { phase },
        Number(status?.phase === phase),
      ]),
    ),
    family("kube_pod_status_ready", "Describes whether the pod is ready to serve requests.", ({ status }) => {
      const ready = status?.conditions?.find(({ type }) => type === "Ready")?.status;
      return ready === undefined ? [] : threeStates(ready, "condition");
    }),
    family("kube_pod_status_unschedulable", "Describes the unschedulable status for the pod.", ({ status }) =>
      status?.conditions?.some((c) => c.type === "PodScheduled" && c.status === "False") === true
        ? [[{}, 1]]
        : [],
    ),
    ofStatuses(
      "kube_pod_container_status_ready",
      "Describes whether the containers readiness check succeeded.",
      ({ ready }) => [[{}, Number(ready)]],
    ),
    ofStatuses(
      "kube_pod_container_status_restarts_total",
      "The number of container restarts per container.",
      ({ restartCount }) => [[{}, restartCount]],
      "counter",
    ),
    ofStatuses(
      "kube_pod_container_status_waiting_reason",
      "Describes the reason the container is currently in waiting state.",
      ({ state }) => reason(state?.waiting?.reason),
    ),
    ofStatuses(
      "kube_pod_container_status_terminated_reason",
      "Describes the reason the container is currently in terminated state.",
      ({ state }) => reason(state?.terminated?.reason),
    ),
    ofStatuses(
      "kube_pod_container_status_last_terminated_reason",
      "Describes the last reason the container was in terminated state.",
      ({ lastState }) => reason(lastState?.terminated?.reason),
    ),
    ofStatuses(
      "kube_pod_container_status_last_terminated_exitcode",
      "Describes the exit code for the last container in terminated state.",
      ({ lastState }) => (lastState?.terminated === undefined ? [] : [[{}, lastState.terminated.exitCode]]),
    ),
    resourceFamily(pods, "limits", "The number of requested limit resource by a container."),
    resourceFamily(pods, "requests", "The number of requested request resource by a container."),
  ];
}

const identity = ({ metadata }: Pod): Labels => ({
  namespace: metadata?.namespace ?? "",
  pod: metadata?.name ?? "",
  uid: metadata?.uid ?? "",
});

const reason = (text: string | undefined): readonly (readonly [Labels, number])[] =>
  text === undefined ? [] : [[{ reason: text }, 1]];

const units: Readonly<Record<string, string>> = { cpu: "core", memory: "byte" };

const resourceFamily = (pods: readonly Pod[], part: "limits" | "requests", help: string): Family =>
  familyOf(`kube_pod_container_resource_${part}`, help, pods, identity, ({ spec }) =>
    (spec?.containers ?? []).flatMap((container) =>
      Object.entries(container.resources?.[part] ?? {}).flatMap(([resource, text]) => {
        const unit = units[resource];
        const labels = { container: container.name, node: spec?.nodeName ?? "", resource, unit: unit ?? "" };
        return unit === undefined ? [] : [[labels, quantity(text)] as const];
      }),
    ),
  );
