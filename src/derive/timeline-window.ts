import type { Traffic } from "../logs/traffic.ts";
import type { MetricRequests } from "./metric-views.ts";

export interface Window {
  readonly fromMs: number;
  readonly toMs: number;
}

/** Since when and until when requests were counted, and failures among them. */
export interface Counted {
  readonly whole: Window;
  readonly failing?: Window;
}

export function countedByLog({ requests, failures, masked, fromMs, toMs }: Traffic): Counted | undefined {
  if (requests === 0) return undefined;
  const ends = (failures.length > 0 ? failures : masked).map((f) => f.endMs);
  const whole = { fromMs, toMs };
  if (ends.length === 0) return { whole };
  const span = ends.reduce(
    (all, ms) => ({ fromMs: Math.min(all.fromMs, ms), toMs: Math.max(all.toMs, ms) }),
    { fromMs: Infinity, toMs: -Infinity },
  );
  return { whole, failing: span };
}

export function countedByMetrics({ bins, failing }: MetricRequests): Counted | undefined {
  const first = bins[0];
  const last = bins.at(-1);
  if (first === undefined || last === undefined) return undefined;
  const whole = { fromMs: first.fromMs, toMs: last.toMs };
  return failing === undefined ? { whole } : { whole, failing };
}

interface Happening {
  readonly atMs: number;
  readonly toMs: number;
  /** A change that may be the reason of what follows. */
  readonly isChange: boolean;
}

const minuteMs = 60_000;
/** A change this long before the first failure belongs into the picture. */
const leadMs = 15 * minuteMs;
/** A log that is not much longer than its failures is shown whole. */
const wholeWithin = 4;
/** Without a log: this much before the collection. */
const quietMs = 60 * minuteMs;
const shortestMs = minuteMs / 3;

/** From a little before the failures, or the change that went ahead of them, to a little after. */
export function timelineWindow(
  seen: Counted | undefined,
  happenings: readonly Happening[],
  nowMs: number,
): Window {
  if (seen === undefined) return quietWindow(happenings, nowMs);
  const { failing, whole: log } = seen;
  if (failing === undefined) return atLeast(log, nowMs);
  const { toMs: lastMs } = failing;
  const startMs = leadBefore(failing.fromMs, happenings);
  const padMs = Math.min(30 * minuteMs, Math.max(minuteMs, (lastMs - startMs) / 2));
  const fromMs = Math.min(startMs - 1000, Math.max(startMs - padMs, log.fromMs));
  const toMs = Math.max(lastMs + 1000, Math.min(lastMs + padMs, log.toMs));
  const isShort = log.toMs - log.fromMs <= wholeWithin * (toMs - fromMs);
  return atLeast(
    isShort ? { fromMs: Math.min(fromMs, log.fromMs), toMs: Math.max(toMs, log.toMs) } : { fromMs, toMs },
    nowMs,
  );
}

function leadBefore(firstMs: number, happenings: readonly Happening[]): number {
  const ahead = happenings.filter((h) => h.isChange && h.atMs < firstMs && h.atMs >= firstMs - leadMs);
  return ahead.reduce((earliest, h) => Math.min(earliest, h.atMs), firstMs);
}

function quietWindow(happenings: readonly Happening[], nowMs: number): Window {
  const recent = happenings.filter((h) => h.toMs >= nowMs - quietMs && h.atMs <= nowMs);
  const earliest = recent.reduce((ms, h) => Math.min(ms, h.atMs), nowMs - 10 * minuteMs);
  return { fromMs: Math.max(nowMs - quietMs, earliest - minuteMs), toMs: nowMs };
}

/** A short window grows on both sides, and never past the collection: nobody knows what came then. */
function atLeast({ fromMs, toMs }: Window, nowMs: number): Window {
  const lackingMs = shortestMs - (toMs - fromMs);
  if (lackingMs <= 0) return { fromMs, toMs };
  const endMs = Math.min(toMs + lackingMs / 2, Math.max(toMs, nowMs));
  return { fromMs: endMs - shortestMs, toMs: endMs };
}
