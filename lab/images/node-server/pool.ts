/** Workers of the application: so many requests at once, the others wait in the order they came. */
export interface Pool {
  /** Runs when a worker is free, unless it was given up before its turn; otherwise why it never will. */
  run(work: () => Promise<void>, isGivenUp: () => boolean): Promise<PoolProblem | undefined>;
}

export type PoolProblem = "queue full" | "waited too long";

/** @param longestWaitMs in the queue; absent: without an end */
export function openPool(
  workers: number | undefined,
  longestQueue = Number.POSITIVE_INFINITY,
  longestWaitMs?: number,
): Pool {
  let free = workers ?? Number.POSITIVE_INFINITY;
  const waiting: (() => void)[] = [];
  const turn = (): Promise<boolean> =>
    new Promise((resolve) => {
      const take = (): void => {
        clearTimeout(timer);
        resolve(true);
      };
      const giveUp = (): void => {
        waiting.splice(waiting.indexOf(take), 1);
        resolve(false);
      };
      const timer = longestWaitMs === undefined ? undefined : setTimeout(giveUp, longestWaitMs);
      waiting.push(take);
    });
  const release = (): void => {
    const next = waiting.shift();
    if (next === undefined) free += 1;
    else next();
  };
  return {
    run: async (work, isGivenUp) => {
      if (free > 0) free -= 1;
      else if (waiting.length >= longestQueue) return "queue full";
      else if (!(await turn())) return "waited too long";
      try {
        if (!isGivenUp()) await work();
        return undefined;
      } finally {
        release();
      }
    },
  };
}
