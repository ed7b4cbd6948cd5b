import type { DepartedPod, PodView } from "../../derive/views.ts";
import { binomialAtMost } from "../../base/statistics/binomial.ts";
import type { Traffic } from "../../logs/traffic.ts";
import { failedAttempts, ipOf } from "../requests.ts";

interface Share {
  readonly requests: number;
  readonly failed: number;
}

/** Requests before there was any pod of the newest revision, and those when no older pod served any more. */
export interface BeforeAndSince {
  readonly before: Share;
  readonly since: Share;
  readonly firstMs: number;
}

/** Gateways hear of a leaving pod late, and what it had in hand ends in the meantime. */
const leavingMs = 5000;
const fewestRequests = 10;
const fewestFailures = 5;
const rare = 0.01;
/** A new version that is broken fails from its first requests on. */
export const onsetMs = 120_000;

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
  const firstMs = Math.min(...fresh.map((p) => p.createdMs));
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
  const before = shareIn(Number.NEGATIVE_INFINITY, firstMs);
  const since = shareIn(sinceMs, Number.POSITIVE_INFINITY);
  if (before.requests < fewestRequests || since.failed < fewestFailures) return undefined;
  const early = shareIn(firstMs, sinceMs + Math.max(onsetMs, 2 * bins.widthMs));
  // A broken revision fails on until the log ends.
  const lately = shareIn((sinceMs + traffic.toMs) / 2, Number.POSITIVE_INFINITY);
  const isMore = ({ requests, failed }: Share): boolean =>
    binomialAtMost(before.failed, before.requests, failed / Math.max(1, requests)) < rare;
  return [since, early, lately].every(isMore) ? { before, since, firstMs } : undefined;
}

/** Whether failed attempts have the addresses of pods. */
const namesPods = (traffic: Traffic): boolean =>
  failedAttempts(traffic).some(({ attempt }) => /^[\d.]+$|:/.test(ipOf(attempt.address)));
