import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import type { LogInput } from "../../src/gather/log-files/log-input.ts";
import { readInput } from "../../src/gather/log-files/read-input.ts";

/** Run as a program: prints what it reads, from standard input ("main", or "worker": in a thread) or a path. */
const [, , where] = process.argv;
const stdin: LogInput = { name: "standard input", codec: "none" };

async function textOf(input: LogInput): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const { bytes } of readInput(input, ({ what, why }) => process.stderr.write(`${what} ${why}\n`)))
    chunks.push(bytes);
  return Buffer.concat(chunks).toString();
}

// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
if (!isMainThread) parentPort?.postMessage(await textOf(workerData as LogInput));
else if (where === "worker")
  new Worker(new URL(import.meta.url), { workerData: stdin }).on("message", (text: string) =>
    process.stdout.write(text),
  );
else
  process.stdout.write(await textOf(where === "main" ? stdin : { name: "log", path: where!, codec: "none" }));
