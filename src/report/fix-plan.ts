import type { FindingReport, FixReport, ObjectReport, Report, TargetStatus } from "./report.ts";

/** What `fix` proposes, as plain JSON: each change with what it makes of the object. */

export const fixSchema = "why5xx.fix/v1";

export interface FixPlan extends Pick<Report, "tool" | "collectedAt" | "source" | "losses" | "scope"> {
  readonly schema: typeof fixSchema;
  readonly targets: readonly TargetPlan[];
}

export interface TargetPlan {
  readonly target: string;
  readonly status: TargetStatus;
  readonly headline: string;
  /** The change that `--apply` makes when none is named; absent when the likeliest cause has none, or several, that a program can make. */
  readonly first?: number;
  readonly changes: readonly ChangeReport[];
}

export interface ChangeReport extends FixReport {
  /** From 1 on, over all targets: `--change N`. */
  readonly number: number;
  readonly cause: string;
  readonly confidence: FindingReport["confidence"];
  readonly subject?: ObjectReport;
  /** Unified diff of the object's YAML, a line each; empty where nothing can be shown. */
  readonly diff: readonly string[];
  /** Why there is a patch and no diff: "Service shop/cart was not read". */
  readonly noDiff?: string;
  /** Who will write the object again from its source, in a sentence; absent: nobody is known to. */
  readonly managed?: string;
}
