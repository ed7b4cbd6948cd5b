import type { ChangeRecord } from "./change-record.ts";
import { type KindMap, type Resource, resources } from "./kinds.ts";
import type { MetricEvidence } from "./metrics.ts";
import { absent, type Observed, present, unknown } from "./observed.ts";

/** What was read, from where and when. Plain data: it can be saved as a bundle and read back. */
export interface Evidence {
  /** Moment of collection, ISO 8601. "Now" for every derivation. */
  readonly collectedAt: string;
  readonly source: EvidenceSource;
  readonly objects: { readonly [R in Resource]?: readonly KindMap[R][] };
  /** Which lists were looked at, and how that went. A list that is in no entry was never looked at. */
  readonly coverage: readonly Coverage[];
  readonly logs: readonly LogStream[];
  /** Limits hit, files skipped, lines lost: said in the report, never silent. */
  readonly losses: readonly Loss[];
  /** What other commands printed: `systemctl status` of a node's units, `nc -zv`. Only in transcripts. */
  readonly commands?: readonly CommandOutput[];
  /** How the route's surroundings changed while somebody watched: pods that are gone by the end are known from it. */
  readonly changes?: ChangeRecord;
  /** What a Prometheus told of the route's objects; absent when none was asked. */
  readonly metrics?: MetricEvidence;
}

/** One command a person ran, and what it printed. */
export interface CommandOutput {
  readonly command: string;
  readonly output: string;
}

export interface EvidenceSource {
  readonly kind:
    | "cluster"
    | "support-bundle"
    | "must-gather"
    | "cluster-info-dump"
    | "why5xx-bundle"
    | "files"
    | "transcript";
  /** Context name, path or file name as the user gave it. */
  readonly name: string;
  /** What a bundle of ours was made from. */
  readonly origin?: Omit<EvidenceSource, "origin">;
}

export interface Coverage {
  readonly resource: Resource;
  /** Absent: every namespace (or a cluster-scoped resource). */
  readonly namespace?: string;
  /** "selected": read with a selector that covers the route, not the whole namespace. */
  readonly extent: "whole" | "selected" | "failed";
  /** With "selected": the names asked for one by one; those not among the objects do not exist. */
  readonly names?: readonly string[];
  /** With "selected": the label selectors that were listed to their end; what matches none of them was not looked for. */
  readonly selectors?: readonly string[];
  /** Present when failed: "forbidden", "not in the bundle", "broken JSON at byte 4120". */
  readonly reason?: string;
}

export interface LogStream {
  /** Absent for a log file given on the command line (`--access-log`). */
  readonly namespace?: string;
  readonly pod?: string;
  readonly container?: string;
  readonly previous?: boolean;
  /** File name or stream name as a person would look it up. */
  readonly name: string;
  readonly role: "container" | "access-log" | "error-log";
  /** Raw bytes, UTF-8 or not. Absent with a `reason`: the log could not be read. */
  readonly bytes?: Uint8Array;
  readonly reason?: string;
  /** Bytes left out by a limit (older end), when known. */
  readonly droppedBytes?: number;
}

export interface Loss {
  readonly what: string;
  readonly why: string;
}

/**
 * The objects of one resource in one namespace (or in all, when `namespace` is undefined).
 * Failed coverage gives unknown; no coverage at all gives unknown too.
 */
export function list<R extends Resource>(
  evidence: Evidence,
  resource: R,
  namespace?: string,
): Observed<readonly KindMap[R][]> {
  const scoped = resources[resource].namespaced ? namespace : undefined;
  const entries = evidence.coverage.filter(
    (c) =>
      c.resource === resource &&
      (c.namespace === undefined || scoped === undefined || c.namespace === scoped),
  );
  const failed = entries.find((c) => c.extent === "failed");
  const read = entries.some((c) => c.extent !== "failed");
  if (!read) return unknown(resource, failed?.reason ?? `${resource} were not read`);
  const all = (evidence.objects[resource] ?? []) as readonly KindMap[R][];
  return present(scoped === undefined ? all : all.filter((o) => namespaceOf(o) === scoped));
}

/** One object by name: absent only when its list was read whole. */
export function get<R extends Resource>(
  evidence: Evidence,
  resource: R,
  name: string,
  namespace?: string,
): Observed<KindMap[R]> {
  const listed = list(evidence, resource, namespace);
  const where = namespace === undefined ? name : `${namespace}/${name}`;
  const all = (evidence.objects[resource] ?? []) as readonly KindMap[R][];
  const found = all.find(
    (o) => nameOf(o) === name && (!resources[resource].namespaced || namespaceOf(o) === namespace),
  );
  if (found !== undefined) return present(found);
  if (listed.state === "unknown") return listed;
  return wasLookedFor(evidence, resource, name, namespace)
    ? absent(`no ${resources[resource].kind} ${where}`)
    : unknown(resource, `${resources[resource].kind} ${where} was not read`);
}

function wasLookedFor(evidence: Evidence, resource: Resource, name: string, namespace?: string): boolean {
  return evidence.coverage.some(
    (c) =>
      c.resource === resource &&
      (c.namespace === undefined || namespace === undefined || c.namespace === namespace) &&
      (c.extent === "whole" || (c.extent === "selected" && c.names?.includes(name) === true)),
  );
}

export const nameOf = (object: KindMap[Resource]): string => object.metadata?.name ?? "";
/** A namespaced object without a namespace in its YAML lives in "default", as kubectl would put it. */
export const namespaceOf = (object: KindMap[Resource]): string => object.metadata?.namespace ?? "default";

/** Milliseconds since the epoch of the moment of collection. */
export const nowMs = (evidence: Evidence): number => Date.parse(evidence.collectedAt);
