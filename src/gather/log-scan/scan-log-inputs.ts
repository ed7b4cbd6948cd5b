import { availableParallelism } from "node:os";
import { setFlagsFromString } from "node:v8";
import { momentText } from "../../base/counts.ts";
import { sizeText } from "../../base/limits.ts";
import type { Loss } from "../../evidence/evidence.ts";
import type { GatewayScan } from "../../logs/gateway-scan.ts";
import { hashedSample } from "../../logs/sample.ts";
import { mergeCounts } from "../../logs/scan/counts-data.ts";
import { type Join, newJoin } from "../../logs/scan/join.ts";
import { newScanState, type ScanOptions, type ScanState } from "../../logs/scan/scan-state.ts";
import { maxSamples, mergeSeen, newSeen, type Seen } from "../../logs/scan/seen.ts";
import { inOrderOfTime, summarise } from "../../logs/summarise.ts";
import type { LogInput } from "../log-files/log-input.ts";
import { planOf, shared, type Skipped } from "./plan.ts";
import { defaultMarginBytes } from "./scan-range.ts";
import { newScanThread, type ThreadCounts } from "./scan-thread.ts";
import { sizeOf, type Task, type TaskParts } from "./task.ts";
import { type ScanWorker, startWorker } from "./scan-worker.ts";

export interface ScanProgress {
  /** Bytes on disk that are done with; a compressed file counts when it is. */
  readonly readBytes: number;
  /** Bytes on disk of all inputs; absent when one of them is a stream. */
  readonly totalBytes?: number;
  /** Bytes of text, decompressed. */
  readonly textBytes: number;
  readonly lines: number;
}

export interface StreamingOptions extends ScanOptions {
  /** Worker threads; default: one per core, at most 8, none for less than 24 MB. 0: everything in this thread. */
  readonly workers?: number;
  /** Bytes of a plain file that are one worker's task; default 8 MB. */
  readonly rangeBytes?: number;
  /** Bytes around a range that are searched for error lines of cut answers; default 64 KiB. */
  readonly marginBytes?: number;
  /** Access lines that wait for error lines at most; default 100,000. */
  readonly maxPending?: number;
}

const defaultRangeBytes = 8 * 1024 * 1024;
const defaultMaxKept = 10_000;
const defaultMaxPending = 100_000;
const maxWorkers = 8;
/** Less than this is scanned before a worker has started. */
const smallBytes = 24 * 1024 * 1024;

/**
 * Scans logs of any size in memory that does not grow with them: plain files in ranges by several threads, others as
 * streams. The result is that of `scanGatewayLogs` on the same lines, in whatever order and parts they are read, as long as no
 * limit is met; what limits cost is said in `losses` and `cut`. Never throws for what a file holds.
 */
export async function scanLogInputs(
  inputs: readonly LogInput[],
  options: StreamingOptions,
  onProgress: (progress: ScanProgress) => void = () => undefined,
): Promise<GatewayScan> {
  const { nowMs, formats = {} } = options;
  const plan = planOf(inputs, options.rangeBytes ?? defaultRangeBytes, options);
  const gathered = new Gathered(options, inputs, onProgress);
  for (const skipped of plan.skipped) gathered.skip(skipped);
  const marginBytes = options.marginBytes ?? defaultMarginBytes;
  const size = [...plan.first, ...plan.rest].reduce((sum, task) => sum + sizeOf(task), 0);
  const count = options.workers ?? (size < smallBytes ? 0 : Math.min(maxWorkers, availableParallelism()));
  const scanOptions: ScanOptions = {
    nowMs,
    formats,
    ...(options.filter === undefined ? {} : { filter: options.filter }),
  };
  if (size >= smallBytes) keepYoungSpaceSmall();
  if (count === 0) {
    const thread = newScanThread(gathered.state, marginBytes);
    for (const task of [...plan.first, ...plan.rest]) await thread.run(task, (parts) => gathered.take(parts));
  } else {
    const workers = Array.from({ length: count }, () => startWorker({ options: scanOptions, marginBytes }));
    try {
      await runAll(workers, plan.first, gathered);
      await shareSuspects(workers, plan.first.length > 0);
      await runAll(workers, plan.rest, gathered);
      for (const counts of await Promise.all(workers.map((worker) => worker.finish())))
        gathered.merge(counts);
    } finally {
      await Promise.all(workers.map((worker) => worker.stop()));
    }
  }
  return gathered.result();
}

