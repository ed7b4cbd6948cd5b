import { type Buckets, newBuckets } from "../buckets.ts";
import type { DeclaredFormats } from "../line-reader.ts";
import { newSignalStore, type SignalStore } from "../signals.ts";
import { Counts } from "./counts.ts";
import { type Filter, newFilter, type ScanFilter } from "./filter.ts";
import { PlainScanner } from "./plain-scanner.ts";
import { Suspects } from "./suspects.ts";

/** What scanning needs to be told; plain data. */
export interface ScanOptions {
  /** Moment of collection: the year of klog lines, which log none. */
  readonly nowMs: number;
  /** nginx `log_format` strings by "namespace/pod"; "*" is for pods without one of their own. */
  readonly formats?: DeclaredFormats;
  /** Failed, masked and aborted requests kept in full; default 50,000, of files 10,000. */
  readonly maxKept?: number;
  /** Requests that are counted; all when absent. */
  readonly filter?: ScanFilter;
}

/** What one thread counts, over all streams that it scans. */
export interface ScanState {
  readonly nowMs: number;
  readonly formats: DeclaredFormats;
  readonly filter: Filter | undefined;
  readonly counts: Counts;
  readonly buckets: Buckets;
  readonly signals: SignalStore;
  readonly suspects: Suspects;
  readonly plain: PlainScanner;
}

export function newScanState({ nowMs, formats = {}, filter: wanted }: ScanOptions): ScanState {
  const counts = new Counts();
  const buckets = newBuckets();
  const suspects = new Suspects();
  const filter = newFilter(wanted);
  return {
    nowMs,
    formats,
    filter,
    counts,
    buckets,
    signals: newSignalStore(),
    suspects,
    plain: new PlainScanner(counts, buckets, suspects, filter),
  };
}
