import type { Evidence } from "../../src/evidence/evidence.ts";
import { evidenceOf, type EvidenceOptions } from "../support/evidence.ts";

/** When it was collected: the window of the series ends here. */
export const noonMs = Date.parse("2026-01-01T12:00:00Z");

/** One Ingress of ingress-nginx before three ready pods that an autoscaler makes; nothing is wrong with it. */
const yaml = `
apiVersion: networking.k8s.io/v1
kind: IngressClass
metadata: { name: nginx }
spec: { controller: k8s.io/ingress-nginx }
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: cart, namespace: shop, creationTimestamp: "2025-12-01T00:00:00Z" }
spec:
  ingressClassName: nginx
  rules:
    - host: shop.example.com
      http:
        paths:
          - { path: /cart, pathType: Prefix, backend: { service: { name: cart, port: { number: 80 } } } }
---
apiVersion: v1
kind: Service
metadata: { name: cart, namespace: shop }
spec:
  clusterIP: 10.96.0.20
  selector: { app: cart }
  ports: [{ name: http, port: 80, targetPort: 8080 }]
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: cart, namespace: shop, uid: d1, creationTimestamp: "2025-12-01T00:00:00Z", generation: 1 }
spec:
  replicas: 3
  selector: { matchLabels: { app: cart } }
  template:
    metadata: { labels: { app: cart } }
    spec: { containers: [{ name: cart, image: "cart:1", resources: { limits: { cpu: 500m, memory: 256Mi } } }] }
status: { observedGeneration: 1, replicas: 3, readyReplicas: 3, availableReplicas: 3, updatedReplicas: 3 }
---
apiVersion: apps/v1
kind: ReplicaSet
metadata:
  name: cart-5d9f7c
  namespace: shop
  uid: r1
  labels: { app: cart, pod-template-hash: 5d9f7c }
  ownerReferences: [{ apiVersion: apps/v1, kind: Deployment, name: cart, uid: d1, controller: true }]
spec: { replicas: 3, selector: { matchLabels: { app: cart } } }
status: { replicas: 3, readyReplicas: 3 }
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: { name: cart, namespace: shop }
spec:
  scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: cart }
  minReplicas: 1
  maxReplicas: 3
status: { currentReplicas: 3, desiredReplicas: 3 }
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: { name: cart-x, namespace: shop, labels: { kubernetes.io/service-name: cart } }
addressType: IPv4
ports: [{ name: http, port: 8080, protocol: TCP }]
endpoints:
${["aaaaa", "bbbbb", "ccccc"].map((id, i) => `  - { addresses: [10.0.1.${i + 1}], conditions: { ready: true, serving: true, terminating: false }, targetRef: { kind: Pod, namespace: shop, name: cart-5d9f7c-${id} } }`).join("\n")}
${["aaaaa", "bbbbb", "ccccc"]
  .map(
    (id, i) => `---
apiVersion: v1
kind: Pod
metadata:
  name: cart-5d9f7c-${id}
  namespace: shop
  uid: p${i}
  labels: { app: cart, pod-template-hash: 5d9f7c }
  creationTimestamp: "2025-12-01T00:00:00Z"
  ownerReferences: [{ apiVersion: apps/v1, kind: ReplicaSet, name: cart-5d9f7c, uid: r1, controller: true }]
spec: { nodeName: n1, containers: [{ name: cart, image: "cart:1", resources: { limits: { cpu: 500m, memory: 256Mi } } }] }
status:
  phase: Running
  podIP: 10.0.1.${i + 1}
  podIPs: [{ ip: 10.0.1.${i + 1} }]
  conditions: [{ type: Ready, status: "True", lastTransitionTime: "2025-12-01T00:00:10Z" }]
  containerStatuses: [{ name: cart, ready: true, restartCount: 0, image: "cart:1", state: { running: { startedAt: "2025-12-01T00:00:05Z" } } }]
`,
  )
  .join("")}`;

const gatewayYaml = `---
apiVersion: v1
kind: Pod
metadata:
  name: ingress-nginx-1
  namespace: ingress-nginx
  uid: g1
  labels: { app.kubernetes.io/name: ingress-nginx, app.kubernetes.io/component: controller }
  creationTimestamp: "2025-12-01T00:00:00Z"
spec:
  nodeName: n1
  containers:
    - name: controller
      image: registry.k8s.io/ingress-nginx/controller:v1.15.1
      args: [/nginx-ingress-controller, --controller-class=k8s.io/ingress-nginx, --ingress-class=nginx]
status:
  phase: Running
  podIP: 10.0.1.9
  podIPs: [{ ip: 10.0.1.9 }]
  conditions: [{ type: Ready, status: "True", lastTransitionTime: "2025-12-01T00:00:10Z" }]
  containerStatuses: [{ name: controller, ready: true, restartCount: 0, state: { running: { startedAt: "2025-12-01T00:00:05Z" } } }]
`;

export const shop = (options: EvidenceOptions = {}): Evidence => evidenceOf(yaml + gatewayYaml, options);

export const pod = (id: "aaaaa" | "bbbbb" | "ccccc"): string => `cart-5d9f7c-${id}`;
