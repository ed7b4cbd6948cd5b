/** Waits that double, per key (kubernetes/client-go util/flowcontrol/backoff.go). */
export interface BackOff {
  /** Milliseconds that a thing which last failed at `failedMs` still has to wait. */
  remainingMs(failedMs: number, nowMs: number): number;
  /** The wait in force. */
  readonly waitMs: number;
  /** A new try begins. */
  next(nowMs: number): void;
}

export function openBackOff(firstMs: number, limitMs: number): BackOff {
  let waitMs = 0;
  let updatedMs = 0;
  return {
    get waitMs() {
      return waitMs;
    },
    remainingMs: (failedMs, nowMs) => {
      // What ran for twice the limit has recovered.
      if (waitMs === 0 || failedMs - updatedMs > 2 * limitMs) return 0;
      return Math.max(0, waitMs - (nowMs - failedMs));
    },
    next: (nowMs) => {
      const isForgotten = waitMs === 0 || nowMs - updatedMs > 2 * limitMs;
      waitMs = isForgotten ? firstMs : Math.min(waitMs * 2, limitMs);
      updatedMs = nowMs;
    },
  };
}

/** "10s", "1m20s", "5m0s": how Go prints a duration. */
export function durationText(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)}ms`;
  const seconds = Number(((ms % 60_000) / 1000).toFixed(3));
  const minutes = Math.floor(ms / 60_000);
  return minutes === 0 ? `${seconds}s` : `${minutes}m${seconds}s`;
}
