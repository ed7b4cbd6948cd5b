import type { Pod, Service } from "kubernetes-types/core/v1";
import type { EndpointSlice } from "kubernetes-types/discovery/v1";
import type { Ingress } from "kubernetes-types/networking/v1";
import type { Evidence } from "../../src/evidence/evidence.ts";
import { allResources, type KubeEvent } from "../../src/evidence/kinds.ts";

/** A small cluster: shop.example.com/cart → Service cart → two pods, one of them crashing; ingress-nginx; CoreDNS. */

const collectedAt = "2026-11-18T10:30:00Z";
const createdAt = "2026-11-18T09:00:00Z";

const meta = (namespace: string, name: string, more: object = {}) => ({
  name,
  namespace,
  uid: `uid-${namespace}-${name}`,
  creationTimestamp: createdAt,
  ...more,
});

interface PodPlan {
  readonly namespace: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly node?: string;
  readonly container?: string;
  readonly image?: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly restarts?: number;
  readonly ready?: boolean;
}

export function pod(plan: PodPlan): Pod {
  const { namespace, name, labels, restarts = 0, ready = true } = plan;
  const container = plan.container ?? "app";
  const hash = labels["pod-template-hash"];
  const owner = hash === undefined ? undefined : name.slice(0, name.indexOf(hash) + hash.length);
  return {
    metadata: {
      ...meta(namespace, name),
      labels: { ...labels },
      ...(owner === undefined
        ? {}
        : {
            ownerReferences: [
              {
                apiVersion: "apps/v1",
                kind: "ReplicaSet",
                name: owner,
                uid: `uid-${owner}`,
                controller: true,
              },
            ],
          }),
    },
    spec: {
      nodeName: plan.node ?? "worker-1",
      containers: [
        {
          name: container,
          image: plan.image ?? "registry.example/app:1",
          args: [...(plan.args ?? [])],
          env: Object.entries(plan.env ?? {}).map(([key, value]) => ({ name: key, value })),
        },
      ],
    },
    status: {
      phase: "Running",
      podIP: "10.0.0.1",
      conditions: [{ type: "Ready", status: ready ? "True" : "False" }],
      containerStatuses: [
        {
          name: container,
          image: "app",
          imageID: "",
          ready,
          restartCount: restarts,
          state: { running: { startedAt: createdAt } },
        },
      ],
    },
  };
}

export const service = (namespace: string, name: string, selector?: Record<string, string>): Service => ({
  metadata: meta(namespace, name),
  spec: {
    type: "ClusterIP",
    ports: [{ port: 80, targetPort: 8080 }],
    ...(selector === undefined ? {} : { selector }),
  },
});

export const slice = (namespace: string, name: string, pods: readonly string[]): EndpointSlice => ({
  metadata: { ...meta(namespace, `${name}-abc12`), labels: { "kubernetes.io/service-name": name } },
  addressType: "IPv4",
  ports: [{ port: 8080, name: "" }],
  endpoints: pods.map((target) => ({
    addresses: ["10.0.0.1"],
    targetRef: { kind: "Pod", namespace, name: target },
  })),
});

export const ingress = (
  namespace: string,
  name: string,
  host: string,
  path: string,
  to: string,
): Ingress => ({
  metadata: meta(namespace, name),
  spec: {
    ingressClassName: "nginx",
    rules: [
      {
        host,
        http: {
          paths: [{ path, pathType: "Prefix", backend: { service: { name: to, port: { number: 80 } } } }],
        },
      },
    ],
  },
});

const event = (namespace: string, name: string, kind: string, about: string): KubeEvent => ({
  metadata: meta(namespace, name),
  type: "Warning",
  reason: "BackOff",
  message: "Back-off restarting failed container",
  lastTimestamp: collectedAt,
  involvedObject: { kind, namespace, name: about },
});

export const cartPods = ["cart-5d9c7b-aaaaa", "cart-5d9c7b-bbbbb"] as const;
export const gatewayPod = "ingress-nginx-controller-7f9-xyz";

export const accessLine =
  '10.0.0.9 - - [18/Nov/2026:10:29:00 +0000] "GET /cart HTTP/1.1" 502 150 "-" "curl" 80 0.002 [shop-cart-80] [] 10.0.0.1:8080 0 0.002 502 4f1\n';

const text = (lines: string): Uint8Array => new TextEncoder().encode(lines);

