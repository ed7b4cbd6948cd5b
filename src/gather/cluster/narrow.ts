import type { Pod } from "kubernetes-types/core/v1";
import { nameOf } from "../../evidence/evidence.ts";
import type { Resource } from "../../evidence/kinds.ts";
import { hasLabels, serviceSelector } from "../../derive/selectors.ts";
import { items, texts } from "../../derive/shape.ts";
import { selectorText } from "./label-text.ts";
import { cutShort, readList, readObjects, type Reader, readSelected } from "./reader.ts";

const maxPods = 500;
const maxEventSubjects = 12;

/**
 * In a namespace with too many objects to list, reads those of the route's Services: pods by selector,
 * slices by label, owners and claims by name.
 */
export async function narrowToServices(
  reader: Reader,
  namespace: string,
  services: readonly string[],
  large: ReadonlySet<Resource>,
): Promise<void> {
  if (!reader.collection.isWhole("services", namespace)) {
    await readObjects(reader, "services", services, namespace);
  }
  if (large.has("endpointslices")) await readSlices(reader, namespace, services);
  const pods = await podsOf(reader, namespace, services, large.has("pods"));
  await Promise.all([
    narrowWorkloads(reader, namespace, pods, large),
    large.has("persistentvolumeclaims")
      ? readObjects(reader, "persistentvolumeclaims", claimNames(pods), namespace)
      : [],
    large.has("events") ? readEventsOf(reader, namespace, pods, services) : undefined,
  ]);
}

/** Slices are found by the label that the endpoint slice controller puts on them, never by name. */
export async function readSlices(
  reader: Reader,
  namespace: string,
  services: readonly string[],
): Promise<void> {
  if (services.length === 0) return;
  const each = services.map((service) => `kubernetes.io/service-name=${service}`);
  const labelSelector =
    each.length === 1 ? (each[0] ?? "") : `kubernetes.io/service-name in (${services.join(",")})`;
  const read = await readSelected(reader, {
    resource: "endpointslices",
    namespace,
    labelSelector,
    maxObjects: 1000,
  });
  if (read.end === "whole") {
    reader.collection.cover({ resource: "endpointslices", namespace, extent: "selected", selectors: each });
  }
}

async function podsOf(
  reader: Reader,
  namespace: string,
  services: readonly string[],
  isLarge: boolean,
): Promise<readonly Pod[]> {
  const selectors = services
    .map((name) => reader.collection.find("services", namespace, name))
    .map((service) => (service === undefined ? undefined : serviceSelector(service)))
    .filter((selector) => selector !== undefined);
  if (isLarge) {
    const read = await Promise.all(
      selectors.map((selector) =>
        readSelected(reader, {
          resource: "pods",
          namespace,
          labelSelector: selectorText(selector),
          maxObjects: maxPods,
        }),
      ),
    );
    // A selector that matches nothing sends us to look at what it should have matched.
    if (selectors.length === 0 || read.some((r) => r.end === "whole" && r.objects.length === 0)) {
      await readMore(reader, "pods", namespace);
    }
  }
  const all = reader.collection.objects("pods", namespace);
  const selected = all.filter((p) => selectors.some((s) => hasLabels(texts(p.metadata?.labels), s)));
  return selected.length > 0 ? selected : all;
}

async function readMore(reader: Reader, resource: Resource, namespace: string): Promise<void> {
  const read = await readList(reader, { resource, namespace, maxObjects: 500 });
  if (read.end === "more") cutShort(reader, resource, namespace, read.objects.length);
}

