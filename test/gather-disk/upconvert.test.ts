import { expect, test } from "vitest";
import { upconvert } from "../../src/gather/bundle/convert/upconvert.ts";
import { openSource } from "../../src/gather/open-source.ts";
import { onDisk } from "./disk.ts";

const metadata = { name: "x", namespace: "shop" };

const budget = (selector: object): object =>
  upconvert({
    apiVersion: "policy/v1beta1",
    kind: "PodDisruptionBudget",
    metadata,
    spec: { minAvailable: 1, selector },
  });

test.each(["extensions/v1beta1", "networking.k8s.io/v1beta1"])("Ingress of %s", (apiVersion) => {
  const old = {
    apiVersion,
    kind: "Ingress",
    metadata,
    spec: {
      backend: { serviceName: "fallback", servicePort: "http" },
      rules: [
        {
          host: "a.example.com",
          http: {
            paths: [
              { path: "/cart", backend: { serviceName: "cart", servicePort: 80 } },
              { path: "/", pathType: "Prefix", backend: { serviceName: "web", servicePort: "8080" } },
              { path: "/r", backend: { resource: { kind: "Bucket", name: "b" } } },
            ],
          },
        },
        { host: "empty.example.com" },
      ],
    },
  };
  expect(upconvert(old)).toEqual({
    apiVersion: "networking.k8s.io/v1",
    kind: "Ingress",
    metadata,
    spec: {
      defaultBackend: { service: { name: "fallback", port: { name: "http" } } },
      rules: [
        {
          host: "a.example.com",
          http: {
            paths: [
              {
                path: "/cart",
                pathType: "ImplementationSpecific",
                backend: { service: { name: "cart", port: { number: 80 } } },
              },
              {
                path: "/",
                pathType: "Prefix",
                backend: { service: { name: "web", port: { number: 8080 } } },
              },
              {
                path: "/r",
                pathType: "ImplementationSpecific",
                backend: { resource: { kind: "Bucket", name: "b" } },
              },
            ],
          },
        },
        { host: "empty.example.com" },
      ],
    },
  });
});

test("HorizontalPodAutoscaler of autoscaling/v1, with its conditions in an annotation", () => {
  const conditions = [{ type: "ScalingActive", status: "False", reason: "FailedGetResourceMetric" }];
  const old = {
    apiVersion: "autoscaling/v1",
    kind: "HorizontalPodAutoscaler",
    metadata: {
      ...metadata,
      annotations: { "autoscaling.alpha.kubernetes.io/conditions": JSON.stringify(conditions) },
    },
    spec: {
      minReplicas: 2,
      maxReplicas: 5,
      targetCPUUtilizationPercentage: 80,
      scaleTargetRef: { kind: "Deployment", name: "x" },
    },
    status: { currentReplicas: 5, desiredReplicas: 5, currentCPUUtilizationPercentage: 140 },
  };
  expect(upconvert(old)).toMatchObject({
    apiVersion: "autoscaling/v2",
    spec: {
      minReplicas: 2,
      maxReplicas: 5,
      metrics: [
        {
          type: "Resource",
          resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 80 } },
        },
      ],
    },
    status: {
      currentReplicas: 5,
      currentMetrics: [{ type: "Resource", resource: { name: "cpu", current: { averageUtilization: 140 } } }],
      conditions,
    },
  });
});

test("HorizontalPodAutoscaler of autoscaling/v2beta1", () => {
  const selector = { matchLabels: { queue: "a" } };
  const old = {
    apiVersion: "autoscaling/v2beta1",
    kind: "HorizontalPodAutoscaler",
    metadata,
    spec: {
      metrics: [
        { type: "Resource", resource: { name: "memory", targetAverageValue: "200Mi" } },
        { type: "Pods", pods: { metricName: "rps", targetAverageValue: "10", selector } },
        {
          type: "Object",
          object: { metricName: "hits", targetValue: "100", target: { kind: "Ingress", name: "i" } },
        },
        { type: "External", external: { metricName: "depth", metricSelector: selector, targetValue: "30" } },
      ],
    },
    status: {
      currentMetrics: [
        {
          type: "Resource",
          resource: { name: "cpu", currentAverageUtilization: 7, currentAverageValue: "70m" },
        },
      ],
    },
  };
  expect(upconvert(old)).toMatchObject({
    apiVersion: "autoscaling/v2",
    spec: {
      metrics: [
        {
          type: "Resource",
          resource: { name: "memory", target: { type: "AverageValue", averageValue: "200Mi" } },
        },
        {
          type: "Pods",
          pods: { metric: { name: "rps", selector }, target: { type: "AverageValue", averageValue: "10" } },
        },
        {
          type: "Object",
          object: {
            metric: { name: "hits" },
            describedObject: { kind: "Ingress", name: "i" },
            target: { type: "Value", value: "100" },
          },
        },
        {
          type: "External",
          external: { metric: { name: "depth", selector }, target: { type: "Value", value: "30" } },
        },
      ],
    },
    status: {
      currentMetrics: [
        {
          type: "Resource",
          resource: { name: "cpu", current: { averageUtilization: 7, averageValue: "70m" } },
        },
      ],
    },
  });
});

