import { expect, test } from "vitest";
import type { Resource } from "../../src/evidence/kinds.ts";
import { describedObject, splitDescribed } from "../../src/gather/bundle/transcript/described-object.ts";
import * as more from "./transcript-more-text.ts";
import * as texts from "./transcript-text.ts";

const read = (resource: Resource, text: string): unknown =>
  splitDescribed(resource, text, "store").map((described) => describedObject(described, undefined))[0];

const isolated = { metadata: { name: "only-gateway", creationTimestamp: "2026-11-17T09:00:00+01:00" } };

test.each<[Resource, string, object]>([
  [
    "services",
    texts.serviceText,
    {
      spec: {
        selector: { app: "web", tier: "front" },
        type: "NodePort",
        clusterIP: "10.8.0.4",
        ports: [
          { name: "http", port: 80, protocol: "TCP", targetPort: 8080, nodePort: 30080 },
          { name: "metrics", port: 9090, protocol: "TCP", targetPort: "metrics", nodePort: 30090 },
        ],
      },
    },
  ],
  [
    "deployments",
    texts.deploymentText,
    {
      metadata: {
        creationTimestamp: "2026-11-18T10:00:00Z",
        annotations: { "deployment.kubernetes.io/revision": "2" },
      },
      spec: {
        replicas: 3,
        minReadySeconds: 5,
        selector: {
          matchLabels: { app: "web" },
          matchExpressions: [{ key: "tier", operator: "In", values: ["back", "front"] }],
        },
        strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: "25%", maxSurge: 1 } },
        template: {
          metadata: { labels: { app: "web", tier: "front" } },
          spec: {
            serviceAccountName: "web",
            containers: [
              {
                name: "web",
                args: ["--listen=:8080", 'sh -c "a: b"'],
                readinessProbe: { grpc: { port: 8080 } },
              },
            ],
          },
        },
      },
      status: {
        replicas: 4,
        updatedReplicas: 2,
        availableReplicas: 1,
        unavailableReplicas: 3,
        conditions: [
          { type: "Available", status: "False", reason: "MinimumReplicasUnavailable" },
          { type: "Progressing", status: "True", reason: "ReplicaSetUpdated" },
        ],
      },
    },
  ],
  [
    "nodes",
    texts.nodeText,
    {
      spec: {
        unschedulable: true,
        podCIDR: "10.9.0.0/24",
        taints: [
          { key: "pool", value: "web", effect: "NoSchedule" },
          { key: "node.kubernetes.io/unschedulable", effect: "NoSchedule" },
        ],
      },
      status: {
        conditions: [
          { type: "MemoryPressure", status: "False", lastHeartbeatTime: "2026-11-18T10:30:05Z" },
          {
            type: "Ready",
            status: "True",
            reason: "KubeletReady",
            message: "kubelet is posting ready status",
          },
        ],
        addresses: [
          { type: "InternalIP", address: "192.0.2.31" },
          { type: "Hostname", address: "node-a" },
        ],
        allocatable: { cpu: "3800m", memory: "7Gi" },
        nodeInfo: { kubeletVersion: "v1.34.0" },
      },
    },
  ],
  [
    "ingresses",
    texts.ingressText,
    {
      metadata: { annotations: { "nginx.ingress.kubernetes.io/proxy-read-timeout": "5" } },
      spec: {
        ingressClassName: "nginx",
        defaultBackend: { service: { name: "fallback", port: { name: "http" } } },
        tls: [{ secretName: "store-tls", hosts: ["store.example.com", "www.example.com"] }],
        rules: [
          {
            host: "store.example.com",
            http: {
              paths: [
                { path: "/cart", backend: { service: { name: "web", port: { number: 80 } } } },
                { path: "/", backend: { service: { name: "other", port: { name: "http" } } } },
              ],
            },
          },
          {
            http: { paths: [{ path: "/all", backend: { service: { name: "web", port: { number: 80 } } } }] },
          },
        ],
      },
      status: { loadBalancer: { ingress: [{ ip: "192.0.2.80" }] } },
    },
  ],
  [
    "endpoints",
    texts.endpointsText,
    {
      subsets: [
        {
          addresses: [{ ip: "10.9.0.8" }],
          notReadyAddresses: [{ ip: "10.9.0.7" }],
          ports: [
            { name: "http", port: 8080, protocol: "TCP" },
            { port: 9090, protocol: "TCP" },
          ],
        },
      ],
    },
  ],
  [
    "endpointslices",
    texts.sliceText,
    {
      addressType: "IPv4",
      ports: [{ name: "http", port: 8080, protocol: "TCP" }],
      endpoints: [
        {
          addresses: ["10.9.0.7"],
          conditions: { ready: false },
          nodeName: "node-a",
          zone: "zone-1",
          targetRef: { kind: "Pod", namespace: "store", name: "web-5d9c7b6f4-k2x7p" },
        },
        { addresses: ["10.9.0.8"], conditions: { ready: true }, nodeName: "node-b" },
      ],
    },
  ],
  [
    "networkpolicies",
    more.policyText,
    {
      ...isolated,
      spec: {
        podSelector: { matchLabels: { app: "web" } },
        policyTypes: ["Ingress"],
        ingress: [
          {
            ports: [
              { port: 8080, protocol: "TCP" },
              { port: 9000, endPort: 9010, protocol: "TCP" },
            ],
            from: [
              { namespaceSelector: { matchLabels: { name: "gateway" } }, podSelector: {} },
              { ipBlock: { cidr: "192.0.2.0/24", except: ["192.0.2.128/25"] } },
            ],
          },
          {},
        ],
      },
    },
  ],
  [
    "networkpolicies",
    more.policyText.replace(
      / {4}To Port: 8080[^]*restricted by source\)\n/,
      "    <none> (Selected pods are isolated for ingress connectivity)\n",
    ),
    { ...isolated, spec: { ingress: [] } },
  ],
  [
    "persistentvolumeclaims",
    more.claimText,
    { spec: { storageClassName: "fast" }, status: { phase: "Pending" } },
  ],
  [
    "persistentvolumes",
    more.volumeText,
    {
      spec: {
        claimRef: { namespace: "store", name: "web-data" },
        accessModes: ["ReadWriteOnce"],
        capacity: { storage: "5Gi" },
        nodeAffinity: {
          required: {
            nodeSelectorTerms: [
              {
                matchExpressions: [
                  { key: "kubernetes.io/hostname", operator: "In", values: ["node-a", "node-b"] },
                ],
              },
            ],
          },
        },
      },
      status: { phase: "Bound" },
    },
  ],
  [
    "resourcequotas",
    more.quotaText,
    {
      status: {
        used: { "limits.memory": "2Gi", "requests.cpu": "900m" },
        hard: { "limits.memory": "4Gi", "requests.cpu": "1" },
      },
    },
  ],
  [
    "horizontalpodautoscalers",
    more.autoscalerText,
    {
      spec: {
        scaleTargetRef: { kind: "Deployment", name: "web" },
        minReplicas: 2,
        maxReplicas: 3,
        metrics: [
          {
            type: "Resource",
            resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 80 } },
          },
          {
            type: "Resource",
            resource: { name: "memory", target: { type: "AverageValue", averageValue: "200Mi" } },
          },
        ],
      },
      status: {
        currentReplicas: 3,
        desiredReplicas: 3,
        currentMetrics: [
          { resource: { name: "cpu", current: { averageUtilization: 140, averageValue: "140m" } } },
          { resource: { name: "memory", current: { averageValue: "300Mi" } } },
        ],
        conditions: [
          { type: "AbleToScale" },
          { type: "ScalingLimited", status: "True", reason: "TooManyReplicas" },
        ],
      },
    },
  ],
  [
    "configmaps",
    more.configMapText,
    { data: { "app.yaml": "db:\n  host: db\n\n  port: 5432", mode: "fast" } },
  ],
  [
    "jobs",
    more.jobText,
    {
      spec: { completions: 1, backoffLimit: 6 },
      status: { active: 0, succeeded: 0, failed: 7, startTime: "2026-11-18T10:00:00Z" },
    },
  ],
  [
    "poddisruptionbudgets",
    more.budgetText,
    {
      spec: { minAvailable: "50%", selector: { matchLabels: { app: "web" } } },
      status: { disruptionsAllowed: 0, expectedPods: 3 },
    },
  ],
  ["serviceaccounts", more.accountText, { imagePullSecrets: [{ name: "registry" }, { name: "mirror" }] }],
])("%s", (resource, text, expected) => {
  expect(read(resource, text)).toMatchObject(expected);
});
