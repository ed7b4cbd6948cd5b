import type { ObjectRef } from "../evidence/object-ref.ts";
import type { Severity } from "../report/lint-report.ts";
import type { LintFacts } from "./facts.ts";

/** One rule, one file, one id. The id names the broken thing, never the remedy, and is never reused. */
export interface LintRule {
  readonly id: string;
  readonly severity: Severity;
  /** What is wrong, in a few words. */
  readonly title: string;
  /** Why that breaks requests, and what to do instead. */
  readonly why: string;
  /** Only of manifests: the same field of a running cluster is written by somebody else. */
  readonly isOfManifests?: true;
  readonly check: (facts: LintFacts) => readonly LintFinding[];
}

export interface LintFinding {
  readonly subject: ObjectRef;
  /** Which part of the subject, when it has several: a container, a port, a host and path. */
  readonly part?: string;
  readonly path: FieldPath;
  /** One sentence with the values that were read. */
  readonly message: string;
  /** Milder than the rule's own, when the evidence is weaker. */
  readonly severity?: Severity;
  readonly fix?: LintFix;
}

/** ["spec", "ports", 0, "targetPort"] */
export type FieldPath = readonly (string | number)[];

/**
 * The shape of a fix of a diagnosis, without its commands. Safe: what runs stays the same, so that `--fix` makes
 * it in the manifests. Unsafe: it changes what runs, or where requests go; a person decides.
 */
export interface LintFix {
  readonly title: string;
  readonly applicability: "safe" | "unsafe" | "display-only";
  readonly patch?: {
    readonly object: ObjectRef;
    readonly type: "merge" | "json" | "strategic";
    readonly body: unknown;
  };
  readonly effect?: string;
}

/** ".spec.ports[0].targetPort"; a key with dots or slashes in brackets and quotes. */
export const fieldText = (path: FieldPath): string =>
  path
    .map((step) => {
      if (typeof step === "number") return `[${step}]`;
      return /^[A-Za-z_][\w-]*$/.test(step) ? `.${step}` : `["${step}"]`;
    })
    .join("");
