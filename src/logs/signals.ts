import type { GatewaySignal, GatewaySignalKind } from "./traffic.ts";

const keptAtEachEnd = 25;
const maxSubjects = 2000;

/** Collects signals: per kind and subject the first and the newest are kept, every one is counted. */
export interface SignalStore {
  add(signal: GatewaySignal): void;
  kept(): GatewaySignal[];
  counts(): Partial<Record<GatewaySignalKind, number>>;
}

export function newSignalStore(): SignalStore {
  const counts = new Map<GatewaySignalKind, number>();
  const lists = new Map<string, { first: GatewaySignal[]; last: GatewaySignal[]; at: number }>();
  return {
    add(signal) {
      counts.set(signal.kind, (counts.get(signal.kind) ?? 0) + 1);
      let key = `${signal.kind} ${signal.about ?? ""}`;
      if (!lists.has(key) && lists.size >= maxSubjects) key = signal.kind;
      let list = lists.get(key);
      if (list === undefined) {
        list = { first: [], last: [], at: 0 };
        lists.set(key, list);
      }
      if (list.first.length < keptAtEachEnd) list.first.push(signal);
      else list.last[list.at++ % keptAtEachEnd] = signal;
    },
    kept() {
      const all = [...lists.values()].flatMap((list) => [...list.first, ...list.last]);
      return all.sort(
        (a, b) => (a.timeMs ?? 0) - (b.timeMs ?? 0) || compare(a.kind, b.kind) || compare(a.line, b.line),
      );
    },
    counts: () => Object.fromEntries([...counts].sort(([a], [b]) => compare(a, b))),
  };
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
