import type { Counted } from "../base/statistics/fall.ts";
import type { Workload } from "../derive/views.ts";
import type { Traffic } from "../logs/traffic.ts";

/** How often requests failed before somebody watched. */
export interface Baseline extends Counted {
  /** "gateway log, 10:00:00 to 10:05:00 UTC" */
  readonly source: string;
}

/** A revision younger than this is the change that is being watched: the time before it counts. */
const changeMs = 15 * 60_000;

/**
 * Requests of the log up to the moment at which the watching began, or the newest revision of a workload did shortly
 * before; undefined when the log has none of that time.
 */
export function baselineOf(
  traffic: Traffic,
  workloads: readonly Workload[],
  startMs: number,
): Baseline | undefined {
  const began = workloads
    .flatMap(({ revisions }) => (revisions.length > 1 ? (revisions[0]?.createdMs ?? []) : []))
    .filter((ms) => ms <= startMs && startMs - ms <= changeMs);
  const untilMs = Math.min(startMs, ...began);
  const { bins } = traffic;
  if (bins === undefined) return undefined;
  const whole = bins.requests.findIndex((_, i) => bins.fromMs + (i + 1) * bins.widthMs > untilMs);
  const end = whole === -1 ? bins.requests.length : whole;
  const sum = (of: readonly number[]): number => of.slice(0, end).reduce((total, n) => total + n, 0);
  const requests = sum(bins.requests);
  if (requests === 0) return undefined;
  const toMs = bins.fromMs + end * bins.widthMs;
  const source = `gateway log, ${timeOf(bins.fromMs)} to ${timeOf(toMs)} UTC`;
  return { requests, failed: sum(bins.failed), source };
}

const timeOf = (ms: number): string => new Date(ms).toISOString().slice(11, 19);
