import type { Container, PodSpec, Probe } from "kubernetes-types/core/v1";
import type { KubeObject } from "../api-server/stored-object.ts";
import type { GatewayName } from "./fault.ts";
import type { Random } from "./random.ts";

/** Names of one application and the way to it; other seeds give others. */
export interface Shop {
  readonly namespace: string;
  /** Of Deployment, Service, Ingress and the label `app`. */
  readonly app: string;
  readonly host: string;
  /** "/cart" */
  readonly path: string;
  /** Where the container listens. */
  readonly port: number;
  readonly servicePort: number;
  readonly replicas: number;
  readonly clients: readonly string[];
}

const namespaces = ["shop", "store", "web", "market", "retail"] as const;
const apps = ["cart", "orders", "catalog", "checkout", "search", "accounts"] as const;
const domains = ["example.com", "example.net", "example.org"] as const;

export function shopOf(random: Random): Shop {
  const namespace = random.pick(namespaces);
  const app = random.pick(apps);
  const firstClient = random.between(5, 200);
  return {
    namespace,
    app,
    host: `${namespace}.${random.pick(domains)}`,
    path: `/${app}`,
    port: random.pick([3000, 8000, 8080, 8081, 9000]),
    servicePort: random.pick([80, 8080]),
    replicas: random.between(2, 3),
    clients: Array.from({ length: random.between(3, 9) }, (_, i) => `198.51.100.${firstClient + i}`),
  };
}

/** What differs from an application that is well. */
export interface AppOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly image?: string;
  readonly replicas?: number;
  /** Over the container that `deploymentOf` makes. */
  readonly container?: Partial<Container>;
  readonly pod?: Partial<PodSpec>;
  /** Instead of the readiness probe. */
  readonly readiness?: Probe | "none";
  /** Over the Deployment's spec: strategy, minReadySeconds. */
  readonly spec?: Readonly<Record<string, unknown>>;
}

/** One Deployment of lab/node-server with a readiness probe each second and a preStop pause. */
export function deploymentOf(shop: Shop, options: AppOptions = {}): KubeObject {
  const { namespace, app, port, replicas } = shop;
  const env = { PORT: String(port), ...options.env };
  const container: Container = {
    name: app,
    image: options.image ?? "lab/node-server:1.0",
    ports: [{ name: "http", containerPort: port, protocol: "TCP" }],
    env: Object.entries(env).map(([name, value]) => ({ name, value })),
    ...(options.readiness === "none" ? {} : { readinessProbe: options.readiness ?? quickProbe }),
    lifecycle: preStopPause(8),
    ...options.container,
  };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { namespace, name: app, labels: { app } },
    spec: {
      replicas: options.replicas ?? replicas,
      selector: { matchLabels: { app } },
      template: {
        metadata: { labels: { app } },
        spec: { terminationGracePeriodSeconds: 30, containers: [container], ...options.pod },
      },
      ...options.spec,
    },
  };
}

/** The application's own health, once a second. */
export const quickProbe: Probe = {
  httpGet: { path: "/healthz", port: "http" },
  periodSeconds: 1,
  timeoutSeconds: 1,
  failureThreshold: 3,
};

/** Longer than any gateway of the lab needs to hear that a pod is leaving. */
export const preStopPause = (seconds: number): NonNullable<Container["lifecycle"]> => ({
  preStop: { exec: { command: ["sleep", String(seconds)] } },
});

export const serviceOf = (
  { namespace, app, servicePort }: Shop,
  targetPort: number | string = "http",
): KubeObject => ({
  apiVersion: "v1",
  kind: "Service",
  metadata: { namespace, name: app, labels: { app } },
  spec: { selector: { app }, ports: [{ name: "http", port: servicePort, protocol: "TCP", targetPort }] },
});

/** Prefix of annotations, by gateway. */
const annotationPrefix: Readonly<Record<GatewayName, string>> = {
  nginx: "nginx.ingress.kubernetes.io/",
  haproxy: "haproxy-ingress.github.io/",
};

/** Annotations by their own names ("proxy-read-timeout"); they are not the same for both gateways. */
export function ingressOf(
  { namespace, app, host, path, servicePort }: Shop,
  gateway: GatewayName,
  annotations: Readonly<Record<string, string>> = {},
): KubeObject {
  const prefixed = Object.entries(annotations).map(([key, value]) => [
    `${annotationPrefix[gateway]}${key}`,
    value,
  ]);
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "Ingress",
    metadata: { namespace, name: app, annotations: Object.fromEntries(prefixed) as Record<string, string> },
    spec: {
      ingressClassName: gateway,
      rules: [
        {
          host,
          http: {
            paths: [
              {
                path,
                pathType: "Prefix",
                backend: { service: { name: app, port: { number: servicePort } } },
              },
            ],
          },
        },
      ],
    },
  };
}

export const namespaceOf = ({ namespace }: Shop): KubeObject => ({
  apiVersion: "v1",
  kind: "Namespace",
  metadata: { name: namespace },
});

/** Namespace, Deployment, Service and Ingress of an application. */
export const appObjects = (shop: Shop, gateway: GatewayName, options: AppOptions = {}): KubeObject[] => [
  namespaceOf(shop),
  deploymentOf(shop, options),
  serviceOf(shop),
  ingressOf(shop, gateway),
];

export const targetOf = ({ host, path }: Shop): string => `${host}${path}`;
