import type { Change, ChangeRecord, WatchedList } from "../../evidence/change-record.ts";
import type { KindMap, KubeEvent } from "../../evidence/kinds.ts";
import { openApi } from "../cluster/api.ts";
import type { Connection } from "../cluster/connection.ts";
import { openChangeLog } from "./change-log.ts";
import { renewalOf } from "./renewal.ts";
import { type Hearing, watchList } from "./watch-list.ts";
import type { WatchPlan, WatchScope } from "./watch-scope.ts";

export interface RecordOptions {
  /** Told of each change as it is heard of. */
  readonly onChange?: (change: Change) => void;
  /** Ends the recording, as `stop` does. */
  readonly signal?: AbortSignal;
  /** Bytes of changes that are kept. Default 24 MiB. */
  readonly maxBytes?: number;
}

export interface Recording {
  /** What was heard so far. */
  record(): ChangeRecord;
  /** The API server's clock now, Unix ms. */
  nowMs(): number;
  /** Ends the watching and gives all of it. */
  stop(): Promise<ChangeRecord>;
}

/** Watches hold a connection each, and what else is asked meanwhile needs some too. */
const socketsForOthers = 8;
/** A list that has not come by then does not hold up what waits for the watching to begin. */
const readyMs = 10_000;

/**
 * Watches what surrounds a route, from the moment it resolves (each list is in, or known not to come) until `stop` or
 * the signal. Only GET requests. What may not be watched says so in the record; nothing is thrown for it.
 */
export async function recordChanges(
  connection: Connection,
  scope: WatchScope,
  options: RecordOptions = {},
): Promise<Recording> {
  const api = openApi(connection, { totalDeadlineMs: Number.POSITIVE_INFINITY });
  const { agent } = connection;
  agent.maxSockets = Math.max(agent.maxSockets, scope.lists.length + socketsForOthers);
  const ending = new AbortController();
  const signal =
    options.signal === undefined ? ending.signal : AbortSignal.any([options.signal, ending.signal]);
  const nowMs = (): number => Date.now() + api.skewMs();
  const log = openChangeLog(nowMs, options.onChange ?? (() => {}), options.maxBytes);
  const renewal = renewalOf(connection);
  const started = scope.lists.map((plan, i) => {
    const hearing: Hearing = { gaps: [] };
    const { promise: ready, resolve: onReady } = Promise.withResolvers<void>();
    const watched = { ...plan, namespace: scope.namespace, key: `${i}`, isWanted: wanted(plan, scope) };
    const done = watchList(watched, hearing, { api, log, signal, nowMs, renewal, onReady });
    return { plan, hearing, ready, done };
  });
  await Promise.race([Promise.all(started.map(({ ready }) => ready)), timeout(readyMs)]);
  const fromMs = nowMs();
  const record = (): ChangeRecord => ({
    fromMs,
    toMs: nowMs(),
    skewMs: api.skewMs(),
    watched: started.map(({ plan: { resource }, hearing }): WatchedList => ({
      resource,
      namespace: scope.namespace,
      ...(hearing.reason === undefined ? {} : { reason: hearing.reason }),
      gaps: hearing.gaps,
    })),
    changes: log.changes(),
    dropped: log.dropped(),
  });
  return {
    record,
    nowMs,
    stop: async () => {
      const all = record();
      ending.abort();
      await Promise.all(started.map(({ done }) => done));
      return all;
    },
  };
}

function timeout(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref());
}

/** The API cannot select events by a part of a name: those of others in the namespace are left out here. */
function wanted({ resource }: WatchPlan, { names }: WatchScope) {
  if (resource !== "events") return () => true;
  return (object: KindMap[WatchPlan["resource"]]): boolean => {
    const { involvedObject, regarding } = object as KubeEvent;
    const about = (involvedObject ?? regarding)?.name ?? "";
    return names.some((name) => about === name || about.startsWith(`${name}-`));
  };
}
