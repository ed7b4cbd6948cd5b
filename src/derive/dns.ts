import type { Service } from "kubernetes-types/core/v1";
import { type Evidence, nameOf, namespaceOf } from "../evidence/evidence.ts";
import { sameRef } from "../evidence/object-ref.ts";
import { absent, type Observed, present, unknown } from "../evidence/observed.ts";
import { objectsOf, readWhole } from "./coverage.ts";
import { dnsErrors } from "./dns-log.ts";
import { podsWithLabels, podView } from "./pods.ts";
import { unreadReason } from "./read-everywhere.ts";
import { readyEndpointsOf } from "./ready-endpoints.ts";
import { hasLabels, type Labels, serviceSelector } from "./selectors.ts";
import { maybe, texts } from "./shape.ts";
import type { DnsView, PodView, Route, Workload } from "./views.ts";
import { workloadsOf } from "./workload-views.ts";

const kubeDns: Labels = { "k8s-app": "kube-dns" };
const openshiftDns: Labels = { "dns.operator.openshift.io/daemonset-dns": "default" };

/** The cluster's DNS: its Service, its pods, its ready addresses and what its own log complains of. */
export function deriveDns(evidence: Evidence, _route: Route): Observed<DnsView> {
  const service = findService(evidence);
  const pods = findPods(evidence, service);
  const readyEndpoints = readyCount(evidence, service, pods);
  if (readyEndpoints === undefined) return missing(evidence);
  const clusterIp = service?.spec?.clusterIP;
  const names = new Set((pods ?? []).map((p) => `${p.ref.namespace}/${p.ref.name}`));
  const streams = evidence.logs.filter((l) => names.has(`${l.namespace}/${l.pod}`));
  return present({
    ...maybe("service", service),
    ...maybe("clusterIp", clusterIp === "None" ? undefined : clusterIp),
    pods: pods ?? [],
    readyEndpoints,
    errors: dnsErrors(streams),
    ...maybe("deployment", deploymentOf(evidence, service, pods ?? [])),
  });
}

/** The workload whose template the DNS Service selects, also when none of its pods is left. */
function deploymentOf(
  evidence: Evidence,
  service: Service | undefined,
  pods: readonly PodView[],
): Workload | undefined {
  const namespace = service === undefined ? "kube-system" : namespaceOf(service);
  const labels = (service === undefined ? undefined : serviceSelector(service)) ?? kubeDns;
  const found = workloadsOf(evidence, namespace).find((w) => hasLabels(w.template.labels, labels));
  if (found === undefined) return undefined;
  const isOwner = pods.some((p) => p.owner !== undefined && sameRef(p.owner, found.ref));
  return { ...found, relation: isOwner ? "selected" : "template-matches" };
}

/** Every distribution labels it kube-dns, also when CoreDNS runs behind it; OpenShift names it dns-default. */
function findService(evidence: Evidence): Service | undefined {
  const services = objectsOf(evidence, "services");
  const inSystem = services.filter((s) => namespaceOf(s) === "kube-system");
  return (
    inSystem.find((s) => nameOf(s) === "kube-dns") ??
    inSystem.find((s) => hasLabels(texts(s.metadata?.labels), kubeDns)) ??
    services.find((s) => namespaceOf(s) === "openshift-dns" && nameOf(s) === "dns-default")
  );
}

/** Pods by the Service's selector, else by the usual labels; undefined when pods were not read there. */
function findPods(evidence: Evidence, service: Service | undefined): readonly PodView[] | undefined {
  const namespace = service === undefined ? "kube-system" : namespaceOf(service);
  const selector = service === undefined ? undefined : serviceSelector(service);
  const listed = podsWithLabels(evidence, namespace, selector ?? kubeDns);
  if (listed.state !== "present") return undefined;
  if (listed.value.length > 0 || readWhole(evidence, "pods", namespace)) return listed.value;
  const others = objectsOf(evidence, "pods").filter((p) =>
    hasLabels(texts(p.metadata?.labels), openshiftDns),
  );
  return others.length === 0 ? undefined : others.map((p) => podView(evidence, p));
}

function readyCount(
  evidence: Evidence,
  service: Service | undefined,
  pods: readonly PodView[] | undefined,
): number | undefined {
  const counted = service === undefined ? undefined : readyEndpointsOf(evidence, service);
  if (counted !== undefined) return counted;
  if (pods === undefined || (service === undefined && pods.length === 0)) return undefined;
  return pods.filter((p) => p.ready).length;
}

function missing(evidence: Evidence): Observed<DnsView> {
  const whole = readWhole(evidence, "services", "kube-system") && readWhole(evidence, "pods", "kube-system");
  if (whole) return absent("no DNS Service and no DNS pod of the usual names in kube-system");
  return unknown("dns", unreadReason(evidence, "services", "kube-system was not read"));
}
