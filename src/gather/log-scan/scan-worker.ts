import { Worker } from "node:worker_threads";
import type { ThreadCounts } from "./scan-thread.ts";
import type { Task, TaskParts, ToWorker, WorkerStart } from "./task.ts";
import type { FromWorker } from "./worker.ts";

/** A worker thread as the main thread sees it. A request waits until the one before has been answered. */
export interface ScanWorker {
  run(task: Task, onParts: (parts: TaskParts) => void): Promise<void>;
  suspects(): Promise<readonly string[]>;
  addSuspects(keys: readonly string[]): void;
  finish(): Promise<ThreadCounts>;
  stop(): Promise<void>;
}

/** Most of what a scan makes lives for one line: more room for it would only be touched, not used. */
const maxYoungGenerationSizeMb = 8;

/** The source runs as it is; in the published bundle the worker is a file of its own beside the chunks. */
const workerUrl = import.meta.url.endsWith(".ts")
  ? new URL("worker.ts", import.meta.url)
  : new URL("log-scan-worker.js", import.meta.url);

export function startWorker(start: WorkerStart): ScanWorker {
  const worker = new Worker(workerUrl, { workerData: start, resourceLimits: { maxYoungGenerationSizeMb } });
  let onMessage: ((message: FromWorker) => void) | undefined;
  let onFailure: ((error: Error) => void) | undefined;
  let failure: Error | undefined;
  worker.on("message", (message: FromWorker) => onMessage?.(message));
  worker.on("error", (error: Error) => {
    failure = error;
    onFailure?.(error);
  });
  const say = (message: ToWorker): void => {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- threads have no origin
    worker.postMessage(message);
  };

  const ask = <T>(
    message: ToWorker,
    answer: (message: FromWorker, resolve: (value: T) => void) => void,
  ): Promise<T> =>
    new Promise((resolve, reject) => {
      if (failure !== undefined) reject(failure);
      onMessage = (heard) => answer(heard, resolve);
      onFailure = reject;
      say(message);
    });

  return {
    run: (task, onParts) =>
      ask<void>({ kind: "task", task }, (message, resolve) => {
        if (message.kind === "parts") onParts(message.parts);
        else resolve();
      }),
    suspects: () =>
      ask<readonly string[]>({ kind: "suspects", keys: [] }, (message, resolve) => {
        if (message.kind === "suspects") resolve(message.keys);
      }),
    addSuspects: (keys) => say({ kind: "suspects", keys }),
    finish: () =>
      ask<ThreadCounts>({ kind: "finish" }, (message, resolve) => {
        if (message.kind === "counts") resolve(message.counts);
      }),
    stop: async () => void (await worker.terminate()),
  };
}
