import type { Pod } from "kubernetes-types/core/v1";
import type { Evidence, LogStream } from "../src/evidence/evidence.ts";
import { allResources, type KindMap, type Resource } from "../src/evidence/kinds.ts";

export interface ClusterSize {
  readonly namespaces: number;
  readonly servicesPerNamespace: number;
  readonly podsPerService: number;
}

export const podCount = (size: ClusterSize): number =>
  size.namespaces * size.servicesPerNamespace * size.podsPerService;

const createdAt = "2026-11-18T08:00:00Z";
const collectedAt = "2026-11-18T10:30:00Z";
const podsPerNode = 50;
const gatewayLines = 1000;

/**
 * A cluster of the given size behind one ingress-nginx: in each namespace one Ingress, and per Service
 * a Deployment with three ReplicaSets, an EndpointSlice and its pods. Objects have the bulk of served
 * ones: a pod is 11 kB, a third of it managedFields.
 */
export function syntheticCluster(size: ClusterSize): Evidence {
  const objects: { [R in Resource]?: KindMap[R][] } = {
    ...Object.fromEntries(allResources.map((resource) => [resource, []])),
    ingressclasses: [{ metadata: { name: "nginx" }, spec: { controller: "k8s.io/ingress-nginx" } }],
    configmaps: [
      { metadata: meta("ingress-nginx", "ingress-nginx-controller"), data: { "proxy-read-timeout": "60" } },
    ],
  };
  const put = <R extends Resource>(resource: R, ...some: KindMap[R][]): void => {
    (objects[resource] as KindMap[R][]).push(...some);
  };
  const nodes = Math.ceil(podCount(size) / podsPerNode);
  for (let n = 0; n < nodes; n += 1) put("nodes", node(`node-${n}`));
  addGateway(put);
  for (let n = 0; n < size.namespaces; n += 1) addNamespace(put, size, n, nodes);
  return {
    collectedAt,
    source: { kind: "cluster", name: "synthetic" },
    objects,
    coverage: allResources.map((resource) => ({ resource, extent: "whole" as const })),
    logs: logsOf(objects.pods ?? []),
    losses: [],
  };
}

type Put = <R extends Resource>(resource: R, ...some: KindMap[R][]) => void;

function addNamespace(put: Put, size: ClusterSize, n: number, nodes: number): void {
  const namespace = `team-${n}`;
  put("namespaces", { metadata: { name: namespace, labels: { "kubernetes.io/metadata.name": namespace } } });
  const names = Array.from({ length: size.servicesPerNamespace }, (_, s) => `svc-${s}`);
  put("ingresses", ingress(namespace, `${namespace}.example.com`, names));
  for (const [s, name] of names.entries()) {
    put("services", service(namespace, name));
    put("deployments", deployment(namespace, name, size.podsPerService));
    for (const hash of ["5d9c7b", "6e0d8c", "7f1e9d"]) put("replicasets", replicaSet(namespace, name, hash));
    const pods = Array.from({ length: size.podsPerService }, (_, p) => {
      const index = (n * size.servicesPerNamespace + s) * size.podsPerService + p;
      return pod(namespace, name, p, `node-${index % nodes}`);
    });
    put("pods", ...pods);
    put("endpointslices", slice(namespace, name, pods));
    put("events", event(namespace, `${name}-5d9c7b-p0`));
  }
}

function addGateway(put: Put): void {
  const labels = { "app.kubernetes.io/name": "ingress-nginx", "app.kubernetes.io/component": "controller" };
  const name = "ingress-nginx-controller";
  put("namespaces", { metadata: { name: "ingress-nginx" } }, { metadata: { name: "kube-system" } });
  put("services", {
    metadata: meta("ingress-nginx", name),
    spec: { type: "LoadBalancer", selector: labels, ports: [{ port: 80 }] },
  });
  put("deployments", {
    metadata: meta("ingress-nginx", name),
    spec: { selector: { matchLabels: labels }, template: {} },
  });
  for (let p = 0; p < 2; p += 1) {
    const base = pod("ingress-nginx", name, p, `node-${p}`);
    const controller = {
      ...base.spec?.containers[0],
      name: "controller",
      image: "registry.k8s.io/ingress-nginx/controller:v1.12.1",
      args: [
        "/nginx-ingress-controller",
        `--configmap=$(POD_NAMESPACE)/${name}`,
        "--controller-class=k8s.io/ingress-nginx",
      ],
    };
    const metadata = { ...base.metadata, labels: { ...labels, "pod-template-hash": "5d9c7b" } };
    put("pods", { ...base, metadata, spec: { ...base.spec, containers: [controller] } });
    put("pods", dnsPod(p));
  }
  put("services", {
    metadata: meta("kube-system", "kube-dns"),
    spec: { selector: { "k8s-app": "kube-dns" }, ports: [{ port: 53 }] },
  });
}

function dnsPod(p: number): Pod {
  const base = pod("kube-system", "coredns", p, `node-${p}`);
  return { ...base, metadata: { ...base.metadata, labels: { "k8s-app": "kube-dns" } } };
}

const meta = (namespace: string, name: string, labels: Record<string, string> = {}) => ({
  name,
  namespace,
  labels,
  uid: `00000000-${namespace}-${name}`,
  resourceVersion: "123456",
  creationTimestamp: createdAt,
  managedFields: [
    { manager: "kubectl", operation: "Update", apiVersion: "v1", time: createdAt, fieldsV1: fieldsV1() },
  ],
});

/** About 1.5 kB, as the server's own bookkeeping of a small object. */
const fieldsV1 = (): object =>
  Object.fromEntries(
    Array.from({ length: 24 }, (_, i) => [
      `f:field-${i}`,
      { ".": {}, "f:name": {}, "f:value": {}, "f:type": {} },
    ]),
  );

