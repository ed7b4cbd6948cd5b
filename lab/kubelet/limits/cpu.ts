import type { Life } from "../container/state.ts";
import { cpuMs } from "./process-tree.ts";

/** cpu.cfs_period_us of every container. */
const periodMs = 100;
const lookMs = 10;

/**
 * A CPU limit as CFS quota holds it: who used up the share of a period stands still until the next one. Done with
 * SIGSTOP and SIGCONT: the clock of /proc is coarse (10 ms), so what was used too much is owed to later periods.
 * @param cores undefined: no limit
 */
export function throttle(life: Life, cores: number | undefined): () => void {
  if (cores === undefined) return () => {};
  const quotaMs = cores * periodMs;
  let leftMs = quotaMs;
  let usedMs = 0;
  let periodEndsMs = performance.now() + periodMs;
  let stopped: readonly number[] = [];
  let stoppedAtMs = 0;
  const { throttling } = life;

  const resume = (): void => {
    for (const pid of stopped) send(pid, "SIGCONT");
    if (stopped.length > 0) throttling.throttledMs += performance.now() - stoppedAtMs;
    stopped = [];
  };
  const timer = setInterval(() => {
    const pids = life.tree();
    if (pids.length === 0) return;
    const used = cpuMs(pids);
    leftMs -= Math.max(0, used - usedMs);
    usedMs = used;
    const nowMs = performance.now();
    if (nowMs >= periodEndsMs) {
      const periods = Math.floor((nowMs - periodEndsMs) / periodMs) + 1;
      throttling.periods += periods;
      if (stopped.length > 0) throttling.throttledPeriods += periods;
      leftMs = Math.min(quotaMs, leftMs + periods * quotaMs);
      periodEndsMs += periods * periodMs;
      if (leftMs > 0) resume();
    }
    if (leftMs > 0 || stopped.length > 0) return;
    stopped = pids;
    stoppedAtMs = nowMs;
    for (const each of pids) send(each, "SIGSTOP");
  }, lookMs);
  return () => {
    clearInterval(timer);
    resume();
  };
}

function send(pid: number, signal: "SIGSTOP" | "SIGCONT"): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended.
  }
}
