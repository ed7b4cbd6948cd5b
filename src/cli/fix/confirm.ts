import { createInterface } from "node:readline/promises";
import { quoteWord } from "../../gather/cluster/problem.ts";
import { UsageProblem } from "../usage-problem.ts";

/** Asks on a terminal. @throws UsageProblem with the command to type when nobody is there to answer */
export async function confirmed(question: string, program: string, isSaid: boolean): Promise<boolean> {
  if (isSaid) return true;
  if (!process.stdin.isTTY || !process.stderr.isTTY) {
    const words = [program, ...process.argv.slice(2).map(quoteWord), "--yes"];
    throw new UsageProblem(
      `nothing was changed: there is no terminal to ask on. To say yes: ${words.join(" ")}`,
    );
  }
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(?:es)?$/i.test((await terminal.question(`${question} [y/N] `)).trim());
  } finally {
    terminal.close();
  }
}
