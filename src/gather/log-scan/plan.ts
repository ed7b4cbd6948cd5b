import { closeSync, openSync, readSync } from "node:fs";
import { kindOf } from "../../logs/scan/error-lines.ts";
import { walkLines } from "../../logs/lines.ts";
import { newUnwrapper } from "../../logs/unwrap.ts";
import type { LogInput } from "../log-files/log-input.ts";
import type { ScanOptions } from "../../logs/scan/scan-state.ts";
import { type RangeTask, sizeOf, type Task } from "./task.ts";
import { rangesInTime } from "./time-skip.ts";

const headBytes = 64 * 1024;

/** What is to be scanned: error logs first, so that their lines are known when access lines come. */
export interface Plan {
  readonly first: readonly Task[];
  readonly rest: readonly Task[];
  /** Bytes that cannot hold anything of the asked time. */
  readonly skipped: readonly Skipped[];
}

export interface Skipped {
  readonly name: string;
  readonly bytes: number;
  /** What times the file holds. */
  readonly fromMs: number;
  readonly toMs: number;
}

const sizeSum = (tasks: readonly Task[]): number => tasks.reduce((sum, task) => sum + sizeOf(task), 0);

/** Cuts plain files into ranges; whatever else is one task each. */
export function planOf(inputs: readonly LogInput[], rangeBytes: number, options: ScanOptions): Plan {
  const first: Task[] = [];
  const rest: Task[] = [];
  const skipped: Skipped[] = [];
  let number = 0;
  for (const input of inputs) {
    const head = isPlainFile(input) ? headOf(input.path) : Buffer.alloc(0);
    const into = isErrorLog(head) ? first : rest;
    const { path, sizeBytes = 0 } = input;
    if (head.length === 0 || path === undefined || needsBeginning(head)) {
      into.push({ kind: "stream", number: number++, input });
      continue;
    }
    const ranges = rangesOf(input.name, path, sizeBytes, rangeBytes, number);
    number += ranges.length;
    const inTime = rangesInTime(ranges, options);
    into.push(...inTime.ranges);
    const { fromMs, toMs } = inTime;
    if (fromMs !== undefined && toMs !== undefined)
      skipped.push({ name: input.name, bytes: sizeSum(ranges) - sizeSum(inTime.ranges), fromMs, toMs });
  }
  return { first, rest, skipped };
}

function rangesOf(
  name: string,
  path: string,
  sizeBytes: number,
  rangeBytes: number,
  number: number,
): RangeTask[] {
  return Array.from({ length: Math.ceil(sizeBytes / rangeBytes) }, (_, i): RangeTask => {
    const fromByte = i * rangeBytes;
    const toByte = Math.min(sizeBytes, fromByte + rangeBytes);
    return { kind: "range", number: number + i, name, path, fromByte, toByte };
  });
}

const isPlainFile = (input: LogInput): input is LogInput & { readonly path: string } =>
  input.path !== undefined &&
  input.codec === "none" &&
  input.archive === undefined &&
  input.encoding === undefined &&
  (input.sizeBytes ?? 0) > 0;

/** Empty when it cannot be read: reading it again will tell why. */
function headOf(path: string): Buffer {
  try {
    const file = openSync(path, "r");
    try {
      const head = Buffer.alloc(headBytes);
      return head.subarray(0, readSync(file, head, 0, headBytes, 0));
    } finally {
      closeSync(file);
    }
  } catch {
    return Buffer.alloc(0);
  }
}

function isErrorLog(head: Buffer): boolean {
  let error = 0;
  let access = 0;
  walkLines(head, ({ start }) => {
    const kind = kindOf(head, start);
    if (kind === "error") error++;
    if (kind === "access") access++;
  });
  return error > access;
}

/** Any moment: only whether syslog's days without a year are taken off matters here. */
const someTimeMs = Date.UTC(2000, 0, 1);

/** Lines that a collector cut in parts (CRI) are put together within a range; other wrappings need the file's beginning. */
function needsBeginning(head: Buffer): boolean {
  if (/^\S{20,40} std(?:out|err) [FP]/m.test(head.toString("latin1", 0, 4096))) return false;
  const unwrapper = newUnwrapper({ nowMs: someTimeMs });
  const out = Buffer.concat([unwrapper.push(head), unwrapper.end()]);
  return !out.equals(head.subarray(head[0] === 0xef ? 3 : 0));
}

/** Shares tasks among workers, the largest first to the one that has least: always in the same way. */
export function shared(tasks: readonly Task[], workers: number): Task[][] {
  const shares = Array.from({ length: workers }, () => ({ bytes: 0, tasks: [] as Task[] }));
  for (const task of [...tasks].sort((a, b) => sizeOf(b) - sizeOf(a) || a.number - b.number)) {
    const least = shares.reduce((a, b) => (b.bytes < a.bytes ? b : a));
    least.bytes += Math.max(1, sizeOf(task));
    least.tasks.push(task);
  }
  return shares.map(({ tasks: own }) => own.sort((a, b) => a.number - b.number));
}
