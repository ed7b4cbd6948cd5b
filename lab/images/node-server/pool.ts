/** Workers of the application: so many requests at once, the others wait in the order they came. */
export interface Pool {
  /** Runs when a worker is free; false when the queue is full or the work was given up before its turn. */
  run(work: () => Promise<void>, isGivenUp: () => boolean): Promise<boolean>;
}

export function openPool(workers: number | undefined, longestQueue = Number.POSITIVE_INFINITY): Pool {
  let free = workers ?? Number.POSITIVE_INFINITY;
  const waiting: (() => void)[] = [];
  const release = (): void => {
    const next = waiting.shift();
    if (next === undefined) free += 1;
    else next();
  };
  return {
    run: async (work, isGivenUp) => {
      if (free > 0) free -= 1;
      else if (waiting.length >= longestQueue) return false;
      else await new Promise<void>((resolve) => waiting.push(resolve));
      try {
        if (isGivenUp()) return true;
        await work();
        return true;
      } finally {
        release();
      }
    },
  };
}
