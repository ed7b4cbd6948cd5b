import type { Attempt, FailureClass, Traffic } from "../traffic.ts";
import { isHealthProbe } from "./failed-attempts.ts";

/** How long failures of one class took. */
export interface FailingDurations {
  readonly ends: FailureClass | "client-left";
  /** In order of size, milliseconds. */
  readonly ms: readonly number[];
  /** The log gives no times of single attempts: these are of whole requests, retries included. */
  readonly whole: boolean;
}

/**
 * Durations by class: of attempts where the log has them, else of requests; a format has the one or the
 * other. Requests that the client gave up are a class of their own.
 */
export function failingDurations(traffic: Traffic): FailingDurations[] {
  const attempts = new Map<FailureClass, number[]>();
  const requests = new Map<FailureClass | "client-left", number[]>();
  for (const request of [...traffic.failures, ...traffic.masked]) {
    if (isHealthProbe(request)) continue;
    const failed = request.attempts.filter(hasFailed);
    for (const attempt of failed) {
      if (attempt.durationMs !== undefined) add(attempts, attempt.failure, attempt.durationMs);
    }
    const untold = failed.every((attempt) => attempt.durationMs === undefined);
    if (request.failure !== undefined && untold) add(requests, request.failure, request.durationMs);
  }
  for (const request of traffic.aborted) {
    if (!isHealthProbe(request)) add(requests, "client-left", request.durationMs);
  }
  const told = [...attempts].map(([ends, ms]) => ({ ends, ms: sorted(ms), whole: false }));
  const ofRequests = [...requests].map(([ends, ms]) => ({ ends, ms: sorted(ms), whole: true }));
  return [...told, ...ofRequests].sort((a, b) => (a.ends < b.ends ? -1 : a.ends > b.ends ? 1 : 0));
}

const sorted = (ms: readonly number[]): number[] => ms.toSorted((a, b) => a - b);

const hasFailed = (attempt: Attempt): attempt is Attempt & { failure: FailureClass } =>
  attempt.failure !== undefined;

function add<K>(lists: Map<K, number[]>, key: K, ms: number): void {
  const known = lists.get(key);
  if (known === undefined) lists.set(key, [ms]);
  else known.push(ms);
}

/** Step of the clock that measured these durations: 1, 10, 100 or 1,000 ms. */
export const stepOf = (ms: readonly number[]): number =>
  [1000, 100, 10].find((step) => ms.every((value) => value % step === 0)) ?? 1;
