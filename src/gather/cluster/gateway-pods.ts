import type { Pod } from "kubernetes-types/core/v1";
import { recogniseGateway } from "../../derive/gateway-pods.ts";
import type { Resource } from "../../evidence/kinds.ts";
import { listObjects } from "./list.ts";
import { cutShort, readList, type Reader, readSelected } from "./reader.ts";

/**
 * Labels of gateway pods, from each project's own chart and manifests, the common first. One list
 * over all namespaces costs the API server a scan of its cache and us only what matches.
 */
const selectors: readonly string[] = [
  "app.kubernetes.io/name in (ingress-nginx,rke2-ingress-nginx,nginx-ingress,traefik,haproxy-ingress,kubernetes-ingress,contour,kong,istio-ingressgateway,envoy)",
  "app in (ingress-nginx,nginx-ingress,traefik,envoy,ingress-kong,istio-ingressgateway,router)",
  "k8s-app in (nginx-ingress-controller,traefik-ingress-lb,haproxy-ingress)",
  "name=nginx-ingress-microk8s",
];

/** Where these live when nobody moved them: asked one by one when listing all namespaces is forbidden. */
const usualNamespaces = ["ingress-nginx", "kube-system", "nginx-ingress", "traefik", "ingress"];

const maxPods = 200;
const maxSearched = 1000;

/** Adds the gateways' pods to the evidence, by their labels, and gives them. */
export async function readGatewayPods(reader: Reader): Promise<readonly Pod[]> {
  for (const labelSelector of selectors) {
    // oxlint-disable-next-line no-await-in-loop -- the next selector is asked only when this one found nothing
    const read = await readSelected(reader, { resource: "pods", labelSelector, maxObjects: maxPods });
    if (read.failure?.kind === "forbidden") return inUsualNamespaces(reader);
    const found = gatewaysAmong(read.objects);
    if (found.length > 0 || read.end === "failed") return found;
  }
  return [];
}

/** A cluster may run gateways of several kinds: looks for those that the first labels found did not cover. */
export async function readOtherGatewayPods(reader: Reader): Promise<readonly Pod[]> {
  const read = await Promise.all(
    selectors.map((labelSelector) =>
      readSelected(reader, { resource: "pods", labelSelector, maxObjects: maxPods }),
    ),
  );
  return gatewaysAmong([...new Set(read.flatMap((r) => r.objects))]);
}

async function inUsualNamespaces(reader: Reader): Promise<readonly Pod[]> {
  for (const namespace of usualNamespaces) {
    // oxlint-disable-next-line no-await-in-loop -- most clusters end at the first
    const read = await readList(reader, { resource: "pods", namespace, maxObjects: maxPods });
    if (read.end === "more") cutShort(reader, "pods", namespace, read.objects.length);
    const found = gatewaysAmong(read.objects);
    if (found.length > 0) return found;
  }
  return [];
}

/**
 * Looks at every pod of the cluster, up to a limit: only then does finding no controller for a class
 * mean that there is none. Keeps all when they were all read, else only those that are gateways.
 */
export async function searchGatewayPods(reader: Reader): Promise<readonly Pod[]> {
  const resource = "pods" satisfies Resource;
  reader.progress("no gateway found by its labels: looking through the pods of the cluster");
  const listed = await listObjects(reader.api, { resource, maxObjects: maxSearched });
  const found = gatewaysAmong(listed.objects);
  if (listed.failure === undefined && !listed.more) {
    reader.collection.add(resource, listed.objects);
    reader.collection.cover({ resource, extent: "whole" });
  } else {
    reader.collection.add(resource, found);
    const reason = listed.failure?.reason ?? `only the first ${maxSearched} pods were searched for a gateway`;
    reader.collection.cover({ resource, extent: "failed", reason });
  }
  return found;
}

export const gatewaysAmong = (pods: readonly Pod[]): readonly Pod[] =>
  pods.filter((pod) => recogniseGateway(pod) !== undefined);
