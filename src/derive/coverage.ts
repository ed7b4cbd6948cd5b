import { type Evidence, list, nameOf, namespaceOf } from "../evidence/evidence.ts";
import { type KindMap, type Resource, resources } from "../evidence/kinds.ts";
import { type Observed, unknown } from "../evidence/observed.ts";
import { oncePer } from "./once.ts";
import type { Labels } from "./selectors.ts";
import { compareText } from "./shape.ts";

/**
 * The objects of a namespace, only when the whole list was read. A list read with a selector says
 * nothing about the objects outside it.
 */
export function wholeList<R extends Resource>(
  evidence: Evidence,
  resource: R,
  namespace: string,
): Observed<readonly KindMap[R][]> {
  const listed = list(evidence, resource, namespace);
  if (listed.state !== "present" || readWhole(evidence, resource, namespace)) return listed;
  return unknown(resource, `only the ${resource} of the route were read in ${namespace}`);
}

export function readWhole(evidence: Evidence, resource: Resource, namespace: string): boolean {
  return evidence.coverage.some(
    (c) =>
      c.resource === resource &&
      c.extent === "whole" &&
      (c.namespace === undefined || !resources[resource].namespaced || c.namespace === namespace),
  );
}

/**
 * Whether every object of a namespace with these labels was looked for: with the whole list, or with
 * a selector that asks for no more than these labels. Only then does finding none mean there is none.
 */
export function readForLabels(
  evidence: Evidence,
  resource: Resource,
  namespace: string,
  labels: Labels,
): boolean {
  if (readWhole(evidence, resource, namespace)) return true;
  const wanted = new Set(Object.entries(labels).map(([key, value]) => `${key}=${value}`));
  return evidence.coverage.some(
    (c) =>
      c.resource === resource &&
      c.extent === "selected" &&
      (c.namespace === undefined || c.namespace === namespace) &&
      (c.selectors === undefined
        ? c.names === undefined
        : c.selectors.some((selector) => selector.split(",").every((term) => wanted.has(term.trim())))),
  );
}

/** Namespaces whose list could not be read, with the reason, for messages. */
export function failedNamespaces(evidence: Evidence, resource: Resource): string[] {
  return evidence.coverage
    .filter((c) => c.resource === resource && c.extent === "failed")
    .map((c) => `${c.namespace ?? "all namespaces"} (${c.reason ?? "not read"})`)
    .sort(compareText);
}

/** What was read of a resource, in order of namespace and name; whether the list is whole is not said. */
export function objectsOf<R extends Resource>(evidence: Evidence, resource: R): readonly KindMap[R][] {
  return (sortedObjects(evidence).get(resource) ?? []) as readonly KindMap[R][];
}

const sortedObjects = oncePer((evidence: Evidence): ReadonlyMap<Resource, readonly KindMap[Resource][]> => {
  const sorted = new Map<Resource, readonly KindMap[Resource][]>();
  for (const [resource, objects] of Object.entries(evidence.objects)) {
    sorted.set(resource as Resource, (objects as readonly KindMap[Resource][]).toSorted(byName));
  }
  return sorted;
});

/** One object by namespace and name among what was read. */
export function findObject<R extends Resource>(
  evidence: Evidence,
  resource: R,
  namespace: string,
  name: string,
): KindMap[R] | undefined {
  return index(evidence).get(`${resource} ${namespace}/${name}`) as KindMap[R] | undefined;
}

const index = oncePer((evidence: Evidence): ReadonlyMap<string, KindMap[Resource]> => {
  const found = new Map<string, KindMap[Resource]>();
  for (const [resource, objects] of sortedObjects(evidence)) {
    for (const object of objects) {
      const namespace = resources[resource].namespaced ? namespaceOf(object) : "";
      const key = `${resource} ${namespace}/${nameOf(object)}`;
      if (!found.has(key)) found.set(key, object);
    }
  }
  return found;
});

export const byName = (a: KindMap[Resource], b: KindMap[Resource]): number =>
  compareText(namespaceOf(a), namespaceOf(b)) || compareText(nameOf(a), nameOf(b));
