import type { Evidence } from "../../src/evidence/evidence.ts";
import { evidenceOf } from "./evidence.ts";

/** A rollout of many pods, of which those of the new revision refuse connections for seconds: a page that has much to draw. */

const startMs = Date.parse("2026-11-24T10:00:00Z");
const iso = (ms: number): string => new Date(ms).toISOString().replace(".000Z", "Z");

const ipOf = (i: number): string =>
  `10.${42 + Math.floor(i / 62_500)}.${Math.floor(i / 250) % 250}.${(i % 250) + 2}`;
const hash = (i: number): string => (i * 7919 + 12_345).toString(36).padStart(5, "0").slice(-5);

function podOf(i: number): object {
  const createdMs = startMs + i * 2000;
  const readyMs = createdMs + 9000;
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name: `web-7d9c8f6b5-${hash(i)}`,
      namespace: "shop",
      uid: `pod-${i}`,
      creationTimestamp: iso(createdMs),
      labels: { app: "web", "pod-template-hash": "7d9c8f6b5" },
      ownerReferences: [
        { apiVersion: "apps/v1", kind: "ReplicaSet", name: "web-7d9c8f6b5", uid: "rs-2", controller: true },
      ],
    },
    spec: {
      nodeName: `node-${i % 40}`,
      containers: [{ name: "web", image: "shop/web:2.1", ports: [{ containerPort: 8080 }] }],
    },
    status: {
      phase: "Running",
      podIP: ipOf(i),
      podIPs: [{ ip: ipOf(i) }],
      conditions: [
        { type: "PodScheduled", status: "True", lastTransitionTime: iso(createdMs) },
        { type: "Ready", status: "True", lastTransitionTime: iso(readyMs) },
      ],
      containerStatuses: [
        {
          name: "web",
          ready: true,
          restartCount: 0,
          image: "shop/web:2.1",
          imageID: "",
          state: { running: { startedAt: iso(createdMs + 3000) } },
        },
      ],
    },
  };
}

/** ingress-nginx's own format: two tries of each failed request. */
function lineOf(i: number, pods: number): string {
  const ms = startMs + i * 100;
  const pod = i % pods;
  const isFresh = i % 17 === 0 && ms > startMs + pod * 2000 && ms < startMs + pod * 2000 + 600_000;
  const at = new Date(ms).toISOString();
  const day = `24/Nov/2026:${at.slice(11, 19)} +0000`;
  const id = i.toString(16).padStart(32, "0");
  const status = isFresh ? 502 : 200;
  return `198.51.100.${i % 90} - - [${day}] "GET /catalog/${i % 400} HTTP/1.1" ${status} 26 "-" "client/1.0" 146 0.010 [shop-web-80] [] ${ipOf(pod)}:8080 26 0.010 ${status} ${id}`;
}

const common = `
apiVersion: networking.k8s.io/v1
kind: IngressClass
metadata: {name: nginx}
spec: {controller: k8s.io/ingress-nginx}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web, namespace: shop}
spec:
  ingressClassName: nginx
  rules:
    - host: shop.example.com
      http: {paths: [{path: /catalog, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}]}
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {selector: {app: web}, ports: [{port: 80, targetPort: 8080}]}
`;

export function largeIncident(pods = 500, requests = 12_000): Evidence {
  const { objects } = evidenceOf(common);
  const of = (i: number, text: string, reason: string): object => ({
    apiVersion: "v1",
    kind: "Event",
    metadata: { name: `web.${i}`, namespace: "shop", uid: `event-${i}` },
    involvedObject: { kind: "Deployment", namespace: "shop", name: "web" },
    reason,
    message: text,
    type: "Normal",
    firstTimestamp: iso(startMs + i * 20_000),
    lastTimestamp: iso(startMs + i * 20_000),
    count: 1,
  });
  const events = Array.from({ length: 40 }, (_, i) =>
    of(i, `Scaled up replica set web-7d9c8f6b5 from ${i * 12} to ${(i + 1) * 12}`, "ScalingReplicaSet"),
  );
  const deployment = {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "web", namespace: "shop", creationTimestamp: iso(startMs - 86_400_000) },
    spec: {
      replicas: pods,
      selector: { matchLabels: { app: "web" } },
      template: {
        metadata: { labels: { app: "web" } },
        spec: { containers: [{ name: "web", image: "shop/web:2.1", ports: [{ containerPort: 8080 }] }] },
      },
    },
    status: { readyReplicas: pods, replicas: pods, updatedReplicas: pods },
  };
  const rest = Object.values(objects).flat() as object[];
  return evidenceOf([...rest, deployment, ...events, ...Array.from({ length: pods }, (_, i) => podOf(i))], {
    collectedAt: iso(startMs + 30 * 60_000),
    logs: [
      {
        role: "access-log",
        name: "access.log",
        text: Array.from({ length: requests }, (_, i) => lineOf(i, pods)).join("\n"),
      },
    ],
  });
}
