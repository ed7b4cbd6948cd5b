import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { lintRules } from "../../src/lint/rules.ts";
import { renderLintGithub } from "../../src/render/lint-github.ts";
import { renderLintJunit } from "../../src/render/lint-junit.ts";
import { renderLintSarif } from "../../src/render/lint-sarif.ts";
import { renderLintTerminal } from "../../src/render/lint-terminal.ts";
import schema from "../../src/report/lint-report.schema.json" with { type: "json" };
import type { LintReport } from "../../src/report/lint-report.ts";
import { anyLintReport } from "./arbitrary-lint-report.ts";
import { caseNames, evidenceOfCase, linted } from "./cases.ts";

const isValid = new Ajv2020({ strict: true, allErrors: true }).compile(schema);
const controls = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/; // oxlint-disable-line no-control-regex

interface SarifResult {
  readonly ruleId: string;
  readonly ruleIndex: number;
  readonly level: string;
  readonly message: { readonly text: string };
  readonly locations: readonly {
    readonly physicalLocation?: {
      readonly artifactLocation: { readonly uri: string };
      readonly region?: { readonly startLine: number };
    };
    readonly logicalLocations: readonly { readonly fullyQualifiedName: string }[];
  }[];
  readonly partialFingerprints: Readonly<Record<string, string>>;
  readonly suppressions?: readonly { readonly kind: string; readonly justification?: string }[];
}

interface SarifRun {
  readonly tool: {
    readonly driver: { readonly name: string; readonly rules: readonly { readonly id: string }[] };
  };
  readonly results: readonly SarifResult[];
  readonly invocations: readonly { readonly executionSuccessful: boolean }[];
}

const sarifOf = (report: LintReport): { readonly version: string; readonly runs: readonly [SarifRun] } =>
  JSON.parse(renderLintSarif(report)) as { version: string; runs: [SarifRun] };

describe("whatever the type allows", () => {
  test("the schema accepts, and every renderer prints with hostile text disarmed", () => {
    fc.assert(
      fc.property(anyLintReport, fc.boolean(), (report, verbose) => {
        isValid(JSON.parse(JSON.stringify(report)));
        expect(isValid.errors ?? []).toEqual([]);
        const style = { width: 60, hasColor: false, hasUnicode: false };
        expect(renderLintTerminal(report, { style, verbose })).toMatch(/^[\x20-\x7e\n]+$/);
        for (const text of [renderLintGithub(report), renderLintJunit(report), renderLintSarif(report)])
          expect(text).not.toMatch(controls);
      }),
      { numRuns: 150 },
    );
  });

  test("a workflow command is one line for each finding, and text cannot start another", () => {
    fc.assert(
      fc.property(anyLintReport, (report) => {
        const lines = renderLintGithub(report).trimEnd().split("\n");
        expect(lines).toHaveLength(report.findings.length + 1);
        const commands = lines.filter((line) => line.startsWith("::"));
        expect(commands).toHaveLength(report.findings.length);
        for (const line of commands) expect(line).toMatch(/^::(error|warning|notice) [^:]*title=[^:]*::/);
      }),
      { numRuns: 150 },
    );
  });

  test("JUnit counts what it holds, and markup in a name stays text", () => {
    fc.assert(
      fc.property(anyLintReport, (report) => {
        const xml = renderLintJunit(report);
        const count = (pattern: RegExp): number => [...xml.matchAll(pattern)].length;
        expect(count(/<testcase /g)).toBe(Number(/<testsuites [^>]*tests="(\d+)"/.exec(xml)?.[1]));
        expect(count(/<failure /g)).toBe(report.counts.error + report.counts.warning);
        expect(count(/<skipped /g)).toBe(report.suppressed.length);
        expect(xml.replace(/<[a-z?/][^<>]*>/g, "")).not.toMatch(/[<>]/);
      }),
      { numRuns: 150 },
    );
  });

  test("SARIF has the properties that 2.1.0 asks for", () => {
    fc.assert(
      fc.property(anyLintReport, (report) => {
        const log = sarifOf(report);
        expect(log.version).toBe("2.1.0");
        const [{ tool, results, invocations }] = log.runs;
        expect(tool.driver.name).toBe("why5xx");
        expect(invocations[0]?.executionSuccessful).toBe(true);
        expect(results).toHaveLength(report.findings.length + report.suppressed.length);
        for (const result of results) {
          expect(tool.driver.rules[result.ruleIndex]?.id).toBe(result.ruleId);
          expect(["error", "warning", "note"]).toContain(result.level);
          expect(result.message.text).not.toBe("");
          for (const { physicalLocation } of result.locations)
            expect(physicalLocation?.artifactLocation.uri ?? "").not.toMatch(/[ <>"\\]/);
        }
        expect(results.filter((r) => r.suppressions !== undefined)).toHaveLength(report.suppressed.length);
      }),
      { numRuns: 150 },
    );
  });
});

describe("a real report", () => {
  test.each(caseNames)("of %s is what the schema says", async (name) => {
    const report = linted(await evidenceOfCase(name, "bad"));
    isValid(JSON.parse(JSON.stringify(report)));
    expect(isValid.errors ?? []).toEqual([]);
    expect(sarifOf(report).runs[0].tool.driver.rules.map((r) => r.id)).toEqual(lintRules.map((r) => r.id));
  });
});

test("an unknown property is refused, and so is a missing one", async () => {
  const report = JSON.parse(JSON.stringify(linted(await evidenceOfCase("single-replica", "bad")))) as object;
  expect(isValid({ ...report, more: 1 })).toBe(false);
  for (const key of Object.keys(report)) {
    const rest = Object.fromEntries(Object.entries(report).filter(([k]) => k !== key));
    expect(isValid(rest)).toBe(false);
  }
});
