import { gatewayImages } from "../gateway-programs.ts";
import { type GatewayInstallation, podNames } from "../gateway-objects.ts";

const healthz = { path: "/healthz", port: 10254, scheme: "HTTP" };

/**
 * As kubernetes/ingress-nginx deploy/static/provider/cloud/deploy.yaml, but for the webhook, the preStop hook (SIGTERM
 * does the same) and the first readiness probe, which comes after three seconds instead of ten.
 */
export const nginxInstallation: GatewayInstallation = {
  namespace: "ingress-nginx",
  name: "ingress-nginx-controller",
  configMap: "ingress-nginx-controller",
  labels: {
    "app.kubernetes.io/name": "ingress-nginx",
    "app.kubernetes.io/instance": "ingress-nginx",
    "app.kubernetes.io/component": "controller",
  },
  ingressClass: { name: "nginx", controller: "k8s.io/ingress-nginx" },
  terminationGracePeriodSeconds: 300,
  container: {
    name: "controller",
    image: gatewayImages.nginx,
    args: [
      "/nginx-ingress-controller",
      "--publish-service=$(POD_NAMESPACE)/ingress-nginx-controller",
      "--election-id=ingress-nginx-leader",
      "--controller-class=k8s.io/ingress-nginx",
      "--ingress-class=nginx",
      "--configmap=$(POD_NAMESPACE)/ingress-nginx-controller",
      "--enable-metrics=true",
    ],
    env: podNames!,
    ports: [
      { name: "http", containerPort: 80, protocol: "TCP" },
      { name: "https", containerPort: 443, protocol: "TCP" },
      { name: "metrics", containerPort: 10254, protocol: "TCP" },
    ],
    resources: { requests: { cpu: "100m", memory: "90Mi" } },
    livenessProbe: {
      httpGet: healthz,
      initialDelaySeconds: 10,
      periodSeconds: 10,
      timeoutSeconds: 1,
      failureThreshold: 5,
    },
    readinessProbe: {
      httpGet: healthz,
      initialDelaySeconds: 3,
      periodSeconds: 2,
      timeoutSeconds: 1,
      failureThreshold: 3,
    },
  },
};