function pod(namespace: string, app: string, p: number, nodeName: string): Pod {
  const name = `${app}-5d9c7b-p${p}`;
  const labels = { app, "pod-template-hash": "5d9c7b" };
  const more = meta(namespace, name, labels);
  return {
    metadata: {
      ...more,
      managedFields: [...more.managedFields, ...more.managedFields, ...more.managedFields],
      ownerReferences: [
        {
          apiVersion: "apps/v1",
          kind: "ReplicaSet",
          name: `${app}-5d9c7b`,
          uid: `rs-${app}`,
          controller: true,
        },
      ],
    },
    spec: { ...podSpec(app), nodeName },
    status: {
      phase: "Running",
      podIP: "10.1.2.3",
      startTime: createdAt,
      conditions: ["Initialized", "Ready", "ContainersReady", "PodScheduled"].map((type) => ({
        type,
        status: "True",
        lastTransitionTime: createdAt,
      })),
      containerStatuses: [
        {
          name: app,
          image: "registry.example/app",
          imageID: `registry.example/app@sha256:${"a".repeat(64)}`,
          ready: true,
          restartCount: 0,
          state: { running: { startedAt: createdAt } },
        },
      ],
    },
  };
}

function podSpec(app: string) {
  const env = Array.from({ length: 40 }, (_, i) => ({
    name: `SETTING_${i}`,
    value: `value-${i} ${"x".repeat(60)}`,
  }));
  return {
    containers: [
      {
        name: app,
        image: "registry.example/app:1.2.3",
        ports: [{ containerPort: 8080, name: "http" }],
        env: [...env, { name: "NEXT_URL", value: "http://svc-1:80/" }],
        readinessProbe: { httpGet: { path: "/ready", port: "http" }, periodSeconds: 10 },
        resources: { requests: { cpu: "100m", memory: "128Mi" }, limits: { memory: "256Mi" } },
      },
    ],
  };
}

const service = (namespace: string, app: string) => ({
  metadata: meta(namespace, app),
  spec: { selector: { app }, ports: [{ port: 80, targetPort: "http" }], clusterIP: "10.96.0.9" },
});

const deployment = (namespace: string, app: string, replicas: number) => ({
  metadata: meta(namespace, app),
  spec: {
    replicas,
    selector: { matchLabels: { app } },
    template: { metadata: { labels: { app } }, spec: podSpec(app) },
  },
});

const replicaSet = (namespace: string, app: string, hash: string) => ({
  metadata: meta(namespace, `${app}-${hash}`, { app, "pod-template-hash": hash }),
  spec: {
    replicas: 0,
    selector: { matchLabels: { app } },
    template: { metadata: { labels: { app } }, spec: podSpec(app) },
  },
});

const slice = (namespace: string, app: string, pods: readonly Pod[]) => ({
  metadata: meta(namespace, `${app}-x1y2z`, { "kubernetes.io/service-name": app }),
  addressType: "IPv4",
  ports: [{ name: "", port: 8080 }],
  endpoints: pods.map((p) => ({
    addresses: ["10.1.2.3"],
    conditions: { ready: true },
    targetRef: { kind: "Pod", namespace, name: p.metadata?.name ?? "" },
  })),
});

const ingress = (namespace: string, host: string, services: readonly string[]) => ({
  metadata: meta(namespace, "web"),
  spec: {
    ingressClassName: "nginx",
    rules: [
      {
        host,
        http: {
          paths: services.map((name) => ({
            path: `/${name}`,
            pathType: "Prefix",
            backend: { service: { name, port: { number: 80 } } },
          })),
        },
      },
    ],
  },
});

const event = (namespace: string, name: string) => ({
  metadata: meta(namespace, `${name}.17a`),
  type: "Normal",
  reason: "Pulled",
  lastTimestamp: collectedAt,
  involvedObject: { kind: "Pod", namespace, name },
});

/** A node with 15 kB, most of it the list of its images. */
const node = (name: string) => ({
  metadata: { name, labels: { "kubernetes.io/hostname": name } },
  status: {
    conditions: [{ type: "Ready", status: "True" }],
    images: Array.from({ length: 50 }, (_, i) => ({
      names: [`registry.example/image-${i}@sha256:${"b".repeat(64)}`, `registry.example/image-${i}:1`],
      sizeBytes: 1e8,
    })),
  },
});

const accessLine = (i: number): string =>
  `10.0.0.9 - - [18/Nov/2026:10:${String(i % 30).padStart(2, "0")}:00 +0000] "GET /svc-0/items/${i} HTTP/1.1" 200 1532 "-" "curl/8.9" 80 0.012 [team-0-svc-0-80] [] 10.1.2.3:8080 1532 0.011 200 ${"d".repeat(32)}\n`;

function logsOf(pods: readonly Pod[]): LogStream[] {
  const access = new TextEncoder().encode(
    Array.from({ length: gatewayLines }, (_, i) => accessLine(i)).join(""),
  );
  const own = new TextEncoder().encode("listening on :8080\n");
  return pods
    .filter(({ metadata }) => ["ingress-nginx", "kube-system", "team-0"].includes(metadata?.namespace ?? ""))
    .map(({ metadata, spec }) => ({
      namespace: metadata?.namespace ?? "",
      pod: metadata?.name ?? "",
      container: spec?.containers[0]?.name ?? "",
      name: metadata?.name ?? "",
      role: "container" as const,
      bytes: metadata?.namespace === "ingress-nginx" ? access : own,
    }));
}
