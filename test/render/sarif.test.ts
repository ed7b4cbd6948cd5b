import sarifSchema from "@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json" with { type: "json" };
import { Ajv } from "ajv";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { evidenceOf, frozenCases, targetOf } from "../../corpus/frozen-cases.ts";
import { catalogue } from "../../src/causes/catalogue.ts";
import { renderLintSarif } from "../../src/render/lint-sarif.ts";
import { artifactLocation, mostResults } from "../../src/render/sarif-log.ts";
import { renderSarif } from "../../src/render/sarif.ts";
import type { LintReport } from "../../src/report/lint-report.ts";
import type { Report } from "../../src/report/report.ts";
import { diagnose } from "../../src/verdict/diagnose.ts";
import { root, runProgram } from "../cli/run-program.ts";
import { anyLintReport } from "../lint/arbitrary-lint-report.ts";
import { caseNames, evidenceOfCase, linted } from "../lint/cases.ts";
import { anyReport } from "../report/arbitrary-report.ts";

/** It is written in draft 4, and uses nothing that draft 7 has otherwise. */
const { $schema: _draft, id: _id, ...draft7 } = sarifSchema;
const isValid = new Ajv({
  strict: false,
  allErrors: true,
  validateFormats: false,
  unicodeRegExp: false,
}).compile(draft7);

interface Log {
  readonly runs: readonly [
    {
      readonly tool: { readonly driver: { readonly rules: readonly { readonly id: string }[] } };
      readonly results: readonly {
        readonly ruleId: string;
        readonly ruleIndex: number;
        readonly message: { readonly text: string };
        readonly locations: readonly {
          readonly physicalLocation?: {
            readonly artifactLocation: { readonly uri: string };
            readonly region: { readonly startLine: number };
          };
        }[];
        readonly partialFingerprints: Readonly<Record<string, string>>;
        readonly relatedLocations?: readonly { readonly message: { readonly text: string } }[];
      }[];
      readonly invocations: readonly [
        { readonly toolExecutionNotifications: readonly { readonly message: { readonly text: string } }[] },
      ];
    },
  ];
}

function readBack(text: string): Log {
  const log = JSON.parse(text) as Log;
  isValid(log);
  expect(isValid.errors ?? []).toEqual([]);
  const [{ tool, results }] = log.runs;
  for (const result of results) expect(tool.driver.rules[result.ruleIndex]?.id).toBe(result.ruleId);
  return log;
}

const reportOf = async (id: string): Promise<Report> => {
  const found = frozenCases().find((c) => c.id === id);
  if (found === undefined) throw new Error(`no case ${id}`);
  return diagnose(await evidenceOf(found), targetOf(found), catalogue);
};

describe("the published schema of SARIF 2.1.0", () => {
  test("refuses what is none", () => {
    expect(isValid({ version: "2.1.0", runs: [{ tool: {} }] })).toBe(false);
    expect(isValid({ version: "2.1.0", runs: [{ tool: { driver: { name: "x" } }, result: [] }] })).toBe(
      false,
    );
  });

  test("accepts any report of lint", () => {
    fc.assert(
      fc.property(anyLintReport, (report) => {
        const [{ results }] = readBack(renderLintSarif(report)).runs;
        expect(results).toHaveLength(report.findings.length + report.suppressed.length);
      }),
      { numRuns: 40 },
    );
  });

  test("accepts any diagnosis", () => {
    fc.assert(
      fc.property(anyReport, (report) => {
        for (const { message } of readBack(renderSarif(report)).runs[0].results)
          expect(message.text).not.toContain("](");
      }),
      { numRuns: 40 },
    );
  });

  test.each(caseNames)("accepts what lint says of %s", async (name) => {
    const [{ results }] = readBack(renderLintSarif(linted(await evidenceOfCase(name, "bad")))).runs;
    expect(results.map((r) => r.ruleId)).toEqual([name]);
  });
});

