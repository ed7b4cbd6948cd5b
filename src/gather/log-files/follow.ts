import type { Loss } from "../../evidence/evidence.ts";
import type { Readable } from "node:stream";
import { FollowedFile } from "./followed-file.ts";
import type { OnLoss } from "./log-input.ts";
import { watchPath } from "./watch-path.ts";

export interface FollowOptions {
  /** Where to begin: the `sizeBytes` that `readInput` has read up to. Absent: at the end, as `tail` does. */
  readonly fromBytes?: number;
  /** Rotation, truncation, and a file that is gone, as they are noticed. */
  readonly onNote?: OnLoss;
  /** How often the file is looked at even when nothing was reported: network file systems report nothing. */
  readonly pollMs?: number;
}

/**
 * New bytes of a log as they come, as `tail -F` does: a file renamed away is read to its end and the
 * new one under its name from the start; a truncated one from the start; one that is not there is
 * waited for. A file truncated and grown past the old length between two looks cannot be told from one
 * that only grew. "-" reads standard input to its end.
 *
 * Resolves when `signal` aborts, or when standard input ends. Never throws for what happens to the file;
 * what `onChunk` throws is thrown.
 */
export async function followInput(
  path: string,
  onChunk: (bytes: Buffer) => void | Promise<void>,
  signal: AbortSignal,
  { fromBytes, onNote = () => {}, pollMs = 1000 }: FollowOptions = {},
): Promise<void> {
  if (path === "-") return followStream(process.stdin, onChunk, signal);
  const note = (why: Loss["why"]): void => onNote({ what: path, why });
  const watch = watchPath(path, pollMs, signal);
  const file = new FollowedFile(path, note);
  try {
    await file.start(fromBytes);
    while (!signal.aborted) {
      for await (const bytes of file.news()) {
        await onChunk(bytes);
        if (signal.aborted) return;
      }
      await watch.changed();
    }
  } finally {
    watch.close();
    await file.close();
  }
}

/** The chunks of a stream until it ends, fails or `signal` aborts, which destroys it. */
export async function followStream(
  stream: Readable,
  onChunk: (bytes: Buffer) => void | Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  const chunks = stream[Symbol.asyncIterator]() as AsyncIterator<Buffer | string>;
  const onAbort = (): unknown => stream.destroy();
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    while (!signal.aborted) {
      const step = await chunks.next().catch(() => undefined);
      if (step === undefined || step.done === true) return;
      await onChunk(Buffer.isBuffer(step.value) ? step.value : Buffer.from(step.value));
    }
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}
