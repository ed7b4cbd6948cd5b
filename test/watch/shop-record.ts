import type { Pod } from "kubernetes-types/core/v1";
import type { Change, ChangeRecord, WatchedResource } from "../../src/evidence/change-record.ts";
import type { Evidence } from "../../src/evidence/evidence.ts";
import type { SentRequest } from "../../src/evidence/sent-request.ts";
import { observe } from "../../src/derive/observe.ts";
import type { Observations } from "../../src/derive/observations.ts";
import { resolveRoutes } from "../../src/derive/routes.ts";
import { parseTarget } from "../../src/target/target.ts";
import { evidenceOf } from "../support/evidence.ts";

/** web-old was deleted at 12:00:10 and gone at 12:00:20; web-new serves since. All times of a test are from noon on. */
const noonMs = Date.parse("2026-01-01T12:00:00Z");
export const at = (seconds: number): number => noonMs + seconds * 1000;

const hash = "6d4cf56db6";
export const oldPod = `web-${hash}-bbbbb`;
export const newPod = `web-${hash}-ccccc`;
const oldIp = "10.0.0.1";
const newIp = "10.0.0.2";

const iso = (ms: number): string => new Date(ms).toISOString().replace(/\.\d+Z$/, "Z");

export interface PodState {
  readonly name?: string;
  readonly uid?: string;
  readonly ip?: string;
  readonly ready?: boolean;
  readonly deletedMs?: number;
  readonly restarts?: number;
  readonly waiting?: string;
  readonly createdMs?: number;
}

export function podAs(state: PodState = {}): Pod {
  const { name = oldPod, ip = oldIp, ready = true, deletedMs, restarts = 0, waiting } = state;
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name,
      namespace: "shop",
      uid: state.uid ?? `uid-${name}`,
      labels: { app: "web", "pod-template-hash": hash },
      creationTimestamp: iso(state.createdMs ?? at(-600)),
      ownerReferences: [
        { apiVersion: "apps/v1", kind: "ReplicaSet", name: `web-${hash}`, uid: "set", controller: true },
      ],
      ...(deletedMs === undefined
        ? {}
        : { deletionTimestamp: iso(deletedMs + 30_000), deletionGracePeriodSeconds: 30 }),
    },
    spec: { nodeName: "n1", containers: [{ name: "app" }] },
    status: {
      phase: "Running",
      podIP: ip,
      conditions: [
        {
          type: "Ready",
          status: ready ? "True" : "False",
          lastTransitionTime: iso(state.createdMs ?? at(-590)),
        },
      ],
      containerStatuses: [
        {
          name: "app",
          image: "",
          imageID: "",
          ready,
          restartCount: restarts,
          state:
            waiting === undefined
              ? { running: { startedAt: iso(at(-595)) } }
              : { waiting: { reason: waiting } },
        },
      ],
    },
  };
}

export const change = (
  seconds: number,
  type: Change["type"],
  object: object,
  resource: WatchedResource = "pods",
): Change => ({ atMs: at(seconds), type, resource, object }) as Change;

export const recordOf = (changes: readonly Change[], more: Partial<ChangeRecord> = {}): ChangeRecord => ({
  fromMs: noonMs,
  toMs: at(60),
  skewMs: 0,
  watched: [
    { resource: "pods", namespace: "shop", gaps: [] },
    { resource: "endpointslices", namespace: "shop", gaps: [] },
  ],
  changes,
  dropped: 0,
  ...more,
});

/** The old pod goes, the new one was there before. */
export const departure = recordOf([
  change(0, "listed", podAs()),
  change(0, "listed", podAs({ name: newPod, ip: newIp })),
  change(10.4, "modified", podAs({ deletedMs: at(10) })),
  change(20.2, "deleted", podAs({ deletedMs: at(10), ready: false, ip: "" })),
]);