test("PodDisruptionBudget of policy/v1beta1: an empty selector selects nothing", () => {
  expect(budget({})).toMatchObject({ apiVersion: "policy/v1", spec: { minAvailable: 1 } });
  expect(budget({})).not.toHaveProperty("spec.selector");
  expect(budget({ matchLabels: { a: "b" } })).toHaveProperty("spec.selector.matchLabels.a", "b");
});

test("EndpointSlice of discovery.k8s.io/v1beta1: node and zone from its topology", () => {
  const topology = { "kubernetes.io/hostname": "worker-1", "topology.kubernetes.io/zone": "a" };
  const old = {
    apiVersion: "discovery.k8s.io/v1beta1",
    kind: "EndpointSlice",
    metadata,
    endpoints: [
      { addresses: ["10.0.0.1"], topology },
      { addresses: ["10.0.0.2"], nodeName: "worker-2" },
    ],
  };
  expect(upconvert(old)).toMatchObject({
    apiVersion: "discovery.k8s.io/v1",
    endpoints: [
      { addresses: ["10.0.0.1"], nodeName: "worker-1", zone: "a" },
      { addresses: ["10.0.0.2"], nodeName: "worker-2" },
    ],
  });
});

test("Event of events.k8s.io: known under the names of v1 too", () => {
  const about = { kind: "Pod", namespace: "shop", name: "web-0" };
  const old = {
    apiVersion: "events.k8s.io/v1",
    kind: "Event",
    metadata,
    note: "Back-off restarting",
    regarding: about,
    deprecatedCount: 3,
    deprecatedLastTimestamp: "2026-11-18T10:00:00Z",
    deprecatedSource: { component: "kubelet" },
  };
  expect(upconvert(old)).toMatchObject({
    message: "Back-off restarting",
    involvedObject: about,
    count: 3,
    lastTimestamp: "2026-11-18T10:00:00Z",
    source: { component: "kubelet" },
  });
});

test("a Deployment of extensions/v1beta1 selects by the labels of its template", () => {
  const template = { metadata: { labels: { app: "web" } } };
  const old = { apiVersion: "extensions/v1beta1", kind: "Deployment", metadata, spec: { template } };
  expect(upconvert(old)).toMatchObject({
    apiVersion: "apps/v1",
    spec: { selector: { matchLabels: { app: "web" } } },
  });
});

test("current versions and other kinds are left as they are", () => {
  for (const apiVersion of ["networking.k8s.io/v1", "example.com/v1beta1"]) {
    const object = { apiVersion, kind: "Ingress", metadata, spec: { backend: { serviceName: "a" } } };
    expect(upconvert(object)).toBe(object);
  }
});

test("every source is converted", async () => {
  const old = {
    apiVersion: "extensions/v1beta1",
    kind: "Ingress",
    metadata,
    spec: { backend: { serviceName: "a", servicePort: 80 } },
  };
  const inBundle = {
    "why5xx-bundle.json": '{"schema":"why5xx.bundle/v1","collectedAt":"2026-11-18T10:30:00Z"}',
    "objects/ingresses.json": JSON.stringify({ items: [old] }),
  };
  for (const files of [
    { "a.json": JSON.stringify(old) },
    inBundle,
    { "cluster-resources/ingress/shop.json": JSON.stringify([old]) },
  ]) {
    const read = await openSource(onDisk(files));
    expect(read.objects.ingresses?.[0]?.spec?.defaultBackend?.service?.name).toBe("a");
  }
});
