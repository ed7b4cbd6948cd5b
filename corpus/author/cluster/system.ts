import type { PodTemplateSpec } from "kubernetes-types/core/v1";
import type { Cluster } from "./cluster.ts";
import { namespace } from "./gateway.ts";
import { httpProbe } from "./probes.ts";
import { meta } from "./store.ts";

const labels = { "k8s-app": "kube-dns" };

/** Cluster DNS and the API's own Service, as kubeadm sets them up. */
export function installSystem(c: Cluster): void {
  for (const name of ["default", "kube-system"]) c.store.put("namespaces", namespace(name));
  c.store.put("services", {
    metadata: meta("Service", "default", "kubernetes", {
      created: "-200d",
      labels: { component: "apiserver", provider: "kubernetes" },
    }),
    spec: {
      type: "ClusterIP",
      clusterIP: "10.43.0.1",
      clusterIPs: ["10.43.0.1"],
      ports: [{ name: "https", port: 443, protocol: "TCP", targetPort: 6443 }],
    },
  });
  c.addApp("kube-system", "coredns", {
    replicas: 2,
    created: "-60d",
    nodes: ["worker-1", "worker-3"],
    template: dnsTemplate(),
    selector: labels,
  });
  c.store.put("services", {
    metadata: meta("Service", "kube-system", "kube-dns", {
      created: "-200d",
      labels: { ...labels, "kubernetes.io/name": "CoreDNS" },
    }),
    spec: {
      type: "ClusterIP",
      clusterIP: "10.43.0.10",
      clusterIPs: ["10.43.0.10"],
      ipFamilies: ["IPv4"],
      selector: labels,
      ports: [
        { name: "dns", port: 53, protocol: "UDP", targetPort: 53 },
        { name: "dns-tcp", port: 53, protocol: "TCP", targetPort: 53 },
      ],
    },
  });
}

const dnsTemplate = (): PodTemplateSpec => ({
  metadata: { labels },
  spec: {
    dnsPolicy: "Default",
    restartPolicy: "Always",
    terminationGracePeriodSeconds: 30,
    serviceAccountName: "coredns",
    containers: [
      {
        name: "coredns",
        image: "registry.k8s.io/coredns/coredns:v1.12.1",
        args: ["-conf", "/etc/coredns/Corefile"],
        ports: [
          { name: "dns", containerPort: 53, protocol: "UDP" },
          { name: "dns-tcp", containerPort: 53, protocol: "TCP" },
          { name: "metrics", containerPort: 9153, protocol: "TCP" },
        ],
        readinessProbe: httpProbe("/ready", 8181),
        livenessProbe: httpProbe("/health", 8080, {
          initialDelaySeconds: 60,
          timeoutSeconds: 5,
          failureThreshold: 5,
        }),
        resources: { requests: { cpu: "100m", memory: "70Mi" }, limits: { memory: "170Mi" } },
      },
    ],
  },
});
