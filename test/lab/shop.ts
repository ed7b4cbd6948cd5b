import type { Pod } from "kubernetes-types/core/v1";
import type { Evidence, LogStream } from "../../src/evidence/evidence.ts";
import { allResources, type KubeEvent } from "../../src/evidence/kinds.ts";
import { shopPods, shopUids } from "./shop-pods.ts";

const createdAt = "2026-11-18T08:00:00Z";
const labels = { app: "cart" };

const meta = (name: string, resourceVersion: number) => ({
  name,
  namespace: "shop",
  uid: `00000000-0000-4000-8000-${String(resourceVersion).padStart(12, "0")}`,
  resourceVersion: String(resourceVersion),
  creationTimestamp: createdAt,
  labels,
});

const template = {
  metadata: { labels },
  spec: {
    containers: [{ name: "app", image: "registry.example/cart:1.4.2", ports: [{ containerPort: 8080 }] }],
  },
};

const endpointAddress = (pod: Pod) => ({
  ip: pod.status?.podIP ?? "",
  nodeName: pod.spec?.nodeName ?? "",
  targetRef: { kind: "Pod", namespace: "shop", name: pod.metadata?.name ?? "" },
});

const events: KubeEvent[] = [
  {
    metadata: { ...meta("cart-7d9c5b6f4-ccccc.17a", 1200), labels: {} },
    involvedObject: {
      kind: "Pod",
      namespace: "shop",
      name: "cart-7d9c5b6f4-ccccc",
      uid: shopUids.pods[2],
      fieldPath: "spec.containers{app}",
    },
    type: "Warning",
    reason: "BackOff",
    message: "Back-off restarting failed container app in pod cart-7d9c5b6f4-ccccc_shop",
    count: 12,
    firstTimestamp: "2026-11-18T10:00:00Z",
    lastTimestamp: "2026-11-18T10:29:00Z",
    source: { component: "kubelet", host: "worker-2" },
  },
  {
    metadata: { ...meta("cart-7d9c5b6f4-aaaaa.18b", 1201), labels: {} },
    regarding: { kind: "Pod", namespace: "shop", name: "cart-7d9c5b6f4-aaaaa", uid: shopUids.pods[0] },
    type: "Normal",
    reason: "Scheduled",
    note: "Successfully assigned shop/cart-7d9c5b6f4-aaaaa to worker-1",
    eventTime: "2026-11-18T09:00:00.000000Z",
    reportingController: "default-scheduler",
  },
];

const log = (pod: string, text: string, previous = false): LogStream => ({
  namespace: "shop",
  pod,
  container: "app",
  previous,
  name: `shop/${pod}/app${previous ? ".previous" : ""}`,
  role: "container",
  bytes: Buffer.from(text),
});

