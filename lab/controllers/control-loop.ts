import type { Change } from "../api-server/change-history.ts";
import { StatusError } from "../api-server/status.ts";
import type { Machine, Stop } from "../machine/machine.ts";

/** A level-triggered controller: it is told which objects to look at again, never what happened to them. */
export interface ControlLoop {
  /** In warnings only. */
  readonly name: string;
  /** Objects that a change may concern. */
  keysOf(change: Change): Iterable<string>;
  /** Every object, at the start and at each resync. */
  allKeys(): Iterable<string>;
  /** Makes one object what it should be. A number asks to be called for it again after so many milliseconds. */
  sync(key: string): number | void;
  /** Wait between a change and the look at it. */
  readonly delayMs?: (key: string) => number;
  /** Infinity: never. */
  readonly resyncMs?: number;
}

/** An informer hears of a write over an open watch on the same machine. */
const watchDelayMs = 5;
const defaultResyncMs = 5_000;
/** client-go util/workqueue/default_rate_limiters.go: 5 ms, doubled at every failure; the cap is shorter here. */
const firstRetryMs = 5;
const longestRetryMs = 20_000;

/** Runs a controller until it is stopped. An object that is already waiting is not queued twice, as in client-go's work queues. */
export function startControlLoop(machine: Machine, loop: ControlLoop): Stop {
  const waiting = new Map<string, { readonly timer: NodeJS.Timeout; readonly dueMs: number }>();
  const failures = new Map<string, number>();
  let stopped = false;

  const look = (key: string): void => {
    waiting.delete(key);
    try {
      const againMs = loop.sync(key);
      failures.delete(key);
      if (typeof againMs === "number") queue(key, againMs);
    } catch (error) {
      const count = failures.get(key) ?? 0;
      failures.set(key, count + 1);
      if (!(error instanceof StatusError)) warn(loop.name, key, error);
      queue(key, Math.min(firstRetryMs * 2 ** count, longestRetryMs));
    }
  };
  const queue = (key: string, delayMs: number): void => {
    if (stopped) return;
    const dueMs = machine.nowMs() + delayMs;
    const queued = waiting.get(key);
    if (queued !== undefined) {
      if (queued.dueMs <= dueMs) return;
      clearTimeout(queued.timer);
    }
    waiting.set(key, { timer: setTimeout(look, delayMs, key), dueMs });
  };
  const queueAll = (): void => {
    for (const key of loop.allKeys()) queue(key, 0);
  };

  const unsubscribe = machine.store.subscribe((change) => {
    for (const key of loop.keysOf(change)) queue(key, loop.delayMs?.(key) ?? watchDelayMs);
  });
  const resyncMs = loop.resyncMs ?? defaultResyncMs;
  const resync = resyncMs === Infinity ? undefined : setInterval(queueAll, resyncMs);
  queueAll();
  return () => {
    stopped = true;
    unsubscribe();
    clearInterval(resync);
    for (const { timer } of waiting.values()) clearTimeout(timer);
    waiting.clear();
    return Promise.resolve();
  };
}

/** A refused write is an ordinary event and is tried again; anything else is a mistake of the controller, and must be seen. */
function warn(name: string, key: string, error: unknown): void {
  process.emitWarning(`${name} ${key}: ${error instanceof Error ? (error.stack ?? error.message) : error}`);
}
