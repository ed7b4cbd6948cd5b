import type { Config } from "./config.ts";
import type { Logger } from "./logger.ts";

/** Pauses and crashes of the whole process. */
export function startTrouble(config: Config, logger: Logger): { readonly countRequest: () => void } {
  const { crash, pause } = config;
  if (pause !== undefined) {
    const asleep = new Int32Array(new SharedArrayBuffer(4));
    const standStill = (): unknown => Atomics.wait(asleep, 0, 0, pause.ms);
    // After the loop's look at its sockets, as a handler would: timers that ran out meanwhile come before what has arrived.
    const again = (): unknown => setImmediate(standStill);
    if (pause.isByClock) byTheClock(pause.everyMs, again);
    else setInterval(again, pause.everyMs);
  }
  const end = (): void => {
    logger.error("uncaught exception, exiting", {
      error: "TypeError: Cannot read properties of undefined (reading 'id')",
    });
    process.exit(crash.code);
  };
  if (crash.afterMs !== undefined) setTimeout(end, crash.afterMs);
  let requests = 0;
  return {
    countRequest: () => {
      requests += 1;
      if (requests === crash.afterRequests) end();
    },
  };
}

/** Calls back a moment after each multiple of a time: a timer may be a millisecond early. */
function byTheClock(everyMs: number, callBack: () => void): void {
  const lateMs = 5;
  setTimeout(
    () => {
      byTheClock(everyMs, callBack);
      callBack();
    },
    everyMs - (Date.now() % everyMs) + lateMs,
  );
}
