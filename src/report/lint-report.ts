import type { FixReport, ObjectReport } from "./report.ts";

/** What `lint` found: plain JSON, the only thing its renderers read. Published as `lint-report.schema.json`. */

export const lintSchema = "why5xx.lint/v1";

export type Severity = "error" | "warning" | "note";

export interface LintReport {
  readonly schema: typeof lintSchema;
  readonly tool: { readonly version: string };
  readonly source: { readonly kind: string; readonly names: readonly string[] };
  /** How much was looked at. */
  readonly scope: { readonly objects: number; readonly routes: number; readonly workloads: number };
  /** Every rule that ran, with its own severity; a finding may be milder. */
  readonly rules: readonly RuleReport[];
  readonly counts: Readonly<Record<Severity, number>>;
  /** Worst first. */
  readonly findings: readonly LintFindingReport[];
  /** Found, and not counted, each with who said so. */
  readonly suppressed: readonly SuppressedReport[];
  /** What could not be read, and suppressions that name no rule. */
  readonly losses: readonly { readonly what: string; readonly why: string }[];
}

interface RuleReport {
  readonly id: string;
  readonly severity: Severity;
  readonly title: string;
  /** Why it breaks requests, and what to do. */
  readonly why: string;
}

export interface LintFindingReport {
  readonly rule: string;
  readonly severity: Severity;
  /** One sentence with the values that were read. */
  readonly message: string;
  readonly object: ObjectReport;
  /** ".spec.template.spec.containers[0].readinessProbe" */
  readonly field: string;
  /** Where the object is written; absent for a cluster. */
  readonly place?: PlaceReport;
  /** The same from run to run: rule, object, and the part of it, never a value or a line. */
  readonly fingerprint: string;
  readonly fixes: readonly Omit<FixReport, "commands">[];
}

interface PlaceReport {
  readonly file: string;
  /** From 1; absent when the file is too large to be located in. */
  readonly line?: number;
  readonly column?: number;
}

export interface SuppressedReport extends LintFindingReport {
  readonly by: "annotation" | "config" | "baseline";
  readonly reason?: string;
}
