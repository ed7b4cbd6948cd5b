import type { ObjectReport } from "./report.ts";

/** The timers of a route from the client inwards: plain JSON. Published as `ladder-report.schema.json`. */

export const ladderSchema = "why5xx.ladder/v1";

export interface LadderReport {
  readonly schema: typeof ladderSchema;
  readonly tool: { readonly version: string };
  readonly source: { readonly kind: string; readonly name: string };
  readonly ladders: readonly RouteLadder[];
  readonly losses: readonly { readonly what: string; readonly why: string }[];
}

export interface RouteLadder {
  readonly target: string;
  readonly backend: ObjectReport;
  /** Outermost first. */
  readonly rungs: readonly RungReport[];
  readonly inversions: readonly InversionReport[];
}

export interface RungReport {
  readonly hop: string;
  /** "ingress-nginx", "gunicorn in container web". */
  readonly name: string;
  readonly timers: readonly TimerReport[];
}

export interface TimerReport {
  /**
   * connect, response: how long it waits for the next hop. idle-out: how long it keeps an idle connection
   * to the next hop; idle-in: to the one before. tries: attempts in all.
   */
  readonly kind: "connect" | "response" | "idle-out" | "idle-in" | "tries";
  readonly state: "known" | "unlimited" | "off" | "unknown";
  /** Milliseconds; a count for tries. Present when known. */
  readonly value?: number;
  readonly from: "annotation" | "configmap" | "args" | "env" | "default" | "unknown";
  /** Where it was read, or why it is not known. */
  readonly source: string;
  /** A level that could say otherwise was not read. */
  readonly isAssumed: boolean;
}

interface InversionReport {
  readonly kind: "response" | "keep-alive";
  readonly outer: string;
  readonly inner: string;
  /** One sentence with both values and where each was read. */
  readonly text: string;
  readonly isAssumed: boolean;
}
