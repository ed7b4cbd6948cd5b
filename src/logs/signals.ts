import type { GatewaySignal, GatewaySignalKind } from "./traffic.ts";

const keptAtEachEnd = 25;
const maxSubjects = 2000;

/** What a store holds, as plain data for another thread. */
export interface SignalsData {
  readonly signals: readonly GatewaySignal[];
  readonly counts: Partial<Record<GatewaySignalKind, number>>;
}

/** Collects signals: per kind and subject the first and the last in time are kept, every one is counted. */
export interface SignalStore {
  add(signal: GatewaySignal): void;
  merge(from: SignalsData): void;
  kept(): GatewaySignal[];
  counts(): Partial<Record<GatewaySignalKind, number>>;
}

export function newSignalStore(): SignalStore {
  const counts = new Map<GatewaySignalKind, number>();
  const lists = new Map<string, GatewaySignal[]>();

  function put(signal: GatewaySignal): void {
    let key = `${signal.kind} ${signal.about ?? ""}`;
    if (!lists.has(key) && lists.size >= maxSubjects) key = signal.kind;
    const list = lists.get(key);
    if (list === undefined) lists.set(key, [signal]);
    else if (list.push(signal) > keptAtEachEnd * 8) cutMiddle(list);
  }

  const count = (kind: GatewaySignalKind, times: number): void =>
    void counts.set(kind, (counts.get(kind) ?? 0) + times);

  return {
    add(signal) {
      count(signal.kind, 1);
      put(signal);
    },
    merge(from) {
      for (const [kind, times] of Object.entries(from.counts) as [GatewaySignalKind, number][])
        count(kind, times);
      from.signals.forEach(put);
    },
    kept() {
      for (const list of lists.values()) cutMiddle(list);
      return [...lists.values()].flat().sort(inOrder);
    },
    counts: () => Object.fromEntries([...counts].sort(([a], [b]) => compare(a, b))),
  };
}

function cutMiddle(list: GatewaySignal[]): void {
  list.sort(inOrder);
  if (list.length > keptAtEachEnd * 2) list.splice(keptAtEachEnd, list.length - keptAtEachEnd * 2);
}

const inOrder = (a: GatewaySignal, b: GatewaySignal): number =>
  (a.timeMs ?? 0) - (b.timeMs ?? 0) || compare(a.kind, b.kind) || compare(a.line, b.line);
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
