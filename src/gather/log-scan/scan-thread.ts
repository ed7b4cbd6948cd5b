import { type CountsData, countsData } from "../../logs/scan/counts-data.ts";
import type { ScanState } from "../../logs/scan/scan-state.ts";
import type { SignalsData } from "../../logs/signals.ts";
import { newScanRange } from "./scan-range.ts";
import { scanStream } from "./scan-stream.ts";
import type { Task, TaskParts } from "./task.ts";

/** What one thread has counted at the end. */
export interface ThreadCounts {
  readonly counts: CountsData;
  readonly signals: SignalsData;
  readonly suspectsFull: boolean;
}

/** One thread's work: tasks one after the other into one state. */
export interface ScanThread {
  readonly state: ScanState;
  run(task: Task, onParts: (parts: TaskParts) => void): Promise<void>;
  counts(): ThreadCounts;
}

export function newScanThread(state: ScanState, marginBytes: number): ScanThread {
  const scanRange = newScanRange(state, marginBytes);
  return {
    state,
    async run(task, onParts) {
      if (task.kind === "range") onParts(scanRange(task));
      else await scanStream(state, task, marginBytes, onParts);
    },
    counts: () => ({
      counts: countsData(state.counts, state.buckets),
      signals: { signals: state.signals.kept(), counts: state.signals.counts() },
      suspectsFull: state.suspects.isFull,
    }),
  };
}