/** One Ingress, its Service, and a Deployment with a healthy, a once-killed and a crashing pod. */
export const shop: Evidence = {
  collectedAt: "2026-11-18T10:30:00Z",
  source: { kind: "files", name: "shop" },
  losses: [],
  coverage: allResources.map((resource) => ({ resource, extent: "whole" })),
  objects: {
    pods: shopPods,
    events,
    services: [
      {
        metadata: meta("cart", 1100),
        spec: {
          type: "ClusterIP",
          clusterIP: "10.96.0.20",
          clusterIPs: ["10.96.0.20"],
          selector: labels,
          sessionAffinity: "None",
          ipFamilies: ["IPv4"],
          ipFamilyPolicy: "SingleStack",
          internalTrafficPolicy: "Cluster",
          ports: [{ name: "http", port: 80, targetPort: 8080, protocol: "TCP" }],
        },
        status: { loadBalancer: {} },
      },
    ],
    endpointslices: [
      {
        metadata: { ...meta("cart-x1y2z", 1101), labels: { "kubernetes.io/service-name": "cart" } },
        addressType: "IPv4",
        ports: [{ name: "http", port: 8080, protocol: "TCP" }],
        endpoints: shopPods.map((pod, index) => ({
          addresses: [pod.status?.podIP ?? ""],
          conditions: { ready: index < 2, serving: index < 2, terminating: false },
          nodeName: pod.spec?.nodeName ?? "",
          targetRef: { kind: "Pod", namespace: "shop", name: pod.metadata?.name ?? "" },
        })),
      },
    ],
    endpoints: [
      {
        metadata: meta("cart", 1106),
        subsets: [
          {
            addresses: shopPods.slice(0, 2).map(endpointAddress),
            notReadyAddresses: shopPods.slice(2).map(endpointAddress),
            ports: [{ name: "http", port: 8080, protocol: "TCP" }],
          },
        ],
      },
    ],
    ingresses: [
      {
        metadata: {
          ...meta("shop", 1102),
          annotations: { "nginx.ingress.kubernetes.io/proxy-read-timeout": "5" },
        },
        spec: {
          ingressClassName: "nginx",
          rules: [
            {
              host: "shop.example.com",
              http: {
                paths: [
                  {
                    path: "/cart",
                    pathType: "Prefix",
                    backend: { service: { name: "cart", port: { name: "http" } } },
                  },
                ],
              },
            },
          ],
        },
        status: { loadBalancer: { ingress: [{ ip: "203.0.113.10" }] } },
      },
    ],
    ingressclasses: [{ metadata: { name: "nginx" }, spec: { controller: "k8s.io/ingress-nginx" } }],
    deployments: [
      {
        metadata: {
          ...meta("cart", 1103),
          uid: shopUids.deployment,
          annotations: { "deployment.kubernetes.io/revision": "3" },
        },
        spec: {
          replicas: 3,
          selector: { matchLabels: labels },
          strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
          template,
        },
        status: {
          replicas: 3,
          updatedReplicas: 3,
          readyReplicas: 2,
          availableReplicas: 2,
          unavailableReplicas: 1,
          conditions: [{ type: "Available", status: "True", reason: "MinimumReplicasAvailable" }],
        },
      },
    ],
    replicasets: [
      {
        metadata: {
          ...meta("cart-7d9c5b6f4", 1104),
          uid: shopUids.replicaSet,
          annotations: { "deployment.kubernetes.io/revision": "3" },
          ownerReferences: [
            {
              apiVersion: "apps/v1",
              kind: "Deployment",
              name: "cart",
              uid: shopUids.deployment,
              controller: true,
            },
          ],
        },
        spec: { replicas: 3, selector: { matchLabels: labels }, template },
        status: { replicas: 3, readyReplicas: 2, availableReplicas: 2 },
      },
    ],
    nodes: ["worker-1", "worker-2"].map((name) => ({
      metadata: {
        name,
        creationTimestamp: "2026-10-01T00:00:00Z",
        labels: { "kubernetes.io/hostname": name },
      },
      status: {
        conditions: [{ type: "Ready", status: "True" }],
        addresses: [{ type: "InternalIP", address: "10.0.0.1" }],
        nodeInfo: {
          kubeletVersion: "v1.32.4",
          osImage: "Debian GNU/Linux 12",
          kernelVersion: "6.1.0",
          containerRuntimeVersion: "containerd://1.7.0",
          architecture: "amd64",
          bootID: "",
          kubeProxyVersion: "",
          machineID: "",
          operatingSystem: "linux",
          systemUUID: "",
        },
      },
    })),
    configmaps: [{ metadata: { ...meta("cart-config", 1105) }, data: { MODE: "live" } }],
  },
  logs: [
    log(
      "cart-7d9c5b6f4-aaaaa",
      [
        "2026-11-18T10:00:00Z starting",
        "2026-11-18T10:10:00Z listening on 8080",
        "2026-11-18T10:29:30Z GET /cart 200",
        "",
      ].join("\n"),
    ),
    log("cart-7d9c5b6f4-bbbbb", "second life\n"),
    log("cart-7d9c5b6f4-bbbbb", "2026-11-18T10:27:59Z allocating\n2026-11-18T10:28:00Z killed\n", true),
    {
      namespace: "shop",
      pod: "cart-7d9c5b6f4-ccccc",
      container: "sidecar",
      name: "shop/cart-7d9c5b6f4-ccccc/sidecar",
      role: "container",
      bytes: Buffer.from(
        "2026-11-18T10:00:00.000000001Z one\n2026-11-18T10:20:00.000000002Z two\n2026-11-18T10:29:59.123456789Z three\n",
      ),
    },
  ],
};
