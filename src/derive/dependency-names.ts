import type { Pod, Service } from "kubernetes-types/core/v1";
import { isIP } from "node:net";
import { type Evidence, list, nameOf, namespaceOf } from "../evidence/evidence.ts";
import { type ObjectRef, ref } from "../evidence/object-ref.ts";
import { findObject, objectsOf, readWhole } from "./coverage.ts";
import { nearestNames } from "./near-names.ts";
import { items } from "./shape.ts";

/** What a host name means to a pod of a namespace. */
export interface ResolvedHost {
  readonly internal: boolean;
  readonly service?: ObjectRef;
  /** The address is a pod's own. */
  readonly pod?: Pod;
}

/** Endings of names that live outside the cluster; any two-letter one counts as well. */
const outside =
  /\.(com|net|org|io|dev|app|cloud|co|ai|edu|gov|mil|info|biz|xyz|site|online|tech|local|internal|lan|corp|home|intranet|test|example|invalid|arpa|[a-z]{2})$/;

/**
 * Resolves a host as the pod's resolver would with the cluster's search list: a name of one label is
 * a Service of the pod's namespace, "a.b" a Service of namespace b (or pod a of headless Service b),
 * "….svc" and what follows it the full form.
 */
export function resolveHost(evidence: Evidence, host: string, namespace: string): ResolvedHost {
  if (isIP(host) !== 0) return byAddress(evidence, host);
  const labels = host.split(".");
  const svc = labels.indexOf("svc");
  if (svc >= 2) return named(labels[svc - 2] ?? "", labels[svc - 1] ?? "");
  const [first = "", second = ""] = labels;
  if (labels.length === 1) return named(first, namespace);
  if (labels.length === 2) {
    if (isHeadless(evidence, namespace, second)) return named(second, namespace);
    if (isNamespace(evidence, second) || !outside.test(host)) return named(first, second);
  }
  const third = labels[2] ?? "";
  if (labels.length === 3 && isHeadless(evidence, third, second)) return named(second, third);
  return { internal: false };
}

const named = (name: string, namespace: string): ResolvedHost => ({
  internal: true,
  service: ref("Service", name, namespace),
});

function byAddress(evidence: Evidence, ip: string): ResolvedHost {
  const service = objectsOf(evidence, "services").find((s) => clusterIps(s).includes(ip));
  if (service !== undefined) return named(nameOf(service), namespaceOf(service));
  const pod = objectsOf(evidence, "pods").find((p) => p.spec?.hostNetwork !== true && p.status?.podIP === ip);
  return pod === undefined ? { internal: false } : { internal: true, pod };
}

const clusterIps = (service: Service): readonly string[] => [
  service.spec?.clusterIP ?? "",
  ...items(service.spec?.clusterIPs),
];

const isHeadless = (evidence: Evidence, namespace: string, name: string): boolean =>
  findObject(evidence, "services", namespace, name)?.spec?.clusterIP === "None";

/** A namespace that was read, or in which a Service was. */
function isNamespace(evidence: Evidence, name: string): boolean {
  if (findObject(evidence, "namespaces", "", name) !== undefined) return true;
  return objectsOf(evidence, "services").some((s) => namespaceOf(s) === name);
}

/**
 * Existing Services that a missing one may have meant: the same name in another namespace (as
 * "name.namespace"), then the nearest names of its own namespace, when that was read whole.
 */
export function nearServices(evidence: Evidence, service: ObjectRef): readonly string[] {
  const namespace = service.namespace ?? "default";
  const elsewhere = objectsOf(evidence, "services")
    .filter((s) => nameOf(s) === service.name && namespaceOf(s) !== namespace)
    .map((s) => `${nameOf(s)}.${namespaceOf(s)}`);
  const listed = list(evidence, "services", namespace);
  const own =
    listed.state === "present" && readWhole(evidence, "services", namespace) ? listed.value.map(nameOf) : [];
  return [...elsewhere.slice(0, 2), ...nearestNames(service.name, own)].slice(0, 4);
}
