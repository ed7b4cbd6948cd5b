import type { ProbeReport } from "./probe-report.ts";
import type { Report } from "./report.ts";

/** What `verify` measured and what follows from it, as plain JSON. */

export const verifySchema = "why5xx.verify/v1";

export type VerifyVerdict = "fixed" | "not-fixed" | "cannot-tell";

export interface VerifyReport {
  readonly schema: typeof verifySchema;
  readonly tool: Report["tool"];
  readonly target: string;
  readonly request: {
    readonly method: string;
    readonly url: string;
    /** Where the connection goes when not to the URL's own host. */
    readonly connectTo?: string;
    readonly perSecond: number;
  };
  readonly startedAt: string;
  /** Absent when nobody counted. */
  readonly before?: CountedRate & {
    /** "gateway log, 10:00:00 to 10:05:00" */
    readonly source: string;
  };
  readonly after: CountedRate & {
    readonly seconds: number;
    /** By status; requests without an answer are counted under their error. */
    readonly answers: Readonly<Record<string, number>>;
  };
  /** Requests right after a change, until nothing had failed for two seconds: they are in no count. */
  readonly settling?: { readonly requests: number; readonly failed: number; readonly seconds: number };
  readonly verdict: VerifyVerdict;
  /** One sentence. */
  readonly why: string;
  /** The chance that the rate fell so far by luck (Fisher's exact test); absent without a rate before. */
  readonly luck?: number;
  /** How much more it takes without a failure until "fixed" can be said. */
  readonly needed?: { readonly requests: number; readonly seconds: number };
  /** Where it still fails: one request to each hop, right after. */
  readonly layers?: ProbeReport;
}

export interface CountedRate {
  readonly requests: number;
  readonly failed: number;
  /** 95 % interval of the share. */
  readonly low: number;
  readonly high: number;
}
