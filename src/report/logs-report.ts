import type { FindingReport, ObjectReport, TargetReport } from "./report.ts";

/** What `why5xx logs` prints: plain JSON. Published as `logs-report.schema.json`. */

export const logsReportSchema = "why5xx.logs/v1";

export interface LogsReport {
  readonly schema: typeof logsReportSchema;
  readonly tool: { readonly version: string };
  readonly source: {
    /** Files as they were given, "standard input" among them. */
    readonly files: readonly string[];
    /** Objects that were read beside the logs; absent when only logs were. */
    readonly beside?: { readonly kind: string; readonly name: string };
  };
  readonly lines: {
    readonly total: number;
    readonly access: number;
    readonly error: number;
    /** The controller's own lines. */
    readonly other: number;
    readonly unrecognised: number;
    /** Captured twice; in no other count. */
    readonly repeated: number;
  };
  /** Lines of each format. */
  readonly formats: Readonly<Record<string, number>>;
  /** First and last moment in any line; absent when no line has a time. */
  readonly window?: { readonly from: string; readonly to: string };
  readonly requests: {
    readonly total: number;
    /** Failed in the client's sight. */
    readonly failed: number;
    /** The client left first. */
    readonly aborted: number;
    readonly byStatus: Readonly<Record<string, number>>;
    /** Who minted the 502, 503 and 504. */
    readonly byOrigin: Readonly<Record<string, number>>;
  };
  /** Every station whose log was read, from the inside out; several see the same requests, and `requests` is of the first. */
  readonly stations: readonly (CountReport & {
    readonly station: string;
    readonly byStatus: Readonly<Record<string, number>>;
  })[];
  readonly attempts: {
    readonly total: number;
    readonly failed: number;
    /** Requests that a retry saved. */
    readonly masked: number;
    readonly byClass: Readonly<Record<string, number>>;
  };
  readonly series: readonly {
    readonly from: string;
    readonly seconds: number;
    readonly requests: number;
    /** By status. */
    readonly failed: Readonly<Record<string, number>>;
  }[];
  readonly upstreams: readonly UpstreamReport[];
  /** Upstreams left out of `upstreams`. */
  readonly moreUpstreams: number;
  /** By the name that the gateway gives what it sends to, most failures first. */
  readonly services: readonly (CountReport & { readonly name: string; readonly masked: number })[];
  /** Path templates with failures, most first. */
  readonly paths: readonly (CountReport & { readonly template: string })[];
  /** Clients with failures, most first; each count may be up to `maxError` too high. */
  readonly clients: {
    readonly maxError: number;
    readonly keys: readonly (CountReport & { readonly client: string })[];
  };
  readonly patterns: readonly PatternReport[];
  /** Verdicts, one for each upstream name (or route, when objects were read) with failures, worst first. */
  readonly targets: readonly TargetReport[];
  /** The supported findings of all targets. */
  readonly findings: readonly (FindingReport & { readonly target: string })[];
  /** Beside objects: what the pods of each target's failed attempts were going through at that time. */
  readonly attribution: readonly AttributionReport[];
  /** The first lines that fit no format. */
  readonly unrecognised: readonly { readonly line: string; readonly stream: string }[];
  readonly losses: readonly { readonly what: string; readonly why: string }[];
}

interface CountReport {
  readonly requests: number;
  readonly failed: number;
}

export interface UpstreamReport {
  readonly address: string;
  readonly attempts: number;
  readonly failed: number;
  readonly byClass: Readonly<Record<string, number>>;
}

/** A shape of the failures in time or place; the numbers that prove it are in `text`. */
export interface PatternReport {
  readonly kind: string;
  readonly text: string;
  readonly failures: number;
  readonly of: number;
  /** Probability by chance, where a test applies. */
  readonly p?: number;
}

export interface AttributionReport {
  readonly target: string;
  /** Failed attempts, and failed requests that no attempt was made for. */
  readonly of: number;
  /** Those at whose time nothing is known to have happened. */
  readonly unexplained: number;
  /** starting, terminating, killed, node-lost, …; most attempts first. */
  readonly states: readonly {
    readonly state: string;
    readonly pod?: ObjectReport;
    readonly attempts: number;
    readonly example: { readonly at: string; readonly text: string; readonly source: string };
  }[];
}
