import {
  type Coverage,
  type Evidence,
  type EvidenceSource,
  type LogStream,
  type Loss,
  nameOf,
} from "../../evidence/evidence.ts";
import type { KindMap, Resource } from "../../evidence/kinds.ts";

/** Evidence while it grows. Reads that overlap give each object and each coverage entry once. */
export interface Collection {
  add<R extends Resource>(resource: R, objects: readonly KindMap[R][]): void;
  cover(entry: Coverage): void;
  /** Names asked for one by one; those not found stay among the names: they do not exist. */
  coverNames(resource: Resource, namespace: string | undefined, names: readonly string[]): void;
  log(stream: LogStream): void;
  lose(what: string, why: string): void;
  objects<R extends Resource>(resource: R, namespace?: string): readonly KindMap[R][];
  find<R extends Resource>(resource: R, namespace: string | undefined, name: string): KindMap[R] | undefined;
  /** Whether the list of a namespace was read to its end. */
  isWhole(resource: Resource, namespace: string | undefined): boolean;
  /** Whether reading it over all namespaces failed. */
  isFailed(resource: Resource): boolean;
  evidence(collectedAt: string, source: EvidenceSource): Evidence;
}

export function newCollection(): Collection {
  const objects = new Map<Resource, Map<string, KindMap[Resource]>>();
  const coverage = new Map<string, Coverage>();
  const logs: LogStream[] = [];
  const losses: Loss[] = [];
  const all = (resource: Resource): Map<string, KindMap[Resource]> => {
    const known = objects.get(resource) ?? new Map<string, KindMap[Resource]>();
    objects.set(resource, known);
    return known;
  };

  return {
    add: (resource, found) => {
      for (const object of found) all(resource).set(keyOf(object), object);
    },
    cover: (entry) => {
      const key = `${entry.resource} ${entry.namespace ?? ""} ${entry.extent}`;
      const before = coverage.get(key);
      const names = union(before?.names, entry.names);
      const selectors = union(before?.selectors, entry.selectors);
      coverage.set(key, {
        ...before,
        ...entry,
        ...(names.length === 0 ? {} : { names }),
        ...(selectors.length === 0 ? {} : { selectors }),
      });
    },
    coverNames(resource, namespace, names) {
      if (names.length === 0) return;
      this.cover({ resource, extent: "selected", names, ...(namespace === undefined ? {} : { namespace }) });
    },
    log: (stream) => logs.push(stream),
    lose: (what, why) => {
      if (!losses.some((l) => l.what === what && l.why === why)) losses.push({ what, why });
    },
    objects: <R extends Resource>(resource: R, namespace?: string) => {
      const found = [...all(resource).values()] as KindMap[R][];
      return namespace === undefined ? found : found.filter((o) => o.metadata?.namespace === namespace);
    },
    find: <R extends Resource>(resource: R, namespace: string | undefined, name: string) =>
      all(resource).get(`${namespace ?? ""}/${name}`) as KindMap[R] | undefined,
    isWhole: (resource, namespace) =>
      coverage.has(`${resource} ${namespace ?? ""} whole`) || coverage.has(`${resource}  whole`),
    isFailed: (resource) => coverage.has(`${resource}  failed`),
    evidence: (collectedAt, source) => ({
      collectedAt,
      source,
      objects: Object.fromEntries(
        [...objects]
          .filter(([, found]) => found.size > 0)
          .map(([resource, found]) => [resource, [...found.values()]]),
      ),
      coverage: [...coverage.values()].filter((entry) => !isHalfRead(entry, coverage)),
      logs,
      losses,
    }),
  };
}

const keyOf = (object: KindMap[Resource]): string => `${object.metadata?.namespace ?? ""}/${nameOf(object)}`;

const union = (a: readonly string[] = [], b: readonly string[] = []): string[] =>
  [...new Set([...a, ...b])].sort();

/**
 * Two lists by selector in one namespace, one read and one failed: nobody could tell from the entries
 * which objects were looked for, so the namespace counts as failed, and only names keep their entry.
 */
function isHalfRead(entry: Coverage, coverage: ReadonlyMap<string, Coverage>): boolean {
  if (entry.extent !== "selected" || entry.names !== undefined) return false;
  return coverage.has(`${entry.resource} ${entry.namespace ?? ""} failed`);
}
