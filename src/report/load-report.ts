import type { ObjectReport, Report } from "./report.ts";
import type { CountedRate } from "./verify-report.ts";

/** What `load` sent, what came back, and what its failures are put down to, as plain JSON. */

export const loadSchema = "why5xx.load/v1";

/** Whether the thresholds held. "cannot-tell": nobody took a connection, or what was to be done meanwhile was not over. */
type LoadVerdict = "held" | "broken" | "cannot-tell";

export interface LoadReport {
  readonly schema: typeof loadSchema;
  readonly tool: Report["tool"];
  readonly request: {
    readonly method: string;
    readonly url: string;
    /** Where the connection goes when not to the URL's own host. */
    readonly connectTo?: string;
    /** Names only: a value may be a credential. */
    readonly headers: readonly string[];
    readonly perSecond: number;
  };
  readonly startedAt: string;
  readonly seconds: number;
  /** It was ended by hand before its time. */
  readonly isCutShort: boolean;
  readonly during?: DuringReport;
  /** Failed: no whole answer, or a status of 500 and more. */
  readonly counts: CountedRate;
  readonly statuses: Readonly<Record<string, number>>;
  /** Requests without a whole answer, by what the client saw. */
  readonly errors: readonly {
    readonly kind: string;
    readonly requests: number;
    /** The last words of one of them: "ECONNRESET". */
    readonly words: string;
  }[];
  /** Of whole answers, counted from when each request was due; absent when there was none. */
  readonly latency?: LatencyReport;
  readonly pace: PaceReport;
  /** Of connections that were left idle before each request. */
  readonly rests: readonly RestReport[];
  /** Stretches of time from the beginning. */
  readonly series: {
    readonly seconds: number;
    readonly requests: readonly number[];
    readonly failed: readonly number[];
  };
  readonly thresholds: readonly ThresholdReport[];
  readonly verdict: LoadVerdict;
  /** One sentence. */
  readonly why: string;
  /** The first failed requests, and those that each state is told of by. */
  readonly failures: readonly FailureReport[];
  /** Absent when no cluster was looked at; `unattributed` says why. */
  readonly cluster?: LoadClusterReport;
  readonly unattributed?: string;
}

export interface DuringReport {
  /** "rollout restart deployment/web". */
  readonly action: string;
  /** "done": the rollout was over before the load was. */
  readonly state: "done" | "under-way" | "failed";
  readonly startedAfterSeconds: number;
  readonly tookSeconds?: number;
  /** Why it failed. */
  readonly problem?: string;
}

interface LatencyReport {
  readonly p50Ms: number;
  readonly p90Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

/** How honest the load was. */
export interface PaceReport {
  /** Requests that ended, a second. */
  readonly sentPerSecond: number;
  /** How late requests were sent for this machine's own sake. */
  readonly lateP99Ms: number;
  readonly lateMaxMs: number;
  /** Under way at once, at most. */
  readonly mostUnderWay: number;
  /** Requests that had to wait because too many were under way. */
  readonly heldBack: number;
  /** Under way when the load was ended by hand: in no count. */
  readonly brokenOff: number;
}

interface RestReport {
  readonly restMs: number;
  /** Requests on a connection that had rested so long. */
  readonly reused: number;
  readonly failed: number;
  /** The connection had been closed by then, and a new one was taken. */
  readonly reopened: number;
}

export interface ThresholdReport {
  /** "max-5xx" or "max-p99". */
  readonly name: string;
  /** As it was typed: "0.1%". */
  readonly limit: string;
  readonly measured: string;
  readonly held: boolean;
}

export interface FailureReport {
  /** Its X-Request-ID. */
  readonly id: string;
  /** When it ended. */
  readonly at: string;
  readonly status?: number;
  readonly error?: string;
  /** From when it was due. */
  readonly tookMs: number;
  /** The connection had rested so long before. */
  readonly idleMs?: number;
  /** The client's port. */
  readonly localPort?: number;
}

/** What the cluster says of the same time. */
export interface LoadClusterReport {
  readonly context: string;
  readonly target: string;
  readonly attribution: LoadAttributionReport;
  /** What the usual diagnosis of that time supports, likeliest first. */
  readonly causes: readonly {
    readonly cause: string;
    readonly title: string;
    readonly confidence: number;
    readonly subject?: ObjectReport;
    /** Of the failures in the gateway's log. */
    readonly share?: { readonly explained: number; readonly of: number };
  }[];
  /** Absent when no pod was deleted, or the gateway's log could not be read. */
  readonly drain?: LoadDrainReport;
  readonly podsCreated: number;
  readonly podsDeleted: number;
  /** What could not be watched or read. */
  readonly losses: Report["losses"];
}

interface LoadAttributionReport {
  readonly of: number;
  readonly explained: number;
  /** How many were found in the gateway's log by id, by the client's port, or by time; and how many not. */
  readonly joined: {
    readonly id: number;
    readonly port: number;
    readonly time: number;
    readonly not: number;
  };
  readonly logProblem?: string;
  readonly states: readonly LoadStateReport[];
}

export interface LoadStateReport {
  readonly state: string;
  readonly pod?: ObjectReport;
  readonly requests: number;
  /** "log": the gateway's log says which pod was asked. "time": it happened then, no more. */
  readonly basis: "log" | "time";
  /** After the pod's deletion. */
  readonly afterDeletionMs?: { readonly least: number; readonly most: number };
  readonly example: {
    readonly id: string;
    readonly at: string;
    readonly text: string;
    readonly source: string;
  };
}

export interface LoadDrainReport {
  /** Deletions that were seen. */
  readonly deletions: number;
  /** Of pods that the gateway had sent to, longest first. */
  readonly gaps: readonly {
    readonly pod: ObjectReport;
    readonly deletedAt: string;
    /** For how long it was still sent to; 0: no more. */
    readonly gapMs: number;
  }[];
  /** How long a preStop hook must hold a pod back, the margin included. */
  readonly preStopSeconds: number;
  /** How long the pods' hooks do; absent when it cannot be read from them. */
  readonly hookSeconds?: number;
  /** Step of the gateway's log, in ms. */
  readonly resolutionMs: number;
}
