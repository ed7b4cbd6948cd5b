import type { ScanOptions } from "../../logs/scan/scan-state.ts";
import type { StreamParts } from "../../logs/scan/stream-scanner.ts";
import type { Loss } from "../../evidence/evidence.ts";
import type { LogInput } from "../log-files/log-input.ts";

/** A part of a plain file: the lines that begin in it. */
export interface RangeTask {
  readonly kind: "range";
  readonly number: number;
  readonly name: string;
  readonly path: string;
  readonly fromByte: number;
  readonly toByte: number;
}

/** An input that can only be read from its beginning. */
export interface StreamTask {
  readonly kind: "stream";
  readonly number: number;
  readonly input: LogInput;
}

export type Task = RangeTask | StreamTask;

export const sizeOf = (task: Task): number =>
  task.kind === "range"
    ? task.toByte - task.fromByte
    : (task.input.sizeBytes ?? 0) * (task.input.codec === "none" ? 1 : expansion);

/** Text for a byte of a compressed log, roughly: by it work is shared out. */
const expansion = 8;

/** What came of a task so far. */
export interface TaskParts {
  readonly number: number;
  readonly parts: StreamParts;
  readonly losses: readonly Loss[];
  /** Bytes on disk that are done with, and bytes of text, since the parts before. */
  readonly readBytes: number;
  readonly textBytes: number;
}

/** What a worker is told when it starts. */
export interface WorkerStart {
  readonly options: ScanOptions;
  readonly marginBytes: number;
}

export type ToWorker =
  | { readonly kind: "task"; readonly task: Task }
  | { readonly kind: "suspects"; readonly keys: readonly string[] }
  | { readonly kind: "finish" };
