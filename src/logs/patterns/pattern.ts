import type { FailureClass } from "../traffic.ts";

/**
 * What the failures of one route look like in time, place and shape: a fact with its numbers, no cause.
 * Causes turn patterns into clues. Rates and shares are given with the counts they come from.
 */
export type Pattern =
  | TimerPileUp
  | Concentration
  | Bursts
  | Periodic
  | LoadRelation
  | MethodSkew
  | EndAlignment
  | AddressLife
  | IdleGap
  | OutageGaps
  | CutOffDurations
  | SizeThreshold
  | Onset
  | Memoryless;

export type PatternKind = Pattern["kind"];

interface Common {
  /** One sentence with the observed numbers in it, for a person. */
  readonly text: string;
  /** Failures that show it, of how many that were looked at. */
  readonly failures: number;
  readonly of: number;
  /** Probability of seeing as much by chance, corrected for the number of things looked at; absent where no test applies. */
  readonly p?: number;
  /** The class of the failures, when all are of one. */
  readonly class?: FailureClass;
}

/** Durations of failures heap up at one value, as a timer makes them. */
export interface TimerPileUp extends Common {
  readonly kind: "timer-pile-up";
  readonly atMs: number;
  /** Known timers of this value: "ingress-nginx proxy-read-timeout (default 60 s)"; empty: no known timer, search the configuration. */
  readonly timers: readonly string[];
  /** The requests are those that clients gave up: the timer is theirs, or of a proxy in front. */
  readonly clientLeft?: true;
}

/** Failures sit on one member of a group more than its share of the traffic explains. */
export interface Concentration extends Common {
  readonly kind: "concentration";
  readonly on: "address" | "node" | "revision" | "gateway-pod" | "path" | "client" | "host" | "method";
  /** The members that have it; several only when each is affected by itself. */
  readonly keys: readonly string[];
  /** Part of the traffic that those members have. */
  readonly trafficShare: number;
  /** Attempts or requests of those members that succeeded. */
  readonly succeeded: number;
}

/** Failures come in groups with quiet between. */
export interface Bursts extends Common {
  readonly kind: "bursts";
  /** At most 100, the largest kept, in order of time. */
  readonly bursts: readonly {
    readonly fromMs: number;
    readonly toMs: number;
    readonly failures: number;
    /** Addresses that failed in it. */
    readonly addresses: readonly string[];
  }[];
  /** How many of all bursts began at most a minute after a known change, where changes are known, and how likely that is by chance. */
  readonly afterChanges?: { readonly bursts: number; readonly of: number; readonly p: number };
  /** Variance ÷ mean of the counts per 10 s (per bin of the log, where those are wider) against traffic; 1 for failures that know nothing of each other. */
  readonly dispersion: number;
}

export interface Periodic extends Common {
  readonly kind: "periodic";
  readonly periodMs: number;
}

/** How failures move with traffic, in bins of `binMs`. Rank correlations, −1 to 1. */
export interface LoadRelation extends Common {
  readonly kind: "load-relation";
  readonly binMs: number;
  readonly bins: number;
  readonly shareWithLoad: number;
  readonly countWithLoad: number;
  /** Share grows with load: what a capacity does. Count does not grow with it: what a race does. */
  readonly reading: "capacity" | "count-flat";
  /** Count of failures ∝ load^exponent, with its 95 % interval: 0 flat, 1 the same share at any load, above 1 capacity. */
  readonly growth?: { readonly exponent: number; readonly low: number; readonly high: number };
}

/** Methods that are not retried fail in the clients' sight, those that are do not. */
export interface MethodSkew extends Common {
  readonly kind: "method-skew";
  readonly unretried: { readonly failed: number; readonly requests: number };
  readonly retried: { readonly failed: number; readonly requests: number; readonly masked: number };
}

/** Attempts at one address that began apart ended together: its process was killed or stood still. */
export interface EndAlignment extends Common {
  readonly kind: "end-alignment";
  readonly address: string;
  readonly groups: readonly {
    readonly atMs: number;
    readonly attempts: number;
    readonly startSpreadMs: number;
  }[];
}

/** What became of the addresses that failed. */
export interface AddressLife extends Common {
  readonly kind: "address-life";
  readonly life:
    /** Served, failed, served again: restarted in place, overloaded or paused. */
    | "recovered"
    /** Served, failed, never seen again: deleted or replaced. */
    | "vanished"
    /** Failed from its first appearance, then served. */
    | "not-ready-yet"
    /** Failed always. */
    | "never-worked";
  readonly addresses: readonly string[];
}

/** Failures on connections that had been idle for some time: a lower bound, from the attempt before on that address. */
export interface IdleGap extends Common {
  readonly kind: "idle-gap";
  readonly idleMs: number;
}

/** Pauses between the outages of one address that double, as the kubelet's back-off does. */
export interface OutageGaps extends Common {
  readonly kind: "outage-gaps";
  readonly address: string;
  readonly gapsMs: readonly number[];
}

/** Successes of a path reach up to the timer at which its failures lie: the timer cuts a distribution. */
export interface CutOffDurations extends Common {
  readonly kind: "cut-off-durations";
  readonly template: string;
  readonly timerMs: number;
  readonly maxSuccessMs: number;
  readonly medianSuccessMs: number;
}

/** Requests above a size fail, those below do not. */
export interface SizeThreshold extends Common {
  readonly kind: "size-threshold";
  readonly bytes: number;
  /** Known limit near it, in words. */
  readonly limit?: string;
}

/** When the share of failures left its usual level, and whether it came back. */
export interface Onset extends Common {
  readonly kind: "onset";
  readonly atMs: number;
  readonly shareBefore: number;
  readonly shareAfter: number;
  /** Absent: still failing at the end of the log. */
  readonly endMs?: number;
  /** The last known change in the two minutes before, and the chance that some change lies as near by itself. */
  readonly after?: { readonly name: string; readonly atMs: number; readonly chance: number };
}

/** Few failures, spread over the whole time, no two related: what is left of a race. */
export interface Memoryless extends Common {
  readonly kind: "memoryless";
  /** Failures in a million requests (attempts, where those are logged), with its 95 % interval. */
  readonly perMillion: number;
  readonly perMillionLow: number;
  readonly perMillionHigh: number;
}
