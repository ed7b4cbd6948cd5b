import type { Traffic } from "../traffic.ts";
import type { Pattern } from "./pattern.ts";

/** What is known beside the log, by which patterns are named. */
export interface PatternContext {
  /** Timers of the route's gateway as configured, with the words to name them by. */
  readonly timers?: readonly KnownTimer[];
  /** Moments at which something was changed: rollouts, reloads, scalings. */
  readonly changes?: readonly KnownChange[];
}

export interface KnownTimer {
  readonly ms: number;
  /** "ingress-nginx proxy-read-timeout (annotation)". */
  readonly name: string;
}

export interface KnownChange {
  readonly atMs: number;
  /** "rollout of Deployment shop/cart". */
  readonly name: string;
}

/** Every pattern of the failures in `traffic`, in a fixed order. */
export function patternsOf(_traffic: Traffic, _context: PatternContext = {}): readonly Pattern[] {
  return [];
}
