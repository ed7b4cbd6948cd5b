import type { NginxErrorMeaning } from "./formats/nginx-error-meaning.ts";

/** An error-log line waiting for the request it belongs to. */
export interface ErrorEntry {
  timeMs: number;
  /** The time came from the collector's prefix, not from the line. */
  readonly exact: boolean;
  readonly pod: string;
  readonly connection?: number;
  readonly client: string;
  readonly request: string;
  readonly requestCut: boolean;
  readonly address?: string;
  readonly host?: string;
  readonly requestId?: string;
  readonly message: string;
  readonly meaning: NginxErrorMeaning;
  used: boolean;
}

export interface ErrorIndex {
  /**
   * The first unused entry of this client and request line between the two times that `fits`, oldest first;
   * one of connection `connection` goes before the others. It is marked used.
   */
  take(
    key: ErrorKey,
    fromMs: number,
    toMs: number,
    fits: (entry: ErrorEntry) => boolean,
    connection?: number,
  ): ErrorEntry | undefined;
  unused(): ErrorEntry[];
}

interface ErrorKey {
  readonly pod: string;
  readonly client: string;
  readonly request: string;
  /** Entries that carry another id are of other requests; those without any are told by the rest. */
  readonly requestId?: string | undefined;
}

/** Entries of one client and request line by time, with links that skip the used ones. */
interface Lane {
  readonly entries: ErrorEntry[];
  readonly next: Uint32Array;
}

/** Candidates looked at for one attempt; identical requests at a higher rate are told apart no further. */
const maxLooks = 300;

const keyOf = (client: string, request: string): string => `${client}\n${request}`;

export function newErrorIndex(entries: readonly ErrorEntry[]): ErrorIndex {
  const sorted = [...entries].sort((a, b) => a.timeMs - b.timeMs);
  const lanes = group(
    sorted.filter((entry) => !entry.requestCut),
    (entry) => keyOf(entry.client, entry.request),
  );
  const cutLanes = group(
    sorted.filter((entry) => entry.requestCut),
    (entry) => entry.client,
  );

  return {
    take(key, fromMs, toMs, fits, connection) {
      const suits = (entry: ErrorEntry): boolean =>
        samePod(entry.pod, key.pod) && sameId(entry.requestId, key.requestId) && fits(entry);
      const lane = lanes.get(keyOf(key.client, key.request));
      const found = lane === undefined ? undefined : takeFrom(lane, fromMs, toMs, suits, connection);
      const cutLane = found === undefined ? cutLanes.get(key.client) : undefined;
      if (cutLane === undefined) return found;
      return takeFrom(
        cutLane,
        fromMs,
        toMs,
        (entry) => key.request.startsWith(entry.request) && suits(entry),
        connection,
      );
    },
    unused: () => sorted.filter((entry) => !entry.used),
  };
}

const sameId = (a: string | undefined, b: string | undefined): boolean =>
  a === undefined || b === undefined || a === b;

const samePod = (a: string, b: string): boolean => a === "" || b === "" || a === b;

function group(entries: readonly ErrorEntry[], keyFor: (entry: ErrorEntry) => string): Map<string, Lane> {
  const lists = new Map<string, ErrorEntry[]>();
  for (const entry of entries) {
    const key = keyFor(entry);
    const list = lists.get(key);
    if (list === undefined) lists.set(key, [entry]);
    else list.push(entry);
  }
  return new Map(
    [...lists].map(([key, list]) => [key, { entries: list, next: Uint32Array.from(list.keys()) }]),
  );
}

function takeFrom(
  lane: Lane,
  fromMs: number,
  toMs: number,
  fits: (entry: ErrorEntry) => boolean,
  connection?: number,
): ErrorEntry | undefined {
  let chosen = -1;
  let looks = 0;
  for (let i = free(lane, lowerBound(lane.entries, fromMs)); i < lane.entries.length; i = free(lane, i + 1)) {
    const entry = lane.entries[i];
    if (entry === undefined || entry.timeMs > toMs || ++looks > maxLooks) break;
    if (!fits(entry)) continue;
    if (connection === undefined || entry.connection === connection) {
      chosen = i;
      break;
    }
    if (chosen === -1) chosen = i;
  }
  const entry = chosen === -1 ? undefined : lane.entries[chosen];
  if (entry === undefined) return undefined;
  entry.used = true;
  lane.next[chosen] = chosen + 1;
  return entry;
}

/** The first unused position at or after `i`; follows and shortens the links. */
function free(lane: Lane, i: number): number {
  let at = i;
  while (at < lane.next.length && lane.next[at] !== at) at = lane.next[at] ?? lane.next.length;
  for (let j = i; j < at;) {
    const next = lane.next[j] ?? at;
    lane.next[j] = at;
    j = next;
  }
  return at;
}

function lowerBound(entries: readonly ErrorEntry[], fromMs: number): number {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((entries[middle]?.timeMs ?? 0) < fromMs) low = middle + 1;
    else high = middle;
  }
  return low;
}
