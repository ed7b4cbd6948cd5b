import type { LogStream } from "../../evidence/evidence.ts";
import type { AppSignal } from "../traffic.ts";

type Found = Omit<AppSignal, "pod" | "namespace" | "container" | "previous">;

/** Kept at each end, of one kind and subject. */
const keptOfFailedRequests = 200;
const keptOfRequests = 40;
const keptOfOthers = 15;
const maxSubjects = 400;

interface Group {
  readonly first: AppSignal[];
  readonly last: AppSignal[];
  readonly limit: number;
  count: number;
}

export interface AppSignalStore {
  add(found: Found, timeMs: number): void;
  /** In order of the log. */
  signals(): AppSignal[];
}

export function newAppSignalStore(stream: LogStream): AppSignalStore {
  const groups = new Map<string, Group>();
  const order = new Map<AppSignal, number>();
  let number = 0;
  const from = {
    pod: stream.pod ?? stream.name,
    namespace: stream.namespace ?? "",
    container: stream.container ?? "",
    previous: stream.previous === true,
  };

  return {
    add(found, timeMs) {
      const signal: AppSignal = { ...found, ...from, ...(Number.isNaN(timeMs) ? {} : { timeMs }) };
      const group = groupOf(groups, found);
      group.count++;
      number++;
      if (group.first.length < group.limit) group.first.push(signal);
      else {
        const at = (group.count - group.limit - 1) % group.limit;
        const out = group.last[at];
        if (out !== undefined) order.delete(out);
        group.last[at] = signal;
      }
      order.set(signal, number);
    },
    signals() {
      const counted = new Map<AppSignal, number>();
      for (const { first, count } of groups.values())
        if (first[0] !== undefined) counted.set(first[0], count);
      const all = [...order].sort(([, a], [, b]) => a - b).map(([signal]) => signal);
      return all.map((signal) => {
        const count = counted.get(signal);
        return count === undefined || count === 1 ? signal : { ...signal, count };
      });
    },
  };
}

function groupOf(groups: Map<string, Group>, found: Found): Group {
  const subject = [found.request?.status, found.peer, found.detail, found.address, found.port].join(" ");
  let key = `${found.kind} ${subject}`;
  if (!groups.has(key) && groups.size >= maxSubjects) key = found.kind;
  let group = groups.get(key);
  if (group === undefined) {
    group = { first: [], last: [], limit: limitOf(found), count: 0 };
    groups.set(key, group);
  }
  return group;
}

function limitOf(found: Found): number {
  if (found.request === undefined) return keptOfOthers;
  return found.request.status >= 500 ? keptOfFailedRequests : keptOfRequests;
}