async function narrowWorkloads(
  reader: Reader,
  namespace: string,
  pods: readonly Pod[],
  large: ReadonlySet<Resource>,
): Promise<void> {
  const owners = ownerNames(pods);
  const byName: readonly Resource[] = ["statefulsets", "daemonsets", "rollouts", "deployments"];
  await Promise.all(
    byName
      .filter((resource) => large.has(resource))
      .map((resource) => {
        const names = owners.get(resource) ?? [];
        return names.length > 0
          ? readObjects(reader, resource, names, namespace)
          : readMore(reader, resource, namespace);
      }),
  );
  await readObjects(reader, "jobs", owners.get("jobs") ?? [], namespace);
  if (!large.has("replicasets")) return;
  const deployments = (owners.get("deployments") ?? []).flatMap(
    (name) => reader.collection.find("deployments", namespace, name) ?? [],
  );
  const selectors = deployments
    .map((d) => texts(d.spec?.selector?.matchLabels))
    .filter((s) => Object.keys(s).length > 0);
  if (selectors.length === 0) await readMore(reader, "replicasets", namespace);
  await Promise.all(
    selectors.map((selector) =>
      readSelected(reader, {
        resource: "replicasets",
        namespace,
        labelSelector: selectorText(selector),
        maxObjects: 200,
      }),
    ),
  );
}

const resourceOfOwner: Readonly<Record<string, Resource>> = {
  ReplicaSet: "replicasets",
  StatefulSet: "statefulsets",
  DaemonSet: "daemonsets",
  Job: "jobs",
};

/**
 * Owners of pods by resource. A Deployment's ReplicaSet is named DEPLOYMENT-HASH, with the hash on the
 * pod as a label, so the Deployment's name needs no call (kubernetes pkg/controller/deployment/sync.go);
 * an Argo Rollout's has its own label.
 */
export function ownerNames(pods: readonly Pod[]): ReadonlyMap<Resource, readonly string[]> {
  const names = new Map<Resource, Set<string>>();
  const put = (resource: Resource, name: string): void => {
    names.set(resource, (names.get(resource) ?? new Set()).add(name));
  };
  for (const pod of pods) {
    const labels = texts(pod.metadata?.labels);
    for (const owner of items(pod.metadata?.ownerReferences)) {
      const resource = resourceOfOwner[owner.kind];
      if (resource === undefined) continue;
      put(resource, owner.name);
      if (resource !== "replicasets") continue;
      const rollout = labels["rollouts-pod-template-hash"];
      const hash = rollout ?? labels["pod-template-hash"];
      const parent = rollout === undefined ? "deployments" : "rollouts";
      if (hash !== undefined && owner.name.endsWith(`-${hash}`))
        put(parent, owner.name.slice(0, -hash.length - 1));
    }
  }
  return new Map([...names].map(([resource, set]) => [resource, [...set].sort()]));
}

export function claimNames(pods: readonly Pod[]): readonly string[] {
  const names = pods.flatMap((pod) =>
    items(pod.spec?.volumes).flatMap((volume) => {
      if (volume.ephemeral !== undefined) return [`${nameOf(pod)}-${volume.name}`];
      return volume.persistentVolumeClaim?.claimName ?? [];
    }),
  );
  return [...new Set(names)].sort();
}

/** The events that matter most when there are too many: of pods that are not ready, of what owns them, of the Services. */
async function readEventsOf(
  reader: Reader,
  namespace: string,
  pods: readonly Pod[],
  services: readonly string[],
): Promise<void> {
  const owners = ownerNames(pods);
  const unready = pods.filter((p) => !isReady(p)).map(nameOf);
  const ready = pods.filter(isReady).map(nameOf);
  const parents = [...(owners.get("deployments") ?? []), ...(owners.get("replicasets") ?? []), ...services];
  const subjects = [...new Set([...unready.slice(0, 6), ...parents, ...ready])].slice(0, maxEventSubjects);
  await Promise.all(
    subjects.map((name) =>
      readSelected(reader, {
        resource: "events",
        namespace,
        fieldSelector: `involvedObject.name=${name}`,
        maxObjects: 200,
      }),
    ),
  );
  reader.collection.lose(
    `events of namespace ${namespace}`,
    `more than 1000: the rest was read only for ${subjects.length} objects of the route`,
  );
}

export const isReady = (pod: Pod): boolean =>
  items(pod.status?.conditions).some((c) => c.type === "Ready" && c.status === "True");
