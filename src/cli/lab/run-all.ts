import { warn } from "../output.ts";
import { tellProgress } from "./tell-progress.ts";

/** One run of several. */
export interface Job<T> {
  readonly name: string;
  /** The one command that does the same again. */
  readonly command: string;
  readonly run: (tell: (text: string) => void) => Promise<T>;
}

interface Options<T> {
  readonly atOnce?: number;
  readonly isVerbose: boolean;
  /** Hears of each run as it ends; `count` is "2 of 9". */
  readonly onRun: (run: T, count: string) => Promise<void> | void;
}

/** Goes through runs, some at a time; one that breaks down stops no other. Told to end, it begins no more. */
export async function runAll<T>(
  jobs: readonly Job<T>[],
  { atOnce = 1, isVerbose, onRun }: Options<T>,
): Promise<{ readonly runs: readonly T[]; readonly broken: readonly string[] }> {
  const queue = [...jobs];
  const runs: T[] = [];
  const broken: string[] = [];
  const count = (): string => `${runs.length + broken.length} of ${jobs.length}`;
  let isEndedEarly = false;
  const work = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const { name, command } = next;
      try {
        const run = await next.run(isVerbose ? tellProgress(`${name}: `) : () => {});
        // What was seen of a lab that was ending is no verdict.
        if (isEndedEarly) throw new Error("interrupted");
        runs.push(run);
        await onRun(run, count());
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        broken.push(`${command}: ${reason}`);
        warn(`${count()}  broken: ${reason}\n  Repeat it with: ${command}`);
      }
    }
  };
  // The labs end by themselves; no other is begun, and what was measured is told.
  const endEarly = (): void => {
    isEndedEarly = true;
    queue.splice(0);
  };
  process.on("SIGINT", endEarly).on("SIGTERM", endEarly);
  await Promise.all(Array.from({ length: atOnce }, work));
  process.off("SIGINT", endEarly).off("SIGTERM", endEarly);
  return { runs, broken };
}
