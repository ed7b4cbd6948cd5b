import { setTimeout as sleep } from "node:timers/promises";
import { isObject } from "../../base/json-value.ts";
import { type KindMap, resources } from "../../evidence/kinds.ts";
import type { WatchedResource } from "../../evidence/change-record.ts";
import { type Answer, type Failure, noResponse, refusal } from "../cluster/answer.ts";
import type { Api } from "../cluster/api.ts";
import { NoResponse, openStream } from "../cluster/http.ts";
import { listObjects } from "../cluster/list.ts";
import { collectionPath, withQuery } from "../cluster/paths.ts";
import type { ChangeLog } from "./change-log.ts";
import { eachLine } from "./lines.ts";
import type { Renewal } from "./renewal.ts";
import type { WatchPlan } from "./watch-scope.ts";

export interface WatchedPlan extends WatchPlan {
  readonly namespace: string;
  /** Names the list in what is kept. */
  readonly key: string;
  readonly isWanted: (object: KindMap[WatchedResource]) => boolean;
}

/** How well a list is heard; written while it is watched. */
export interface Hearing {
  /** Why nothing is seen of it, or not all. */
  reason?: string;
  readonly gaps: { fromMs: number; toMs: number }[];
}

export interface WatchRun {
  readonly api: Api;
  readonly log: ChangeLog;
  readonly signal: AbortSignal;
  readonly nowMs: () => number;
  readonly renewal: Renewal;
  /** The first list is in, or will not come. */
  readonly onReady: () => void;
}

/** The API server ends a watch by itself after this long; it goes on from where it was. */
const watchSeconds = 240;
const maxObjects = 5000;
/** A server that is away is asked again after half a second, then a second, up to ten. */
const firstWaitMs = 500;
const longestWaitMs = 10_000;

/**
 * Lists, then watches from there until `signal`, reconnecting as often as it takes, and lists anew when the server no
 * longer knows where it was (410). What may not be read, or is not there, is given up with its reason.
 */
export async function watchList(plan: WatchedPlan, hearing: Hearing, run: WatchRun): Promise<void> {
  const { signal } = run;
  const ear = earOf(hearing, run.nowMs);
  let from: string | undefined;
  let isFirst = true;
  let waitMs = 0;
  while (!signal.aborted) {
    // oxlint-disable no-await-in-loop -- a watch begins where the list ended, and the next one where it ended
    const began: string | Failure = from ?? (await readList(plan, run, isFirst));
    const ended = typeof began === "string" ? await heard(plan, began, run, ear) : { failure: began };
    if (typeof began === "string") isFirst = false;
    if (signal.aborted) break;
    if (ended.failure !== undefined) hearing.reason = ended.failure.reason;
    if (ended.failure !== undefined && isHopeless(ended.failure) && !(await run.renewal(ended.failure)))
      break;
    ear.loses();
    from = ended.next;
    waitMs = ended.isWell === true ? 0 : Math.min(Math.max(waitMs * 2, firstWaitMs), longestWaitMs);
    await sleep(waitMs, undefined, { signal }).catch(() => {});
    // oxlint-enable no-await-in-loop
  }
  ear.ends();
  run.onReady();
}

/** Keeps when nobody listened. */
interface Ear {
  loses(): void;
  finds(): void;
  ends(): void;
}

/** The server ends watches by itself, and taking one up again takes no longer than this. */
const blinkMs = 500;

function earOf(hearing: Hearing, nowMs: () => number): Ear {
  let lostMs: number | undefined;
  const close = (): void => {
    const toMs = nowMs();
    if (lostMs !== undefined && toMs - lostMs > blinkMs) hearing.gaps.push({ fromMs: lostMs, toMs });
    lostMs = undefined;
  };
  return {
    loses: () => (lostMs ??= nowMs()),
    finds: () => {
      close();
      delete hearing.reason;
    },
    ends: close,
  };
}

const isHopeless = ({ kind }: Failure): boolean =>
  kind === "forbidden" || kind === "unauthorized" || kind === "not-found" || kind === "refused";

/** The resourceVersion to watch from, or why there is none. Of events only where they stand is asked: old ones are no change. */
async function readList(
  { resource, namespace, labelSelector, fieldSelector, key, isWanted }: WatchedPlan,
  { api, log }: WatchRun,
  isFirst: boolean,
): Promise<string | Failure> {
  const isEvents = resource === "events";
  const listed = await listObjects(api, {
    resource,
    namespace,
    ...(labelSelector === undefined ? {} : { labelSelector }),
    ...(fieldSelector === undefined ? {} : { fieldSelector }),
    maxObjects: isEvents ? 1 : maxObjects,
  });
  if (listed.failure !== undefined) return listed.failure;
  if (!isEvents) log.relist({ resource, key }, listed.objects.filter(isWanted), isFirst);
  return listed.resourceVersion ?? "";
}

interface Ended {
  /** Where to go on; absent: list anew. */
  readonly next?: string | undefined;
  /** It ended as watches do, and may be taken up at once. */
  readonly isWell?: boolean;
  readonly failure?: Failure;
}

async function heard(plan: WatchedPlan, from: string, run: WatchRun, ear: Ear): Promise<Ended> {
  const { api, log, signal } = run;
  const { resource, namespace, labelSelector, fieldSelector } = plan;
  const path = withQuery(collectionPath(resource, namespace), {
    watch: true,
    resourceVersion: from,
    allowWatchBookmarks: true,
    timeoutSeconds: watchSeconds,
    labelSelector,
    fieldSelector,
  });
  const what = `watch ${resource} in namespace ${namespace}`;
  try {
    const stream = { path, accept: "application/json", deadlineMs: 10_000, signal };
    const incoming = await openStream(api.connection, stream);
    if ("status" in incoming) return refused(refusal(incoming, what), from);
    ear.finds();
    run.onReady();
    const state: { next: string | undefined; lines: number } = { next: from, lines: 0 };
    await eachLine(incoming, (line) => {
      state.lines += 1;
      state.next = taken(line, plan, log, state.next);
    });
    return { next: state.next, isWell: state.lines > 0 && state.next !== undefined };
  } catch (error) {
    if (!(error instanceof NoResponse)) throw error;
    return refused(noResponse(error, what), from);
  }
}

const refused = (answer: Answer<never>, from: string): Ended =>
  answer.ok || answer.failure.kind === "expired" ? {} : { next: from, failure: answer.failure };

/** One event of the watch; gives where to go on, undefined after an error, which the server sends when it has forgotten. */
function taken(
  line: string,
  plan: WatchedPlan,
  log: ChangeLog,
  before: string | undefined,
): string | undefined {
  let event: unknown;
  try {
    event = JSON.parse(line);
  } catch {
    return before; // cut off in the middle: it comes again after reconnecting
  }
  if (!isObject(event) || !isObject(event["object"])) return before;
  const { type, object } = event as { readonly type?: unknown; readonly object: KindMap[WatchedResource] };
  if (type === "ERROR") return undefined;
  const version = object.metadata?.resourceVersion ?? before;
  const told = typeof type === "string" ? types[type] : undefined;
  if (told !== undefined && typeof object.metadata?.name === "string" && plan.isWanted(object)) {
    const { kind, group, version: apiVersion } = resources[plan.resource];
    const whole = { kind, apiVersion: group === "" ? apiVersion : `${group}/${apiVersion}`, ...object };
    log.put(told, { resource: plan.resource, key: plan.key }, whole);
  }
  return version;
}

const types: Readonly<Record<string, "added" | "modified" | "deleted">> = {
  ADDED: "added",
  MODIFIED: "modified",
  DELETED: "deleted",
};
