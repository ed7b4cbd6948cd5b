import type { Traffic } from "../traffic.ts";
import type { Places } from "./concentration.ts";
import type { Pattern } from "./pattern.ts";
import type { RouteTimer } from "./timers-at.ts";

/** What is known beside the log, by which patterns are named. */
export interface PatternContext {
  /** Timers of the route's gateway as configured, with the words to name them by. */
  readonly timers?: readonly RouteTimer[];
  /** Moments at which something was changed: rollouts, reloads, scalings. */
  readonly changes?: readonly KnownChange[];
  /** Node and revision of the pods that had the addresses of the log. */
  readonly places?: Places;
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
