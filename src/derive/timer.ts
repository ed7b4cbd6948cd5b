/** Timers of the stations of a route, from the client inwards, each with where it was read. */

export type TimerKind = "connect" | "response" | "idle-out" | "idle-in" | "tries";

export type TimerSource = "annotation" | "configmap" | "args" | "env" | "default" | "unknown";

export interface Timer {
  readonly kind: TimerKind;
  /** off: there is no such thing here, as idle connections are never kept. */
  readonly state: "known" | "unlimited" | "off" | "unknown";
  /** Milliseconds; a count for tries. */
  readonly value?: number;
  readonly from: TimerSource;
  readonly source: string;
  /** A level that could say otherwise was not read. */
  readonly isAssumed: boolean;
}

export interface Rung {
  readonly hop: "client" | "cdn" | "load-balancer" | "gateway" | "mesh" | "application";
  readonly name: string;
  readonly timers: readonly Timer[];
}

/** Two stations whose timers are in the wrong order. */
export interface TimerInversion {
  /** response: the outer gives up first. keep-alive: the inner closes first what the outer would reuse. */
  readonly kind: "response" | "keep-alive";
  readonly outer: { readonly rung: Rung; readonly timer: Timer };
  readonly inner: { readonly rung: Rung; readonly timer: Timer };
}

export interface TimerLadder {
  readonly rungs: readonly Rung[];
  readonly inversions: readonly TimerInversion[];
}

export const knownTimer = (
  kind: TimerKind,
  value: number,
  from: TimerSource,
  source: string,
  isAssumed = false,
): Timer =>
  value === Number.POSITIVE_INFINITY
    ? { kind, state: "unlimited", from, source, isAssumed }
    : { kind, state: "known", value, from, source, isAssumed };

export const offTimer = (kind: TimerKind, source: string): Timer => ({
  kind,
  state: "off",
  from: "default",
  source,
  isAssumed: false,
});

export const unknownTimer = (kind: TimerKind, source: string): Timer => ({
  kind,
  state: "unknown",
  from: "unknown",
  source,
  isAssumed: false,
});
