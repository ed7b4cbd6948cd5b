import type { FailureClass } from "../traffic.ts";
import { type KnownTimer, knownTimers } from "./known-timers.ts";

/** A timer of the route itself, from its configuration. */
export interface RouteTimer {
  /** With where it was set: "proxy-read-timeout of Ingress shop/cart". */
  readonly name: string;
  readonly valueMs: number;
  /** Tries whose times add up in a whole request's duration; absent: 1. */
  readonly tries?: number;
  /** Failures that it makes; absent: any. */
  readonly ends?: readonly (FailureClass | "client-left")[];
}

/** A timer fires late, practically never early: 2 ms before is what two clocks of one proxy may differ by. */
export const earlyMs = 2;

/** How late a timer of this value may fire. */
export const lateMs = (valueMs: number): number => Math.max(20, valueMs * 0.005);

export interface TimersAt {
  readonly valueMs: number;
  /** "ingress-nginx proxy-read-timeout (default 60 s)". */
  readonly names: readonly string[];
}

/**
 * The timers that could have ended requests after `durationMs`: the route's own when one fits, else the
 * known defaults of one value. undefined: none that is known.
 */
export function timersAt(
  durationMs: number,
  ends: FailureClass | "client-left" | undefined,
  formats: readonly string[],
  whole: boolean,
  own: readonly RouteTimer[] = [],
): TimersAt | undefined {
  const ofRoute = own
    .filter((t) => ends === undefined || t.ends === undefined || t.ends.includes(ends))
    .flatMap((t) => fitting(durationMs, t, whole, ""));
  const fits = ofRoute.length > 0 ? ofRoute : defaultsAt(durationMs, ends, formats, whole);
  const [first] = fits.toSorted((a, b) => Math.abs(a.sumMs - durationMs) - Math.abs(b.sumMs - durationMs));
  if (first === undefined) return undefined;
  const same = fits.filter((f) => f.sumMs === first.sumMs).map((f) => f.name);
  return { valueMs: first.sumMs, names: [...new Set(same)] };
}

interface Fit {
  readonly sumMs: number;
  readonly name: string;
}

function defaultsAt(
  durationMs: number,
  ends: FailureClass | "client-left" | undefined,
  formats: readonly string[],
  whole: boolean,
): Fit[] {
  const applies = (t: KnownTimer): boolean =>
    (ends === undefined || t.ends.includes(ends)) &&
    (t.formats === undefined || t.formats.some((word) => formats.some((format) => format.includes(word))));
  return knownTimers.filter(applies).flatMap((t) => fitting(durationMs, t, whole, "default "));
}

interface AnyTimer {
  readonly name: string;
  readonly valueMs: number;
  readonly tries?: number;
  readonly lateMs?: number;
}

/** The timer alone, and the sums of its tries where only whole requests are timed. */
function fitting(durationMs: number, timer: AnyTimer, whole: boolean, label: string): Fit[] {
  const { name, valueMs } = timer;
  if (!Number.isFinite(valueMs) || valueMs <= 0) return [];
  const tries = whole ? Math.min(timer.tries ?? 1, 10) : 1;
  return Array.from({ length: tries }, (_, i) => i + 1).flatMap((times) => {
    const sumMs = valueMs * times;
    const fits = durationMs >= sumMs - earlyMs && durationMs <= sumMs + (timer.lateMs ?? lateMs(sumMs));
    const of = `${name} (${label}${secondsText(valueMs)})`;
    return fits ? [{ sumMs, name: times === 1 ? of : `${of} × ${times}` }] : [];
  });
}

/** "60 s", "7.5 s". */
export const secondsText = (ms: number): string => `${Number((ms / 1000).toFixed(3))} s`;
