import type { KubeObject } from "../api-server/stored-object.ts";
import { plan } from "../network/addresses.ts";

/** Addresses of the nodes, in the order of their names; all are in the root namespace. */
export const nodeAddresses: readonly string[] = ["10.0.0.1", "10.0.0.2", "10.0.0.3"];

/** Its program prints the log of the lab's DNS, which answers in its place. */
export const corednsImage = "registry.k8s.io/coredns/coredns:v1.11.3";

const named = (kind: string, name: string, namespace?: string): KubeObject => ({
  apiVersion: "v1",
  kind,
  metadata: { name, ...(namespace === undefined ? {} : { namespace }) },
});

const node = (address: string, index: number): KubeObject => {
  const name = `node-${index + 1}`;
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: { name, labels: { "kubernetes.io/hostname": name, "kubernetes.io/os": "linux" } },
    spec: { podCIDR: `10.42.${index + 1}.0/24` },
    status: {
      addresses: [
        { type: "InternalIP", address },
        { type: "Hostname", address: name },
      ],
    },
  };
};

const dnsLabels = { "k8s-app": "kube-dns" };
const dnsPorts = [
  { name: "dns", protocol: "UDP", port: 53 },
  { name: "dns-tcp", protocol: "TCP", port: 53 },
];

/** What every cluster has before anyone applies anything. */
export const baseObjects: readonly KubeObject[] = [
  ...["default", "kube-system", "kube-public", "kube-node-lease"].map((name) => named("Namespace", name)),
  ...nodeAddresses.map(node),
  {
    ...named("Service", "kube-dns", "kube-system"),
    spec: {
      clusterIP: plan.dns,
      selector: dnsLabels,
      ports: dnsPorts.map((p) => ({ ...p, targetPort: p.port })),
    },
  },
  {
    ...named("Deployment", "coredns", "kube-system"),
    apiVersion: "apps/v1",
    spec: {
      replicas: 1,
      selector: { matchLabels: dnsLabels },
      template: {
        metadata: { labels: dnsLabels },
        spec: {
          containers: [
            {
              name: "coredns",
              image: corednsImage,
              ports: dnsPorts.map(({ name, protocol, port }) => ({ name, protocol, containerPort: port })),
            },
          ],
        },
      },
    },
  },
];
