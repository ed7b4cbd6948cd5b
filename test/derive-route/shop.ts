/** One shop: an Ingress of ingress-nginx, a Service with one ready pod, and its Deployment. */
export const shop = `
apiVersion: networking.k8s.io/v1
kind: IngressClass
metadata: { name: nginx }
spec: { controller: k8s.io/ingress-nginx }
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: web, namespace: shop, creationTimestamp: "2025-12-01T00:00:00Z" }
spec:
  ingressClassName: nginx
  rules:
    - host: shop.example.com
      http:
        paths:
          - path: /cart
            pathType: Prefix
            backend: { service: { name: cart, port: { number: 80 } } }
---
apiVersion: v1
kind: Service
metadata: { name: cart, namespace: shop }
spec:
  selector: { app: cart }
  ports: [{ name: http, port: 80, targetPort: http, protocol: TCP }]
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata:
  name: cart-abc
  namespace: shop
  labels: { kubernetes.io/service-name: cart }
addressType: IPv4
ports: [{ name: http, port: 8080, protocol: TCP }]
endpoints:
  - addresses: [10.0.0.7]
    conditions: { ready: true, serving: true, terminating: false }
    nodeName: worker-1
    targetRef: { kind: Pod, namespace: shop, name: cart-6d4cf56db6-x7k2p }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: cart, namespace: shop, creationTimestamp: "2025-12-01T00:00:00Z" }
spec:
  replicas: 1
  selector: { matchLabels: { app: cart } }
  template:
    metadata: { labels: { app: cart } }
    spec: { containers: [{ name: app, image: cart, ports: [{ name: http, containerPort: 8080 }] }] }
status: { readyReplicas: 1, updatedReplicas: 1 }
---
apiVersion: apps/v1
kind: ReplicaSet
metadata:
  name: cart-6d4cf56db6
  namespace: shop
  labels: { app: cart, pod-template-hash: 6d4cf56db6 }
  annotations: { deployment.kubernetes.io/revision: "3" }
  ownerReferences: [{ apiVersion: apps/v1, kind: Deployment, name: cart, controller: true, uid: d }]
spec: { replicas: 1 }
---
apiVersion: v1
kind: Pod
metadata:
  name: cart-6d4cf56db6-x7k2p
  namespace: shop
  uid: u-1
  creationTimestamp: "2026-01-01T10:00:00Z"
  labels: { app: cart, pod-template-hash: 6d4cf56db6 }
  ownerReferences: [{ apiVersion: apps/v1, kind: ReplicaSet, name: cart-6d4cf56db6, controller: true, uid: r }]
spec:
  nodeName: worker-1
  containers: [{ name: app, image: cart, ports: [{ name: http, containerPort: 8080 }] }]
status:
  phase: Running
  podIP: 10.0.0.7
  conditions: [{ type: Ready, status: "True", lastTransitionTime: "2026-01-01T10:00:09Z" }]
  containerStatuses:
    - { name: app, ready: true, restartCount: 0, state: { running: { startedAt: "2026-01-01T10:00:02Z" } } }
`;
