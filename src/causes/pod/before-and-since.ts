import type { DepartedPod, PodView } from "../../derive/views.ts";
import { binomialAtMost } from "../../base/statistics/binomial.ts";
import type { Traffic } from "../../logs/traffic.ts";
import { failedAttempts, ipOf } from "../requests.ts";

interface Share {
  readonly requests: number;
  readonly failed: number;
}

/** Requests before any pod of the newest revision was ready, and those when no older pod served any more. */
export interface BeforeAndSince {
  readonly before: Share;
  readonly since: Share;
  readonly firstReadyMs: number;
}

/** Gateways hear of a leaving pod late, and what it had in hand ends in the meantime. */
const leavingMs = 5000;
const fewestRequests = 10;
const fewestFailures = 5;
const rare = 0.01;

/**
 * HAProxy's log names servers, slots that one pod after another is put into, so a failure cannot be laid at
 * a pod. A rollout that is through still parts the time: pods of the old template alone, then those of the
 * new one alone. Undefined when the log tells pods apart, and when failures do not keep to the second part.
 */
export function beforeAndSince(
  fresh: readonly PodView[],
  old: readonly PodView[],
  departed: readonly DepartedPod[],
  traffic: Traffic,
): BeforeAndSince | undefined {
  const { bins } = traffic;
  const left = [...old.map((p) => p.deletedMs), ...departed.map((p) => p.stoppedMs)];
  if (bins === undefined || fresh.length === 0 || left.length === 0 || namesPods(traffic)) return undefined;
  const firstReadyMs = Math.min(...fresh.map((p) => p.readyChangedMs ?? p.createdMs));
  const sinceMs = Math.max(...left.map((ms) => ms ?? Number.POSITIVE_INFINITY)) + leavingMs;
  const shareIn = (fromMs: number, toMs: number): Share => {
    const share = { requests: 0, failed: 0 };
    bins.requests.forEach((requests, i) => {
      const startMs = bins.fromMs + i * bins.widthMs;
      if (startMs < fromMs || startMs + bins.widthMs > toMs) return;
      share.requests += requests;
      share.failed += bins.failed[i] ?? 0;
    });
    return share;
  };
  const before = shareIn(Number.NEGATIVE_INFINITY, firstReadyMs);
  const since = shareIn(sinceMs, Number.POSITIVE_INFINITY);
  if (before.requests < fewestRequests || since.failed < fewestFailures) return undefined;
  const chance = binomialAtMost(before.failed, before.requests, since.failed / since.requests);
  return chance < rare && goesOn(traffic, sinceMs) ? { before, since, firstReadyMs } : undefined;
}

/** A broken revision fails on until the log ends: as often in the second half of its time as in the first, or nearly. */
function goesOn({ failures, toMs }: Traffic, sinceMs: number): boolean {
  const middleMs = (sinceMs + toMs) / 2;
  const inFirst = failures.filter((r) => r.endMs >= sinceMs && r.endMs < middleMs).length;
  return failures.filter((r) => r.endMs >= middleMs).length * 2 >= inFirst;
}

/** Whether failed attempts have the addresses of pods. */
const namesPods = (traffic: Traffic): boolean =>
  failedAttempts(traffic).some(({ attempt }) => /^[\d.]+$|:/.test(ipOf(attempt.address)));
