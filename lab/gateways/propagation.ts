import { setTimeout as sleep } from "node:timers/promises";

/**
 * How long after a change of endpoints a gateway still sent requests to what was taken out: from `change` to the start
 * of the last request that reached it, in milliseconds; 0 when none did. Requests are sent one after another,
 * some milliseconds apart, for `watchMs`.
 * @param ask sends a request and tells who answered; undefined when nobody did
 */
export async function propagationMs(
  ask: () => Promise<string | undefined>,
  change: () => void,
  removed: string,
  watchMs: number,
): Promise<number> {
  change();
  const changedMs = performance.now();
  let lastMs = 0;
  while (performance.now() - changedMs < watchMs) {
    const startMs = performance.now();
    if ((await ask()) === removed) lastMs = startMs - changedMs;
    await sleep(3);
  }
  return lastMs;
}
