import { type GatewayInstallation, podNames } from "../gateway-objects.ts";
import { gatewayImages } from "../gateway-programs.ts";
import { metricsPort } from "./template.ts";

/** As the chart haproxy-ingress/haproxy-ingress; the readiness probe is of the controller, after one second. */
export const haproxyInstallation: GatewayInstallation = {
  namespace: "ingress-haproxy",
  name: "haproxy-ingress",
  configMap: "haproxy-ingress",
  labels: {
    "app.kubernetes.io/name": "haproxy-ingress",
    "app.kubernetes.io/instance": "haproxy-ingress",
  },
  ingressClass: { name: "haproxy", controller: "haproxy-ingress.github.io/controller" },
  terminationGracePeriodSeconds: 60,
  container: {
    name: "haproxy-ingress",
    image: gatewayImages.haproxy,
    args: ["--configmap=$(POD_NAMESPACE)/haproxy-ingress", "--ingress-class=haproxy"],
    env: podNames!,
    ports: [
      { name: "http", containerPort: 80, protocol: "TCP" },
      { name: "https", containerPort: 443, protocol: "TCP" },
      { name: "healthz", containerPort: 10253, protocol: "TCP" },
      { name: "metrics", containerPort: metricsPort, protocol: "TCP" },
    ],
    livenessProbe: {
      httpGet: { path: "/healthz", port: 10253 },
      initialDelaySeconds: 10,
      periodSeconds: 10,
      timeoutSeconds: 1,
      failureThreshold: 3,
    },
    readinessProbe: {
      httpGet: { path: "/healthz", port: 10254 },
      initialDelaySeconds: 1,
      periodSeconds: 2,
      timeoutSeconds: 1,
      failureThreshold: 3,
    },
  },
};
