import type { ObjectReport } from "./report.ts";
import type { VerifyReport } from "./verify-report.ts";

/** What `fix --apply` and `fix --rollback` have done, as plain JSON. */

export const appliedSchema = "why5xx.applied/v1";

export interface AppliedReport {
  readonly schema: typeof appliedSchema;
  readonly act: "applied" | "rolled-back";
  /** Of the journal: `fix --rollback ID`. */
  readonly id: string;
  readonly target: string;
  readonly cause: string;
  readonly title: string;
  readonly object: ObjectReport;
  readonly diff: readonly string[];
  /** Of the API server, and who will write the object again. */
  readonly warnings: readonly string[];
  /** Absent for an object that has no pods. */
  readonly rolledOut?: boolean;
  readonly verify?: VerifyReport;
}
