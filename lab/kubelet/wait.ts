import { setTimeout as delay } from "node:timers/promises";

/** Waits, or less long when the signal aborts; tells whether it waited to the end. */
export async function waited(ms: number, signal: AbortSignal): Promise<boolean> {
  try {
    await delay(ms, undefined, { signal });
    return true;
  } catch {
    return false;
  }
}

/** The value of a promise, or undefined when the time that is left is over first; what is left may shrink meanwhile. */
export async function settled<T>(promise: Promise<T>, leftMs: () => number): Promise<T | undefined> {
  const done = promise.then((value) => ({ value }));
  for (let left = leftMs(); left > 0; left = leftMs()) {
    const cancel = new AbortController();
    const first = await Promise.race([done, waited(Math.min(left, 250), cancel.signal)]);
    cancel.abort();
    if (typeof first === "object") return first.value;
  }
  return undefined;
}
