import { visible } from "../base/text.ts";
import { quoteWord } from "../gather/cluster/problem.ts";
import { UsageProblem } from "./usage-problem.ts";

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

/** A page of HTML is for a browser. @throws UsageProblem when standard output is a terminal */
export function refusePageOnTerminal(file: string): void {
  if (!process.stdout.isTTY) return;
  throw new UsageProblem(
    `a page of HTML is no good on a terminal: write it to a file (… > ${file}) and open that, or read it here with -o markdown.`,
  );
}

/** One or more lines on standard error. */
export const warn = (text: string): void => void process.stderr.write(`${text}\n`);

/** A word of a command that is told: names come from clusters and logs, and are typed into shells and shown on terminals. */
export const typed = (word: string): string => quoteWord(visible(word));

const isBrokenPipe = (error: unknown): boolean =>
  error instanceof Error &&
  "code" in error &&
  (error.code === "EPIPE" || error.code === "ERR_STREAM_DESTROYED");
