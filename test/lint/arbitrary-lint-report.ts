import fc from "fast-check";
import { type LintFindingReport, type LintReport, lintSchema } from "../../src/report/lint-report.ts";

const hostile = fc.oneof(
  fc.string({ unit: "binary", maxLength: 20 }),
  fc.constantFrom("\u001b[31mred", "a\nb", "]]>", "<x>&\"'", "::error::x", "%0A", "\u202egnp", "name"),
);

const object = fc.record(
  { kind: hostile, namespace: hostile, name: hostile },
  { requiredKeys: ["kind", "name"] },
);

const severity = fc.constantFrom("error" as const, "warning" as const, "note" as const);

const finding: fc.Arbitrary<LintFindingReport> = fc.record(
  {
    rule: fc.constantFrom("single-replica", "prestop-hook-missing"),
    severity,
    message: hostile,
    object,
    field: hostile,
    place: fc.record(
      { file: hostile, line: fc.integer({ min: 1 }), column: fc.integer({ min: 1 }) },
      { requiredKeys: ["file"] },
    ),
    fingerprint: hostile,
    fixes: fc.array(
      fc.record(
        {
          title: hostile,
          applicability: fc.constantFrom("safe" as const, "unsafe" as const, "display-only" as const),
          patch: fc.record({ object, type: fc.constant("merge"), body: fc.jsonValue({ maxDepth: 2 }) }),
          effect: hostile,
        },
        { requiredKeys: ["title", "applicability"] },
      ),
      { maxLength: 2 },
    ),
  },
  { requiredKeys: ["rule", "severity", "message", "object", "field", "fingerprint", "fixes"] },
) as fc.Arbitrary<LintFindingReport>;

/** Any report that the type allows, with hostile text in it. */
export const anyLintReport: fc.Arbitrary<LintReport> = fc
  .record({
    findings: fc.array(finding, { maxLength: 5 }),
    suppressed: fc.array(
      fc
        .tuple(
          finding,
          fc.constantFrom("annotation" as const, "config" as const, "baseline" as const),
          hostile,
        )
        .map(([f, by, reason]) => ({ ...f, by, reason })),
      { maxLength: 3 },
    ),
    names: fc.array(hostile, { maxLength: 3 }),
    losses: fc.array(fc.record({ what: hostile, why: hostile }), { maxLength: 2 }),
  })
  .map(({ findings, suppressed, names, losses }) => {
    const count = (s: LintFindingReport["severity"]): number =>
      findings.filter((f) => f.severity === s).length;
    return {
      schema: lintSchema,
      tool: { version: "1.2.3" },
      source: { kind: "manifests", names },
      scope: { objects: 3, routes: 1, workloads: 1 },
      rules: ["single-replica", "prestop-hook-missing"].map((id) => ({
        id,
        severity: "warning",
        title: `Title of ${id}`,
        why: "Because.",
      })),
      counts: { error: count("error"), warning: count("warning"), note: count("note") },
      findings,
      suppressed,
      losses,
    };
  });
