import { parentPort, workerData } from "node:worker_threads";
import { newScanState } from "../../logs/scan/scan-state.ts";
import { newScanThread, type ThreadCounts } from "./scan-thread.ts";
import type { TaskParts, ToWorker, WorkerStart } from "./task.ts";

/** What a worker says: parts as they come, that a task is done, its counts at the end. */
export type FromWorker =
  | { readonly kind: "parts"; readonly parts: TaskParts }
  | { readonly kind: "done" }
  | { readonly kind: "suspects"; readonly keys: readonly string[] }
  | { readonly kind: "counts"; readonly counts: ThreadCounts };

/** The loop of a worker thread; nothing happens where the file is only imported. */
function serve(port: NonNullable<typeof parentPort>, { options, marginBytes }: WorkerStart): void {
  const thread = newScanThread(newScanState(options), marginBytes);
  const say = (message: FromWorker): void => port.postMessage(message);
  const hear = async (message: ToWorker): Promise<void> => {
    if (message.kind === "task") {
      await thread.run(message.task, (parts) => say({ kind: "parts", parts }));
      say({ kind: "done" });
    } else if (message.kind === "suspects") {
      if (message.keys.length === 0) say({ kind: "suspects", keys: [...thread.state.suspects.keys] });
      for (const key of message.keys) thread.state.suspects.add(key);
    } else {
      say({ kind: "counts", counts: thread.counts() });
      port.close();
    }
  };
  port.on("message", (message: ToWorker) => void hear(message));
}

if (parentPort !== null) serve(parentPort, workerData as WorkerStart);
