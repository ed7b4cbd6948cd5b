import type { MutableAddressStats } from "./bucket.ts";
import { classOf504, type Timers } from "./classify.ts";
import type { KeptRequest } from "./gateway-scan.ts";
import type { Attempt, FailureClass, LoggedRequest } from "./traffic.ts";

/**
 * Classes that only a timer decided, decided again with the route's own timers: the scan knows just the
 * gateway's defaults. Attempts with an error-log line or connect times keep theirs.
 */
export function retime(
  kept: readonly KeptRequest[],
  addresses: ReadonlyMap<string, MutableAddressStats>,
  timers: Timers,
): KeptRequest[] {
  return kept.map((entry) => {
    const attempts = entry.request.attempts.map((attempt) => retimeAttempt(attempt, addresses, timers));
    const changed = attempts.some((attempt, i) => attempt !== entry.request.attempts[i]);
    return changed ? { ...entry, request: withAttempts(entry.request, attempts) } : entry;
  });
}

function retimeAttempt(
  attempt: Attempt,
  addresses: ReadonlyMap<string, MutableAddressStats>,
  timers: Timers,
): Attempt {
  if (attempt.status !== 504 || attempt.failure === undefined || !byTimer.has(attempt.failure))
    return attempt;
  if (attempt.message !== undefined || attempt.connectMs !== undefined) return attempt;
  const failure = classOf504(attempt, timers);
  if (failure === attempt.failure) return attempt;
  const stats = addresses.get(attempt.address);
  if (stats !== undefined) move(stats.byClass, attempt.failure, failure);
  return { ...attempt, failure };
}

const byTimer: ReadonlySet<FailureClass> = new Set(["connect-timeout", "response-timeout", "unclassified"]);

function move(byClass: Partial<Record<FailureClass, number>>, from: FailureClass, to: FailureClass): void {
  const left = (byClass[from] ?? 0) - 1;
  if (left > 0) byClass[from] = left;
  else delete byClass[from];
  byClass[to] = (byClass[to] ?? 0) + 1;
}

/** The request's class is that of its last failed attempt, when it was so before. */
function withAttempts(request: LoggedRequest, attempts: readonly Attempt[]): LoggedRequest {
  const before = request.attempts.findLast((attempt) => attempt.failure !== undefined)?.failure;
  const after = attempts.findLast((attempt) => attempt.failure !== undefined)?.failure;
  const follows = request.failure !== undefined && request.failure === before && after !== undefined;
  return { ...request, attempts, ...(follows ? { failure: after } : {}) };
}
