import type { ContainerStatus, Pod } from "kubernetes-types/core/v1";

const uid = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`;

export const shopUids = {
  deployment: uid(1),
  replicaSet: uid(2),
  pods: [uid(11), uid(12), uid(13)],
} as const;

interface PodFacts {
  readonly index: number;
  readonly suffix: string;
  readonly node: string;
  readonly ip: string;
  readonly isReady: boolean;
  readonly restarts: number;
  readonly status: Partial<ContainerStatus>;
}

function cartPod({ index, suffix, node, ip, isReady, restarts, status }: PodFacts): Pod {
  const ready = isReady ? "True" : "False";
  const at = "2026-11-18T09:00:05Z";
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name: `cart-7d9c5b6f4-${suffix}`,
      namespace: "shop",
      uid: shopUids.pods[index] ?? "",
      resourceVersion: String(1000 + index),
      creationTimestamp: "2026-11-18T09:00:00Z",
      labels: { app: "cart", tier: index === 2 ? "canary" : "stable", "pod-template-hash": "7d9c5b6f4" },
      ownerReferences: [
        {
          apiVersion: "apps/v1",
          kind: "ReplicaSet",
          name: "cart-7d9c5b6f4",
          uid: shopUids.replicaSet,
          controller: true,
          blockOwnerDeletion: true,
        },
      ],
    },
    spec: {
      nodeName: node,
      serviceAccountName: "default",
      restartPolicy: "Always",
      terminationGracePeriodSeconds: 30,
      containers: [
        {
          name: "app",
          image: "registry.example/cart:1.4.2",
          ports: [{ name: "http", containerPort: 8080, protocol: "TCP" }],
          readinessProbe: { httpGet: { path: "/healthz", port: 8080, scheme: "HTTP" }, periodSeconds: 10 },
          resources: { limits: { memory: "256Mi" }, requests: { cpu: "100m", memory: "128Mi" } },
        },
        { name: "sidecar", image: "registry.example/metrics:0.9" },
      ],
    },
    status: {
      phase: "Running",
      podIP: ip,
      podIPs: [{ ip }],
      hostIP: "10.0.0.1",
      startTime: "2026-11-18T09:00:01Z",
      conditions: [
        { type: "Ready", status: ready, lastTransitionTime: at },
        { type: "ContainersReady", status: ready, lastTransitionTime: at },
        { type: "PodScheduled", status: "True", lastTransitionTime: "2026-11-18T09:00:00Z" },
      ],
      containerStatuses: [
        {
          name: "app",
          image: "registry.example/cart:1.4.2",
          imageID: "sha256:1111",
          containerID: `containerd://app${index}`,
          ready: isReady,
          started: isReady,
          restartCount: restarts,
          state: { running: { startedAt: at } },
          ...status,
        },
        {
          name: "sidecar",
          image: "registry.example/metrics:0.9",
          imageID: "sha256:2222",
          containerID: `containerd://sidecar${index}`,
          ready: true,
          started: true,
          restartCount: 0,
          state: { running: { startedAt: at } },
        },
      ],
    },
  };
}

const oomKilled = {
  exitCode: 137,
  reason: "OOMKilled",
  startedAt: "2026-11-18T10:20:00Z",
  finishedAt: "2026-11-18T10:28:00Z",
  containerID: "containerd://app1-old",
};

export const shopPods: readonly Pod[] = [
  cartPod({
    index: 0,
    suffix: "aaaaa",
    node: "worker-1",
    ip: "10.1.0.11",
    isReady: true,
    restarts: 0,
    status: {},
  }),
  cartPod({
    index: 1,
    suffix: "bbbbb",
    node: "worker-1",
    ip: "10.1.0.12",
    isReady: true,
    restarts: 2,
    status: { lastState: { terminated: oomKilled } },
  }),
  cartPod({
    index: 2,
    suffix: "ccccc",
    node: "worker-2",
    ip: "10.1.1.13",
    isReady: false,
    restarts: 5,
    status: {
      state: {
        waiting: { reason: "CrashLoopBackOff", message: "back-off 2m40s restarting failed container" },
      },
    },
  }),
];
