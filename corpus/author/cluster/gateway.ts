import type { PodTemplateSpec } from "kubernetes-types/core/v1";
import { httpProbe } from "./probes.ts";
import type { Cluster } from "./cluster.ts";
import { meta } from "./store.ts";

export const gatewayNamespace = "ingress-nginx";
export const controllerName = "ingress-nginx-controller";

const labels = {
  "app.kubernetes.io/component": "controller",
  "app.kubernetes.io/instance": "ingress-nginx",
  "app.kubernetes.io/name": "ingress-nginx",
};
const chartLabels = {
  ...labels,
  "app.kubernetes.io/managed-by": "Helm",
  "app.kubernetes.io/part-of": "ingress-nginx",
  "app.kubernetes.io/version": "1.15.1",
  "helm.sh/chart": "ingress-nginx-4.15.1",
};

/** Puts ingress-nginx into the cluster as its chart installs it: two controller pods behind a LoadBalancer. */
export function installGateway(c: Cluster): void {
  const { store } = c;
  store.put("namespaces", namespace(gatewayNamespace));
  store.put("ingressclasses", {
    metadata: meta("IngressClass", undefined, "nginx", { created: "-200d", labels: chartLabels }),
    spec: { controller: "k8s.io/ingress-nginx" },
  });
  store.put("configmaps", {
    metadata: meta("ConfigMap", gatewayNamespace, controllerName, { created: "-200d", labels: chartLabels }),
    data: {},
  });
  c.addApp(gatewayNamespace, controllerName, {
    replicas: 2,
    created: "-21d",
    nodes: ["worker-1", "worker-2"],
    readyAfter: "12s",
    template: controllerTemplate(),
    selector: labels,
  });
  store.put("services", {
    metadata: meta("Service", gatewayNamespace, controllerName, { created: "-200d", labels: chartLabels }),
    spec: {
      type: "LoadBalancer",
      clusterIP: "10.43.0.80",
      clusterIPs: ["10.43.0.80"],
      ipFamilies: ["IPv4"],
      externalTrafficPolicy: "Cluster",
      internalTrafficPolicy: "Cluster",
      sessionAffinity: "None",
      selector: labels,
      ports: [
        { name: "http", port: 80, protocol: "TCP", targetPort: "http", nodePort: 31080, appProtocol: "http" },
        {
          name: "https",
          port: 443,
          protocol: "TCP",
          targetPort: "https",
          nodePort: 31443,
          appProtocol: "https",
        },
      ],
    },
    status: { loadBalancer: { ingress: [{ ip: "198.51.100.10" }] } },
  });
}

export const namespace = (
  name: string,
): { metadata: ReturnType<typeof meta>; spec: { finalizers: string[] }; status: { phase: string } } => ({
  metadata: meta("Namespace", undefined, name, {
    created: "-200d",
    labels: { "kubernetes.io/metadata.name": name },
  }),
  spec: { finalizers: ["kubernetes"] },
  status: { phase: "Active" },
});

function controllerTemplate(): PodTemplateSpec {
  return {
    metadata: { labels: chartLabels },
    spec: {
      terminationGracePeriodSeconds: 300,
      restartPolicy: "Always",
      dnsPolicy: "ClusterFirst",
      serviceAccountName: "ingress-nginx",
      containers: [
        {
          name: "controller",
          image: "registry.k8s.io/ingress-nginx/controller:v1.15.1",
          args: [
            "/nginx-ingress-controller",
            "--publish-service=$(POD_NAMESPACE)/ingress-nginx-controller",
            "--election-id=ingress-nginx-leader",
            "--controller-class=k8s.io/ingress-nginx",
            "--ingress-class=nginx",
            "--configmap=$(POD_NAMESPACE)/ingress-nginx-controller",
            "--validating-webhook=:8443",
            "--validating-webhook-certificate=/usr/local/certificates/cert",
            "--validating-webhook-key=/usr/local/certificates/key",
          ],
          env: [
            { name: "POD_NAME", valueFrom: { fieldRef: { apiVersion: "v1", fieldPath: "metadata.name" } } },
            {
              name: "POD_NAMESPACE",
              valueFrom: { fieldRef: { apiVersion: "v1", fieldPath: "metadata.namespace" } },
            },
          ],
          lifecycle: { preStop: { exec: { command: ["/wait-shutdown"] } } },
          ports: [
            { name: "http", containerPort: 80, protocol: "TCP" },
            { name: "https", containerPort: 443, protocol: "TCP" },
            { name: "webhook", containerPort: 8443, protocol: "TCP" },
          ],
          readinessProbe: httpProbe("/healthz", 10254, { initialDelaySeconds: 10 }),
          livenessProbe: httpProbe("/healthz", 10254, { initialDelaySeconds: 10, failureThreshold: 5 }),
          resources: { requests: { cpu: "100m", memory: "90Mi" } },
        },
      ],
    },
  };
}