const objects = `
kind: Ingress
apiVersion: networking.k8s.io/v1
metadata: {name: web, namespace: shop}
spec:
  rules:
    - host: shop.example.com
      http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}]}
---
kind: Service
apiVersion: v1
metadata: {name: web, namespace: shop}
spec: {selector: {app: web}, ports: [{port: 80, targetPort: 8080}]}
---
kind: Deployment
apiVersion: apps/v1
metadata: {name: web, namespace: shop}
spec: {replicas: 1, selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: web}}, spec: {containers: [{name: app}]}}}
---
kind: ReplicaSet
apiVersion: apps/v1
metadata: {name: web-${hash}, namespace: shop, labels: {app: web, pod-template-hash: ${hash}}, ownerReferences: [{apiVersion: apps/v1, kind: Deployment, name: web, uid: d, controller: true}]}
spec: {replicas: 1, selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: web}}, spec: {containers: [{name: app}]}}}
---
kind: EndpointSlice
apiVersion: discovery.k8s.io/v1
metadata: {name: web-1, namespace: shop, labels: {kubernetes.io/service-name: web}}
addressType: IPv4
ports: [{name: "", port: 8080}]
endpoints: [{addresses: ["${newIp}"], conditions: {ready: true}, targetRef: {kind: Pod, name: ${newPod}, namespace: shop}}]
---
{kind: Node, apiVersion: v1, metadata: {name: n1}, status: {conditions: [{type: Ready, status: "True"}]}}
---
${JSON.stringify(podAs({ name: newPod, ip: newIp }))}
`;

/** A line of ingress-nginx; `upstream` 502 or 200. */
export function nginxLine(
  seconds: number,
  id: string,
  ip = oldIp,
  status = 502,
  tookSeconds = 0.002,
): string {
  const date = new Date(at(seconds)).toISOString();
  const local = `01/Jan/2026:${date.slice(11, 19)} +0000`;
  return `192.0.2.7 - - [${local}] "GET /cart HTTP/1.1" ${status} 150 "-" "why5xx-load" 80 ${tookSeconds} [shop-web-80] [] ${ip}:8080 0 ${tookSeconds} ${status} ${id}\n`;
}

/** nginx says in its error log what became of an attempt. */
export function nginxError(seconds: number, ip = oldIp): string {
  const date = new Date(at(seconds)).toISOString();
  return `2026/01/01 ${date.slice(11, 19)} [error] 31#31: *9 connect() failed (111: Connection refused) while connecting to upstream, client: 192.0.2.7, server: shop.example.com, request: "GET /cart HTTP/1.1", upstream: "http://${ip}:8080/cart", host: "shop.example.com"\n`;
}

/** HAProxy's httplog, with the client's port, no id, and a server's name in the place of its address. */
export function haproxyLine(seconds: number, port: number): string {
  const date = new Date(at(seconds)).toISOString();
  return `192.0.2.7:${port} [01/Jan/2026:${date.slice(11, 23)}] http shop_svc_web_80/SRV_1 0/0/-1/-1/3 503 221 - - SC-- 1/1/0/0/3 0/0 "GET /cart HTTP/1.1"\n`;
}

export function evidenceWith(log: string, changes?: ChangeRecord): Evidence {
  const evidence = evidenceOf(objects, {
    collectedAt: "2026-01-01T12:01:00Z",
    logs: [{ role: "access-log", text: log }],
  });
  return changes === undefined ? evidence : { ...evidence, changes };
}

export function factsOf(evidence: Evidence): Observations {
  const [route] = resolveRoutes(evidence, parseTarget("shop.example.com/cart")).routes;
  return observe(evidence, route!);
}

export const sent = (seconds: number, more: Partial<SentRequest> = {}): SentRequest => ({
  id: `r${seconds}`,
  dueMs: at(seconds) - 3,
  sentMs: at(seconds) - 3,
  endMs: at(seconds),
  method: "GET",
  path: "/cart",
  status: 502,
  ...more,
});
