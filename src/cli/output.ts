import { visible } from "../base/text.ts";
import { quoteWord } from "../gather/cluster/problem.ts";

/**
 * Writes all of it before going on; a pipe takes a long report in pieces. A reader that has gone
 * (`| head`) is no failure of ours: the rest is dropped.
 */
export function writeOut(text: string): Promise<void> {
  return new Promise((done, fail) => {
    process.stdout.write(text, (error) => {
      if (error === null || error === undefined || isBrokenPipe(error)) done();
      else fail(error);
    });
  });
}

/** One or more lines on standard error. */
export const warn = (text: string): void => void process.stderr.write(`${text}\n`);

/** A word of a command that is told: names come from clusters and logs, and are typed into shells and shown on terminals. */
export const typed = (word: string): string => quoteWord(visible(word));

const isBrokenPipe = (error: unknown): boolean =>
  error instanceof Error &&
  "code" in error &&
  (error.code === "EPIPE" || error.code === "ERR_STREAM_DESTROYED");
