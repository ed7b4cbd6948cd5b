/** A shop with two pods behind ingress-nginx, all of it of now. */

const hash = "6d4cf56db6";
export const pods = [`web-${hash}-bbbbb`, `web-${hash}-ccccc`] as const;
export const iso = (ms: number): string => new Date(ms).toISOString().replace(/\.\d+Z$/, "Z");

export function podText(name: string, ip: string): object {
  const startedAt = iso(Date.now() - 3_600_000);
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name,
      namespace: "shop",
      uid: `uid-${name}`,
      labels: { app: "web", "pod-template-hash": hash },
      creationTimestamp: startedAt,
      ownerReferences: [
        { apiVersion: "apps/v1", kind: "ReplicaSet", name: `web-${hash}`, uid: "set", controller: true },
      ],
    },
    spec: { nodeName: "n1", containers: [{ name: "app", image: "app:1" }] },
    status: {
      phase: "Running",
      podIP: ip,
      conditions: [{ type: "Ready", status: "True", lastTransitionTime: startedAt }],
      containerStatuses: [
        {
          name: "app",
          ready: true,
          restartCount: 0,
          state: { running: { startedAt } },
          image: "",
          imageID: "",
        },
      ],
    },
  };
}

export const gatewayId = "containerd://gateway";

const gatewayPod = (): object => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: {
    name: "ingress-nginx-controller-7f9-xyz",
    namespace: "ingress-nginx",
    uid: "gateway",
    labels: { "app.kubernetes.io/name": "ingress-nginx", "app.kubernetes.io/component": "controller" },
    creationTimestamp: iso(Date.now() - 3_600_000),
  },
  spec: {
    nodeName: "n1",
    containers: [
      {
        name: "controller",
        image: "registry.k8s.io/ingress-nginx/controller:v1.12.0",
        args: ["/nginx-ingress-controller"],
      },
    ],
  },
  status: {
    phase: "Running",
    podIP: "10.0.9.9",
    conditions: [{ type: "Ready", status: "True" }],
    containerStatuses: [
      {
        name: "controller",
        ready: true,
        restartCount: 0,
        image: "",
        imageID: "",
        containerID: gatewayId,
        state: { running: { startedAt: iso(Date.now() - 3_600_000) } },
      },
    ],
  },
});

export const slice = (ready: readonly [boolean, boolean]): object => ({
  apiVersion: "discovery.k8s.io/v1",
  kind: "EndpointSlice",
  metadata: {
    name: "web-1",
    namespace: "shop",
    uid: "slice",
    labels: { "kubernetes.io/service-name": "web" },
  },
  addressType: "IPv4",
  ports: [{ name: "", port: 8080 }],
  endpoints: pods.map((name, i) => ({
    addresses: [`10.0.0.${i + 1}`],
    conditions: { ready: ready[i] },
    targetRef: { kind: "Pod", namespace: "shop", name, uid: `uid-${name}` },
  })),
});

const template = {
  metadata: { labels: { app: "web" } },
  spec: { containers: [{ name: "app", image: "app:1" }] },
};

export const objects = (): object[] => [
  {
    apiVersion: "networking.k8s.io/v1",
    kind: "IngressClass",
    metadata: { name: "nginx" },
    spec: { controller: "k8s.io/ingress-nginx" },
  },
  {
    apiVersion: "networking.k8s.io/v1",
    kind: "Ingress",
    metadata: { name: "web", namespace: "shop" },
    spec: {
      ingressClassName: "nginx",
      rules: [
        {
          host: "shop.example.com",
          http: {
            paths: ["web", "other"].map((name) => ({
              path: name === "web" ? "/cart" : "/other",
              pathType: "Prefix",
              backend: { service: { name, port: { number: 80 } } },
            })),
          },
        },
      ],
    },
  },
  ...["web", "other"].map((name) => ({
    apiVersion: "v1",
    kind: "Service",
    metadata: { name, namespace: "shop" },
    spec: { selector: { app: name }, ports: [{ port: 80, targetPort: 8080 }] },
  })),
  {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "web", namespace: "shop", uid: "d", generation: 1 },
    spec: {
      replicas: 2,
      selector: { matchLabels: { app: "web" } },
      template,
    },
    status: {
      observedGeneration: 1,
      replicas: 2,
      updatedReplicas: 2,
      readyReplicas: 2,
      availableReplicas: 2,
    },
  },
  {
    apiVersion: "apps/v1",
    kind: "ReplicaSet",
    metadata: {
      name: `web-${hash}`,
      namespace: "shop",
      uid: "set",
      labels: { app: "web", "pod-template-hash": hash },
      ownerReferences: [
        { apiVersion: "apps/v1", kind: "Deployment", name: "web", uid: "d", controller: true },
      ],
    },
    spec: {
      replicas: 2,
      selector: { matchLabels: { app: "web" } },
      template,
    },
  },
  {
    apiVersion: "v1",
    kind: "Node",
    metadata: { name: "n1" },
    status: { conditions: [{ type: "Ready", status: "True" }] },
  },
  slice([true, true]),
  podText(pods[0], "10.0.0.1"),
  podText(pods[1], "10.0.0.2"),
  gatewayPod(),
];