/** `objects` replaces whole lists of the default cluster. */
export function shopCluster(objects: Evidence["objects"] = {}): Evidence {
  const cart = { app: "cart", "pod-template-hash": "5d9c7b" };
  const env = { REDIS_ADDR: "redis.data.svc:6379", ORDERS_URL: "http://orders:8080/v1", MODE: "production" };
  const template = {
    metadata: { labels: { app: "cart" } },
    spec: { containers: [{ name: "app", image: "app:1" }] },
  };
  return {
    collectedAt,
    source: { kind: "cluster", name: "shop" },
    objects: {
      ingresses: [ingress("shop", "shop", "shop.example.com", "/cart", "cart")],
      ingressclasses: [{ metadata: { name: "nginx" }, spec: { controller: "k8s.io/ingress-nginx" } }],
      services: [
        service("shop", "cart", { app: "cart" }),
        service("shop", "orders", { app: "orders" }),
        service("data", "redis", { app: "redis" }),
        {
          ...service("ingress-nginx", "ingress-nginx-controller"),
          spec: {
            type: "LoadBalancer",
            selector: { "app.kubernetes.io/name": "ingress-nginx" },
            ports: [{ port: 80 }],
          },
        },
        service("kube-system", "kube-dns", { "k8s-app": "kube-dns" }),
      ],
      endpointslices: [
        slice("shop", "cart", cartPods),
        slice("data", "redis", []),
        slice("kube-system", "kube-dns", ["coredns-1"]),
      ],
      pods: [
        pod({ namespace: "shop", name: cartPods[0], labels: cart, env }),
        pod({
          namespace: "shop",
          name: cartPods[1],
          labels: cart,
          env,
          node: "worker-2",
          restarts: 4,
          ready: false,
        }),
        pod({
          namespace: "ingress-nginx",
          name: gatewayPod,
          labels: {
            "app.kubernetes.io/name": "ingress-nginx",
            "app.kubernetes.io/component": "controller",
            "pod-template-hash": "7f9",
          },
          container: "controller",
          image: "registry.k8s.io/ingress-nginx/controller:v1.12.0",
          args: ["/nginx-ingress-controller", "--configmap=ingress-nginx/ingress-nginx-controller"],
        }),
        pod({
          namespace: "kube-system",
          name: "coredns-1",
          labels: { "k8s-app": "kube-dns" },
          container: "coredns",
        }),
      ],
      deployments: [
        { metadata: meta("shop", "cart"), spec: { selector: { matchLabels: { app: "cart" } }, template } },
        { metadata: meta("ingress-nginx", "ingress-nginx-controller"), spec: { selector: {}, template } },
      ],
      replicasets: [
        {
          metadata: { ...meta("shop", "cart-5d9c7b"), labels: cart },
          spec: { selector: { matchLabels: cart } },
        },
      ],
      configmaps: [
        { metadata: meta("ingress-nginx", "ingress-nginx-controller"), data: { "proxy-read-timeout": "30" } },
      ],
      namespaces: ["shop", "data", "ingress-nginx", "kube-system", "default"].map((name) => ({
        metadata: { name },
      })),
      nodes: ["worker-1", "worker-2", "worker-3"].map((name) => ({ metadata: { name } })),
      events: [
        event("shop", "cart.1", "Pod", cartPods[1]),
        event("default", "worker-2.1", "Node", "worker-2"),
        event("default", "worker-3.1", "Node", "worker-3"),
      ],
      ...objects,
    },
    coverage: allResources.map((resource) => ({ resource, extent: "whole" as const })),
    logs: [
      {
        namespace: "ingress-nginx",
        pod: gatewayPod,
        container: "controller",
        name: "gateway",
        role: "container",
        bytes: text(accessLine),
      },
      {
        namespace: "shop",
        pod: cartPods[0],
        container: "app",
        name: "a",
        role: "container",
        bytes: text("listening on :8080\n"),
      },
      {
        namespace: "shop",
        pod: cartPods[1],
        container: "app",
        name: "b",
        role: "container",
        bytes: text("starting\n"),
      },
      {
        namespace: "shop",
        pod: cartPods[1],
        container: "app",
        previous: true,
        name: "b",
        role: "container",
        bytes: text("panic\n"),
      },
      {
        namespace: "kube-system",
        pod: "coredns-1",
        container: "coredns",
        name: "dns",
        role: "container",
        bytes: text(".:53\n"),
      },
    ],
    losses: [],
  };
}
