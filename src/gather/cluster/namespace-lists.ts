import type { Resource } from "../../evidence/kinds.ts";
import { cutShort, readList, readObject, type Reader } from "./reader.ts";

interface ListPlan {
  readonly resource: Resource;
  /** Objects read before a namespace counts as large and the list is narrowed to the route. */
  readonly first: number;
  /** What a large list falls back to: objects of the route by selector or name, or more pages. */
  readonly narrow?: true;
}

/**
 * What is listed of a route's namespace. A first page that is the whole list is the cheapest and the
 * best evidence there is: it also proves what does not exist. Sizes are of objects as served, with
 * managedFields: pods 11 kB, workloads 6 to 8 kB, Services and slices 2 kB, Events 1 kB.
 */
const plans: readonly ListPlan[] = [
  { resource: "services", first: 500 },
  { resource: "pods", first: 60, narrow: true },
  { resource: "endpointslices", first: 100, narrow: true },
  { resource: "events", first: 1000, narrow: true },
  { resource: "deployments", first: 100, narrow: true },
  { resource: "replicasets", first: 100, narrow: true },
  { resource: "statefulsets", first: 100, narrow: true },
  { resource: "daemonsets", first: 100, narrow: true },
  { resource: "rollouts", first: 100, narrow: true },
  { resource: "persistentvolumeclaims", first: 100, narrow: true },
  { resource: "horizontalpodautoscalers", first: 500 },
  { resource: "poddisruptionbudgets", first: 500 },
  { resource: "networkpolicies", first: 500 },
  { resource: "resourcequotas", first: 100 },
  { resource: "limitranges", first: 100 },
];

/** Lists a namespace; gives the resources that are too many to read whole and that the caller narrows. */
export async function readNamespace(reader: Reader, namespace: string): Promise<ReadonlySet<Resource>> {
  reader.progress(`reading namespace ${namespace}`);
  const large = new Set<Resource>();
  const one = async ({ resource, first, narrow }: ListPlan): Promise<void> => {
    const read = await readList(reader, { resource, namespace, maxObjects: first });
    if (resource === "endpointslices" && read.failure?.kind === "not-found") {
      await readList(reader, { resource: "endpoints", namespace, maxObjects: 500 });
    }
    if (read.end !== "more") return;
    if (narrow === true) large.add(resource);
    else cutShort(reader, resource, namespace, read.objects.length);
  };
  await Promise.all([...plans.map(one), readObject(reader, "namespaces", namespace)]);
  return large;
}

const scopeLimits: Readonly<Partial<Record<Resource, number>>> = { events: 5000, replicasets: 10_000 };
const scopeLimit = 50_000;

/** Lists everything that routes are made of, in one namespace or in all, for a diagnosis of every route. */
export async function readScope(reader: Reader, namespace: string | undefined): Promise<void> {
  reader.progress(namespace === undefined ? "reading all namespaces" : `reading namespace ${namespace}`);
  const one = async ({ resource }: ListPlan): Promise<void> => {
    const maxObjects = scopeLimits[resource] ?? scopeLimit;
    const read = await readList(reader, { resource, namespace, maxObjects });
    if (read.end === "more") cutShort(reader, resource, namespace, read.objects.length);
    if (resource === "endpointslices" && read.failure?.kind === "not-found") {
      await readList(reader, { resource: "endpoints", namespace, maxObjects });
    }
  };
  const ownNamespace =
    namespace === undefined
      ? one({ resource: "namespaces", first: scopeLimit })
      : readObject(reader, "namespaces", namespace);
  await Promise.all([...plans.map(one), ownNamespace]);
}