describe("a diagnosis as SARIF", () => {
  test("has a result for the deepest cause, with its clues, its chain and how to mend it", async () => {
    const report = await reportOf("lab-oom-killed");
    const [{ results }] = readBack(renderSarif(report)).runs;
    expect(results).toMatchObject([
      {
        ruleId: "oom-killed",
        level: "error",
        rank: 99,
        partialFingerprints: { "why5xx/v1": "oom-killed:Deployment shop/cart" },
        locations: [{ logicalLocations: [{ fullyQualifiedName: "Deployment shop/cart" }] }],
        relatedLocations: [
          { message: { text: "No pod behind the Service is ready" } },
          { message: { text: "The container was killed for memory" } },
        ],
      },
    ]);
    expect(results[0]?.message.text).toMatch(/Clues:\n- .*OOMKilled.*\nFix:\n- Raise the memory limit/s);
  });

  test("of what nothing explains has no result, and says so", () => {
    const open: Report = {
      schema: "why5xx.report/v1",
      tool: { version: "1.2.3" },
      collectedAt: "2026-11-18T10:30:00Z",
      source: { kind: "files", name: "x" },
      targets: [
        {
          target: "shop.example.com/",
          alsoAffects: [],
          status: "unexplained",
          headline: "12 of 50 requests failed, and nothing that was read explains it",
          route: [],
          symptom: {
            counted: true,
            requests: 50,
            failed: 12,
            masked: 0,
            codes: { "502": 12 },
            classes: {},
            pattern: "sparse",
          },
          findings: [],
          unknown: [{ evidence: "gateway-error-log", reason: "not in the bundle", wouldDecide: [] }],
          next: [],
        },
      ],
      losses: [],
      scope: { routes: 1, healthy: 0, undecided: 0, missing: [] },
    };
    const [{ results, invocations }] = readBack(renderSarif(open)).runs;
    expect(results).toEqual([]);
    expect(invocations[0].toolExecutionNotifications.map((n) => n.message.text)).toEqual([
      "shop.example.com/: 12 of 50 requests failed, and nothing that was read explains it",
      "shop.example.com/: gateway-error-log: not in the bundle",
    ]);
  });
});

test("diagnose -o sarif prints it, and exits as it does otherwise", async () => {
  const bundle = join(root, "corpus/lab-oom-killed/bundle");
  const { stdout, code } = await runProgram(["diagnose", "--from", bundle, "-o", "sarif"]);
  expect(readBack(stdout).runs[0].results.map((r) => r.ruleId)).toEqual(["oom-killed"]);
  expect(code).toBe(1);
});

describe("what GitHub takes", () => {
  test("no more results than it reads, the worst of them, and the rest is told", async () => {
    const report = linted(await evidenceOfCase("single-replica", "bad"));
    const [finding] = report.findings;
    const many: LintReport = {
      ...report,
      findings: Array.from({ length: mostResults + 3 }, (_, i) => ({ ...finding!, fingerprint: `f${i}` })),
    };
    const [{ results, invocations }] = readBack(renderLintSarif(many)).runs;
    expect(results).toHaveLength(mostResults);
    expect(results.at(-1)?.partialFingerprints).toEqual({ "why5xx/v1": `f${mostResults - 1}` });
    expect(invocations[0].toolExecutionNotifications.map((n) => n.message.text)).toEqual([
      "3 more results are left out: readers take 25,000",
    ]);
  });

  test.each([
    ["./k8s/web.yaml", { uri: "k8s/web.yaml", uriBaseId: "%SRCROOT%" }],
    ["k8s/a#b ?.yaml", { uri: "k8s/a%23b%20%3F.yaml", uriBaseId: "%SRCROOT%" }],
    ["/tmp/x/web.yaml", { uri: "file:///tmp/x/web.yaml" }],
    ["k8s\\web.yaml", { uri: "k8s/web.yaml", uriBaseId: "%SRCROOT%" }],
  ])("a path as a URI: %s", (file, expected) => {
    expect(artifactLocation(file)).toEqual(expected);
  });
});
