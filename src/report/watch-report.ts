import type { ObjectReport, Report, TargetReport } from "./report.ts";
import type { CountedRate } from "./verify-report.ts";

/** What `watch` saw of a route for a while, and what follows from it, as plain JSON. */

export const watchSchema = "why5xx.watch/v1";

export type WatchVerdict = "fine" | "failing" | "cannot-tell";

export interface WatchReport {
  readonly schema: typeof watchSchema;
  readonly tool: Report["tool"];
  readonly target: string;
  readonly from: string;
  readonly to: string;
  readonly seconds: number;
  /** It was ended by hand before its time. */
  readonly isCutShort: boolean;
  readonly verdict: WatchVerdict;
  /** One sentence. */
  readonly why: string;
  /** Absent when the gateway's log does not tell. */
  readonly before?: CountedRate & {
    /** "gateway log, 10:00:00 to 10:05:00 UTC" */
    readonly source: string;
  };
  /** Absent when the gateway's log could not be read. */
  readonly during?: CountedRate & {
    readonly perSecond: number;
    readonly codes: Readonly<Record<string, number>>;
  };
  /** Chance that the rate rose so far by luck alone (Fisher's exact test); absent without both rates. */
  readonly luckOfRise?: number;
  /** The rate meanwhile; absent where nobody could follow the log. */
  readonly series: readonly WatchInterval[];
  readonly rollouts: readonly RolloutReport[];
  readonly pods: PodCounts;
  /** How long the gateway went on sending to pods after their deletion; absent when no deletion tells. */
  readonly drain?: DrainReport;
  /** What the pods of failed attempts were going through, most attempts first. */
  readonly states: readonly StateReport[];
  /** What happened to the route's objects, oldest first; the newest when there was too much. */
  readonly happened: readonly { readonly at: string; readonly text: string }[];
  /** The usual diagnosis of what was read of that time. */
  readonly diagnosis?: TargetReport;
  /** What could not be watched or read. */
  readonly losses: Report["losses"];
}

export interface WatchInterval {
  readonly from: string;
  readonly seconds: number;
  readonly requests: number;
  readonly failed: number;
}

export interface RolloutReport {
  readonly object: ObjectReport;
  /** "none": nothing was rolled out. */
  readonly state: "none" | "done" | "under-way" | "stuck";
  /** "3 of 3 updated, 3 available". */
  readonly note: string;
}

/** Of the route's pods; at the end, and what there was of it meanwhile. */
export interface PodCounts {
  readonly ready: number;
  readonly notReady: number;
  readonly terminating: number;
  /** Absent when no EndpointSlice could be watched. */
  readonly readyEndpoints?: number;
  readonly created: number;
  readonly deleted: number;
  readonly restarts: number;
  /** Why they could not be watched. */
  readonly unknown?: string;
}

export interface DrainReport {
  readonly deletions: number;
  /** Of these, pods that the gateway had sent requests to. */
  readonly measured: number;
  readonly longestSeconds: number;
  /** How long a preStop hook has to hold pods back. */
  readonly preStopSeconds: number;
}

export interface StateReport {
  readonly state: string;
  readonly pod?: ObjectReport;
  readonly attempts: number;
  readonly example: { readonly at: string; readonly text: string; readonly source: string };
}
