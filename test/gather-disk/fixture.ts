import type { Coverage, Evidence, LogStream } from "../../src/evidence/evidence.ts";

/** One small cluster in two namespaces, in the form every layout must be read into. */
const meta = (name: string, namespace: string): object => ({
  name,
  namespace,
  uid: `uid-${name}`,
  resourceVersion: "100",
  creationTimestamp: "2026-11-18T09:00:00Z",
  labels: { app: name },
});

const pod = (name: string, namespace: string, container: string): object => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: meta(name, namespace),
  spec: {
    nodeName: "worker-1",
    containers: [
      {
        name: container,
        image: "registry.example.com/shop:1.4",
        ports: [{ name: "http", containerPort: 8080 }],
      },
    ],
  },
  status: {
    phase: "Running",
    podIP: "10.42.0.7",
    conditions: [{ type: "Ready", status: "True", lastTransitionTime: "2026-11-18T09:00:20Z" }],
    containerStatuses: [
      {
        name: container,
        ready: true,
        started: true,
        restartCount: 1,
        image: "registry.example.com/shop:1.4",
        imageID: "registry.example.com/shop@sha256:1",
        state: { running: { startedAt: "2026-11-18T09:00:10Z" } },
        lastState: { terminated: { exitCode: 137, reason: "OOMKilled", finishedAt: "2026-11-18T09:00:09Z" } },
      },
    ],
  },
});

const workload = (kind: string, name: string): object => ({
  apiVersion: "apps/v1",
  kind,
  metadata: meta(name, "shop"),
  spec: {
    replicas: 1,
    selector: { matchLabels: { app: "cart" } },
    template: {
      metadata: { labels: { app: "cart" } },
      spec: { containers: [{ name: "app", image: "shop:1.4" }] },
    },
  },
  status: { replicas: 1, readyReplicas: 1 },
});

export const objects = {
  deployments: [workload("Deployment", "cart")],
  endpointslices: [
    {
      apiVersion: "discovery.k8s.io/v1",
      kind: "EndpointSlice",
      metadata: { ...meta("cart-x7f2p", "shop"), labels: { "kubernetes.io/service-name": "cart" } },
      addressType: "IPv4",
      endpoints: [
        { addresses: ["10.42.0.7"], conditions: { ready: true, serving: true, terminating: false } },
      ],
      ports: [{ name: "http", port: 8080, protocol: "TCP" }],
    },
  ],
  events: [
    {
      apiVersion: "v1",
      kind: "Event",
      metadata: { name: "cart-0.17a", namespace: "shop", creationTimestamp: "2026-11-18T10:29:10Z" },
      type: "Warning",
      reason: "Unhealthy",
      message:
        'Readiness probe failed: Get "http://10.42.0.7:8080/healthz": context deadline exceeded\nand more: "#1"',
      count: 4,
      firstTimestamp: "2026-11-18T10:28:00Z",
      lastTimestamp: "2026-11-18T10:29:10Z",
      involvedObject: { kind: "Pod", namespace: "shop", name: "cart-0", fieldPath: "spec.containers{app}" },
      source: { component: "kubelet", host: "worker-1" },
    },
  ],
  ingresses: [
    {
      apiVersion: "networking.k8s.io/v1",
      kind: "Ingress",
      metadata: {
        ...meta("shop", "shop"),
        annotations: {
          "nginx.ingress.kubernetes.io/configuration-snippet":
            "proxy_buffering off;\nproxy_read_timeout 5s;\n",
        },
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
                  backend: { service: { name: "cart", port: { number: 80 } } },
                },
              ],
            },
          },
        ],
      },
      status: { loadBalancer: { ingress: [{ ip: "192.0.2.10" }] } },
    },
  ],
  namespaces: [
    { apiVersion: "v1", kind: "Namespace", metadata: { name: "ingress-nginx" }, status: { phase: "Active" } },
    { apiVersion: "v1", kind: "Namespace", metadata: { name: "shop" }, status: { phase: "Active" } },
  ],
  nodes: [
    {
      apiVersion: "v1",
      kind: "Node",
      metadata: { name: "worker-1", creationTimestamp: "2026-10-01T00:00:00Z" },
      spec: { podCIDR: "10.42.0.0/24" },
      status: {
        conditions: [
          {
            type: "Ready",
            status: "True",
            reason: "KubeletReady",
            lastHeartbeatTime: "2026-11-18T10:29:30Z",
          },
        ],
        addresses: [{ type: "InternalIP", address: "192.0.2.21" }],
      },
    },
  ],
  pods: [pod("gateway-7d9c6b5f4-x2x4z", "ingress-nginx", "controller"), pod("cart-0", "shop", "app")],
  replicasets: [workload("ReplicaSet", "cart-7c4f9d")],
  services: [
    {
      apiVersion: "v1",
      kind: "Service",
      metadata: meta("cart", "shop"),
      spec: {
        type: "ClusterIP",
        clusterIP: "10.43.0.9",
        selector: { app: "cart" },
        ports: [{ name: "http", port: 80, targetPort: "http", protocol: "TCP" }],
      },
      status: { loadBalancer: {} },
    },
  ],
} as const;

export type FixtureResource = keyof typeof objects;

/** What the gateway and the application wrote, and what cart wrote before its last restart. */
export const logTexts = {
  gateway:
    '192.0.2.1 - - [18/Nov/2026:10:29:50 +0000] "GET /cart HTTP/1.1" 504 160 "-" "curl/8" 80 5.000 [shop-cart-80] [] 10.42.0.7:8080 0 5.000 504 5f1d\n',
  cart: "2026-11-18T10:29:40Z listening on :8080\nslow query\n",
  cartPrevious: "2026-11-18T09:00:09Z fatal: out of memory\n",
} as const;

const bytes = (text: string): Buffer => Buffer.from(text);

export const logs: readonly LogStream[] = [
  {
    namespace: "ingress-nginx",
    pod: "gateway-7d9c6b5f4-x2x4z",
    container: "controller",
    name: "gateway",
    role: "container",
    bytes: bytes(logTexts.gateway),
  },
  {
    namespace: "shop",
    pod: "cart-0",
    container: "app",
    name: "cart",
    role: "container",
    bytes: bytes(logTexts.cart),
  },
  {
    namespace: "shop",
    pod: "cart-0",
    container: "app",
    previous: true,
    name: "cart before",
    role: "container",
    bytes: bytes(logTexts.cartPrevious),
  },
];

const coverage: readonly Coverage[] = [
  { resource: "deployments", namespace: "shop", extent: "whole" },
  { resource: "pods", extent: "whole" },
  {
    resource: "services",
    namespace: "shop",
    extent: "selected",
    names: ["cart", "gone"],
    selectors: ["app=cart"],
  },
  { resource: "configmaps", extent: "failed", reason: "forbidden: cannot list configmaps" },
];

export const evidence: Evidence = {
  collectedAt: "2026-11-18T10:30:00Z",
  source: { kind: "cluster", name: "prod-eu" },
  objects: objects as unknown as Evidence["objects"],
  coverage,
  logs,
  losses: [{ what: "log of shop/web-1", why: "over the limit" }],
};

export const namespacesOf = (resource: FixtureResource): string[] =>
  resource === "nodes" || resource === "namespaces" ? [] : ["ingress-nginx", "shop"];

/** The fixture's objects of one resource in one namespace, or all of a cluster-scoped one. */
export function inNamespace(resource: FixtureResource, namespace?: string): object[] {
  const all = objects[resource] as readonly { metadata: { namespace?: string } }[];
  return all.filter((object) => namespace === undefined || object.metadata.namespace === namespace);
}
