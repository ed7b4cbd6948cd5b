import type { Container, Pod, PodSpec, PodStatus } from "kubernetes-types/core/v1";
import type { OwnerReference } from "kubernetes-types/meta/v1";
import { at, atMs, isoSeconds } from "../time.ts";
import { hexOf } from "../ids.ts";
import type { Addresses } from "./network-addresses.ts";
import { addEvent } from "./events.ts";
import { meta, type ObjectStore } from "./store.ts";

export interface PodPlan {
  readonly name: string;
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly spec: PodSpec;
  readonly node: string;
  readonly created: string;
  readonly owner?: OwnerReference;
  /** From container start to Ready. */
  readonly readyAfter?: string;
  readonly annotations?: Record<string, string>;
}

/** Puts a running, ready pod into the store, with the events of its start when they are not too old. */
export function runningPod(store: ObjectStore, addresses: Addresses, plan: PodPlan): Pod {
  const ip = addresses.pod(plan.node);
  const created = at(plan.created);
  const started = at(plan.created, "2s");
  const ready = at(plan.created, "2s", plan.readyAfter ?? "6s");
  const hash = plan.labels["pod-template-hash"];
  const pod = store.put("pods", {
    metadata: {
      ...meta("Pod", plan.namespace, plan.name, {
        created: plan.created,
        labels: plan.labels,
        ...(plan.annotations === undefined ? {} : { annotations: plan.annotations }),
        ...(plan.owner === undefined ? {} : { owner: plan.owner }),
      }),
      ...(hash === undefined ? {} : { generateName: plan.name.slice(0, plan.name.lastIndexOf("-") + 1) }),
    },
    spec: { ...structuredClone(plan.spec), nodeName: plan.node },
    status: {
      phase: "Running",
      conditions: [
        condition("PodReadyToStartContainers", "True", started),
        condition("Initialized", "True", created),
        condition("Ready", "True", ready),
        condition("ContainersReady", "True", ready),
        condition("PodScheduled", "True", created),
      ],
      hostIP: addresses.nodeIp(plan.node),
      podIP: ip,
      podIPs: [{ ip }],
      startTime: created,
      qosClass: "Burstable",
      containerStatuses: plan.spec.containers.map((c) => runningStatus(c, plan, started)),
    },
  });
  startEvents(store, pod, plan, started);
  return pod;
}

function runningStatus(
  container: Container,
  plan: PodPlan,
  started: string,
): NonNullable<PodStatus["containerStatuses"]>[number] {
  const image = container.image ?? "";
  return {
    name: container.name,
    state: { running: { startedAt: started } },
    lastState: {},
    ready: true,
    restartCount: 0,
    image,
    imageID: `${image.split(":")[0]}@sha256:${hexOf(image)}`,
    containerID: `containerd://${hexOf(`${plan.namespace}/${plan.name}/${container.name}`)}`,
    started: true,
  };
}

export const condition = (
  type: string,
  status: "True" | "False" | "Unknown",
  since: string,
  reason?: string,
  message?: string,
): NonNullable<PodStatus["conditions"]>[number] => ({
  type,
  status,
  lastProbeTime: null as unknown as string,
  lastTransitionTime: since,
  ...(reason === undefined ? {} : { reason }),
  ...(message === undefined ? {} : { message }),
});

function startEvents(store: ObjectStore, pod: Pod, plan: PodPlan, started: string): void {
  const about = { kind: "Pod", namespace: plan.namespace, name: plan.name };
  const created = at(plan.created);
  if (atMs(created) < atMs("-1h")) return;
  addEvent(
    store,
    about,
    "Scheduled",
    `Successfully assigned ${plan.namespace}/${plan.name} to ${plan.node}`,
    { first: created },
  );
  for (const container of pod.spec?.containers ?? []) {
    const fieldPath = `spec.containers{${container.name}}`;
    const pulled = isoSeconds(atMs(started) - 1000);
    addEvent(store, about, "Pulled", `Container image "${container.image}" already present on machine`, {
      first: pulled,
      fieldPath,
      host: plan.node,
    });
    addEvent(store, about, "Created", `Created container: ${container.name}`, {
      first: pulled,
      fieldPath,
      host: plan.node,
    });
    addEvent(store, about, "Started", `Started container ${container.name}`, {
      first: started,
      fieldPath,
      host: plan.node,
    });
  }
}

/** 10 s, 20 s, 40 s … up to 5 min, as kubelet writes durations. */
export function backOffAfter(restarts: number): string {
  const seconds = Math.min(300, 10 * 2 ** Math.max(0, restarts - 1));
  return seconds < 60 ? `${seconds}s` : `${Math.floor(seconds / 60)}m${seconds % 60}s`;
}