/**
 * Of what a scan makes, little outlives the line it was made for, but V8 answers the kept failures with ever more room for young
 * objects: 100 MB that are touched, not used. Workers get a limit when they start; this thread can only be told not to grow.
 */
function keepYoungSpaceSmall(): void {
  setFlagsFromString("--semi-space-growth-factor=1");
}

async function runAll(
  workers: readonly ScanWorker[],
  tasks: readonly Task[],
  gathered: Gathered,
): Promise<void> {
  const shares = shared(tasks, workers.length);
  await Promise.all(
    workers.map(async (worker, i) => {
      for (const task of shares[i] ?? []) await worker.run(task, (parts) => gathered.take(parts));
    }),
  );
}

async function shareSuspects(workers: readonly ScanWorker[], isNeeded: boolean): Promise<void> {
  if (!isNeeded) return;
  const keys = new Set((await Promise.all(workers.map((worker) => worker.suspects()))).flat());
  if (keys.size > 0) for (const worker of workers) worker.addSuspects([...keys]);
}

/** What all threads found, put together in this one. */
class Gathered {
  readonly state: ScanState;
  readonly #seen: Seen = newSeen();
  readonly #samples: { readonly number: number; readonly samples: Seen["samples"] }[] = [];
  readonly #losses: { readonly number: number; readonly loss: Loss }[] = [];
  readonly #sample;
  readonly #join: Join;
  readonly #nowMs: number;
  readonly #onProgress: (progress: ScanProgress) => void;
  readonly #totalBytes: number | undefined;
  #readBytes = 0;
  #textBytes = 0;

  constructor(
    options: StreamingOptions,
    inputs: readonly LogInput[],
    onProgress: (progress: ScanProgress) => void,
  ) {
    this.state = newScanState(options);
    this.#nowMs = options.nowMs;
    this.#onProgress = onProgress;
    this.#sample = hashedSample(options.maxKept ?? defaultMaxKept);
    const { counts, buckets, formats, filter } = this.state;
    const maxPending = options.maxPending ?? defaultMaxPending;
    this.#join = newJoin({
      counts,
      buckets,
      seen: this.#seen,
      formats,
      filter,
      sample: this.#sample,
      maxPending,
      maxErrors: maxPending * 2,
    });
    const sizes = inputs.map((input) => input.sizeBytes);
    this.#totalBytes = sizes.every((size) => size !== undefined)
      ? sizes.reduce((sum, size) => sum + size, 0)
      : undefined;
  }

  take({ number, parts, losses, readBytes, textBytes }: TaskParts): void {
    const { samples } = parts.seen;
    if (samples.length > 0) this.#samples.push({ number, samples });
    for (const loss of losses) this.#losses.push({ number, loss });
    mergeSeen(this.#seen, { ...parts.seen, samples: [] });
    this.#join.add(parts.pending, parts.errors);
    this.#readBytes += readBytes;
    this.#textBytes += textBytes;
    this.#onProgress({
      readBytes: this.#readBytes,
      ...(this.#totalBytes === undefined ? {} : { totalBytes: this.#totalBytes }),
      textBytes: this.#textBytes,
      lines: this.#seen.total,
    });
  }

  skip({ name, bytes, fromMs, toMs }: Skipped): void {
    this.#readBytes += bytes;
    const why = `it runs from ${momentText(fromMs)} to ${momentText(toMs)}; ${sizeText(bytes)} of it before or after the asked time were not read`;
    this.#losses.push({ number: -1, loss: { what: name, why } });
  }

  merge({ counts, signals, suspectsFull }: ThreadCounts): void {
    mergeCounts(this.state.counts, counts, this.state.buckets);
    this.state.signals.merge(signals);
    this.state.suspects.isFull ||= suspectsFull;
  }

  result(): GatewayScan {
    const unjoined = this.#join.finish();
    const samples = this.#samples.sort((a, b) => a.number - b.number).flatMap((entry) => entry.samples);
    this.#seen.samples.push(...samples.slice(0, maxSamples));
    const { resolved, cut } = this.#sample.kept();
    const losses = this.#losses
      .sort((a, b) => a.number - b.number)
      .map(({ loss }) => `${loss.what}: ${loss.why}`);
    if (this.#join.wasCut)
      losses.push(
        "more failed requests than can wait for their error lines: those whose lines lie far apart in the input were decided without",
      );
    return summarise({
      state: this.state,
      seen: this.#seen,
      resolved: inOrderOfTime(resolved),
      cut,
      unjoined,
      losses: [...new Set(losses)],
      nowMs: this.#nowMs,
    });
  }
}
