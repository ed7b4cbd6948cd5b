/** Work that is due once some time after the first of many calls, and never runs twice at a time. */
export interface Debounced {
  call(): void;
  /** Resolves when none runs, and none will. */
  stop(): Promise<void>;
}

export function debounced(work: () => Promise<void>, delayMs: number): Debounced {
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();
  return {
    call: () => {
      timer ??= setTimeout(() => {
        timer = undefined;
        running = running.then(work);
      }, delayMs);
    },
    stop: async () => {
      clearTimeout(timer);
      await running;
    },
  };
}
