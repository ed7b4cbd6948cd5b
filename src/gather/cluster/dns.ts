import { nameOf } from "../../evidence/evidence.ts";
import { ownerNames, readSlices } from "./narrow.ts";
import { readContainerLog } from "./pod-logs.ts";
import { readObject, readObjects, type Reader, readSelected } from "./reader.ts";

const namespace = "kube-system";
const logPods = 2;
const logLimits = { tailLines: 200, maxBytes: 64 << 10 };

/**
 * The cluster's DNS: CoreDNS and its forks keep the Service name and label of kube-dns
 * (kubernetes/kubernetes cluster/addons/dns/coredns).
 */
export async function readDns(reader: Reader): Promise<void> {
  const [, , pods] = await Promise.all([
    readObject(reader, "services", "kube-dns", namespace),
    readSlices(reader, namespace, ["kube-dns"]),
    readSelected(reader, { resource: "pods", namespace, labelSelector: "k8s-app=kube-dns", maxObjects: 50 }),
  ]);
  const newest = pods.objects.slice(0, logPods);
  await Promise.all([
    readObjects(reader, "deployments", ownerNames(pods.objects).get("deployments") ?? [], namespace),
    ...newest.map((pod) => {
      const container = pod.spec?.containers[0]?.name ?? "coredns";
      return readContainerLog(reader, { namespace, pod: nameOf(pod), container }, logLimits);
    }),
  ]);
}
