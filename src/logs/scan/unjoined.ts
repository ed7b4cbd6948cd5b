import type { ErrorEntry } from "../error-index.ts";
import type { UnjoinedErrors } from "../gateway-scan.ts";
import type { FailureClass } from "../traffic.ts";
import { sortedRecord } from "./sorted-record.ts";

/** Error lines that fit no access line. */
export interface Unjoined {
  /** Entries come in order of time. */
  add(entry: ErrorEntry): void;
  result(): UnjoinedErrors;
}

const samplesAtEachEnd = 10;

export function newUnjoined(): Unjoined {
  const byClass = new Map<FailureClass, number>();
  const first: ErrorEntry[] = [];
  let last: ErrorEntry[] = [];
  let count = 0;
  return {
    add(entry) {
      const { failure } = entry.meaning;
      if (failure === undefined) return;
      count++;
      byClass.set(failure, (byClass.get(failure) ?? 0) + 1);
      if (first.length < samplesAtEachEnd) first.push(entry);
      else if (last.push(entry) > samplesAtEachEnd * 10) last = last.slice(-samplesAtEachEnd);
    },
    result: () => ({
      count,
      byClass: sortedRecord(byClass),
      samples: [...first, ...last.slice(-samplesAtEachEnd)].map((entry) => ({
        timeMs: entry.timeMs,
        failure: entry.meaning.failure ?? "unclassified",
        ...(entry.address === undefined ? {} : { address: entry.address }),
        ...(entry.host === undefined ? {} : { host: entry.host }),
        message: entry.message,
      })),
    }),
  };
}
