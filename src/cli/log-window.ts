import { isoMs } from "../logs/clock.ts";
import { durationMs } from "./duration.ts";
import { UsageProblem } from "./usage-problem.ts";

/**
 * "2026-11-20T14:00Z", "2026-11-20 14:00:30", "2026-11-20" (UTC unless a zone is written), or a duration before
 * `nowMs`: "2h". Milliseconds since the epoch; throws UsageProblem for anything else.
 */
export function momentMs(text: string, flag: string, nowMs: number): number {
  if (!/^\d{4}-/.test(text)) return nowMs - durationMs(text, flag);
  const parts = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(:\d\d(?:\.\d+)?)?\s?(Z|[+-]\d\d:?\d\d)?)?$/.exec(text);
  const [, day, minutes = "00:00", seconds = ":00", zone = "Z"] = parts ?? [];
  const ms = day === undefined ? Number.NaN : isoMs(`${day}T${minutes}${seconds}${zone}`);
  if (Number.isNaN(ms))
    throw new UsageProblem(
      `${flag} ${text}: write a time such as 2026-11-20T14:00Z, or a duration such as 2h.`,
    );
  return ms;
}
