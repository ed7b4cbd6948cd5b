import { isMap, parseAllDocuments } from "yaml";
import type { Coverage, Evidence, LogStream } from "../../src/evidence/evidence.ts";
import { allResources, type KindMap, type Resource, resourceOf } from "../../src/evidence/kinds.ts";

export interface EvidenceOptions {
  readonly logs?: readonly (Partial<LogStream> & { readonly text?: string })[];
  /** Default: 2026-01-01T12:00:00Z. */
  readonly collectedAt?: string;
  /** Replaces the coverage; without it every kind was read whole, cluster-wide. */
  readonly coverage?: readonly Coverage[];
  /** Kinds that could not be read: their objects are dropped, and the reason is "forbidden" or the one given. */
  readonly unknown?: readonly Resource[] | { readonly [R in Resource]?: string };
  readonly source?: Evidence["source"];
}

/**
 * Evidence for tests from multi-document YAML (objects and Lists) or from plain objects. Throws on a
 * kind that the evidence does not know, so that a misspelt test does not pass by silence.
 */
export function evidenceOf(manifests: string | readonly object[], options: EvidenceOptions = {}): Evidence {
  const unread = unreadReasons(options.unknown ?? []);
  const objects: { [R in Resource]?: KindMap[R][] } = {};
  for (const object of typeof manifests === "string" ? documentsOf(manifests) : manifests) {
    for (const one of flatten(object)) {
      const resource = resourceOf(one.kind ?? "", one.apiVersion);
      if (resource === undefined) throw new Error(`no such kind: ${one.apiVersion} ${one.kind}`);
      if (unread.has(resource)) continue;
      const known = (objects[resource] ??= []) as object[];
      known.push(one);
    }
  }
  return {
    collectedAt: options.collectedAt ?? "2026-01-01T12:00:00Z",
    source: options.source ?? { kind: "files", name: "test" },
    objects,
    coverage: options.coverage ?? allResources.map((resource) => coverageOf(resource, unread.get(resource))),
    logs: (options.logs ?? []).map(logOf),
    losses: [],
  };
}

interface AnyObject {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly items?: readonly AnyObject[];
}

function documentsOf(yaml: string): object[] {
  return parseAllDocuments(yaml).flatMap((document) => {
    if ("errors" in document && document.errors.length > 0) throw document.errors[0];
    return "contents" in document && isMap(document.contents) ? [document.toJS() as object] : [];
  });
}

function flatten(object: AnyObject): AnyObject[] {
  return object.kind?.endsWith("List") === true && object.items !== undefined
    ? object.items.flatMap(flatten)
    : [object];
}

function unreadReasons(unread: NonNullable<EvidenceOptions["unknown"]>): Map<Resource, string> {
  const isList = (value: typeof unread): value is readonly Resource[] => Array.isArray(value);
  return new Map(
    isList(unread) ? unread.map((r) => [r, "forbidden"]) : (Object.entries(unread) as [Resource, string][]),
  );
}

function coverageOf(resource: Resource, reason: string | undefined): Coverage {
  return reason === undefined ? { resource, extent: "whole" } : { resource, extent: "failed", reason };
}

function logOf(log: Partial<LogStream> & { readonly text?: string }): LogStream {
  const { text, ...stream } = log;
  const name = [stream.namespace, stream.pod, stream.container].filter(Boolean).join("/");
  return {
    role: "container",
    name: name === "" ? "access.log" : name,
    ...(text === undefined ? {} : { bytes: new TextEncoder().encode(text) }),
    ...stream,
  };
}
