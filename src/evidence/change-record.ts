import type { KindMap, Resource } from "./kinds.ts";

/** What is watched of a route's surroundings while requests run. */
export const watchedResources = [
  "pods",
  "endpointslices",
  "events",
  "replicasets",
  "deployments",
  "statefulsets",
  "daemonsets",
  "horizontalpodautoscalers",
] as const satisfies readonly Resource[];

export type WatchedResource = (typeof watchedResources)[number];

/**
 * How the objects around a route changed between two moments, as the API server told it. Plain data: it is kept in a
 * bundle and read back. All times are Unix ms of the API server's clock.
 */
export interface ChangeRecord {
  readonly fromMs: number;
  readonly toMs: number;
  /** The API server's clock minus that of the machine that watched, in ms; 0 when they were within two seconds. */
  readonly skewMs: number;
  readonly watched: readonly WatchedList[];
  /** In the order in which they were heard of. */
  readonly changes: readonly Change[];
  /** Changes that were not kept, because there were too many. */
  readonly dropped: number;
}

/** One list that was watched, and how well. */
export interface WatchedList {
  readonly resource: WatchedResource;
  readonly namespace: string;
  /** Why nothing was seen of it, or not all: "forbidden: jane cannot watch pods in namespace shop". */
  readonly reason?: string;
  /** When nobody listened: what happened then is known from the state after it, with the times of its end. */
  readonly gaps: readonly { readonly fromMs: number; readonly toMs: number }[];
}

/** "listed": it was so when the watching began. */
export type ChangeType = "listed" | "added" | "modified" | "deleted";

/** One object as it became, cut to what can change the way of a request. */
export type Change = { readonly [R in WatchedResource]: ChangeOf<R> }[WatchedResource];

export interface ChangeOf<R extends WatchedResource> {
  /** When it was heard of. */
  readonly atMs: number;
  readonly type: ChangeType;
  readonly resource: R;
  readonly object: KindMap[R];
}

/** The changes of one resource. */
export const changesOf = <R extends WatchedResource>(
  record: ChangeRecord,
  resource: R,
): readonly ChangeOf<R>[] =>
  record.changes.filter((change) => change.resource === resource) as unknown as ChangeOf<R>[];
