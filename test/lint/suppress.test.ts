import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { baselineOf, baselineText, lintConfig } from "../../src/lint/config.ts";
import { lint, type LintOptions } from "../../src/lint/lint.ts";
import { lintRules } from "../../src/lint/rules.ts";
import type { LintReport } from "../../src/report/lint-report.ts";
import { casesFolder, evidenceOfText } from "./cases.ts";

const manifest = readFileSync(join(casesFolder, "single-replica/bad.yaml"), "utf8");

const ofText = async (text: string, options: Partial<LintOptions> = {}): Promise<LintReport> =>
  lint(await evidenceOfText(text), lintRules, { names: ["-"], ...options });

/** Annotations on the Deployment, or on the template of its pods. */
const annotated = (where: "object" | "template", lines: string): string =>
  where === "object"
    ? manifest.replace(
        "kind: Deployment\nmetadata:\n",
        `kind: Deployment\nmetadata:\n  annotations:\n    ${lines}\n`,
      )
    : manifest.replace(
        "    metadata:\n      labels:\n",
        `    metadata:\n      annotations:\n        ${lines}\n      labels:\n`,
      );

describe("an annotation leaves findings out", () => {
  test.each(["object", "template"] as const)("on the %s, with its reason", async (where) => {
    const indent = where === "object" ? "    " : "        ";
    const text = annotated(
      where,
      `why5xx.dev/ignore: "recreate-strategy, single-replica"\n${indent}why5xx.dev/ignore-reason: one is enough`,
    );
    const { findings, suppressed } = await ofText(text);
    expect(findings).toEqual([]);
    expect(suppressed.map(({ rule, by, reason }) => [rule, by, reason])).toEqual([
      ["single-replica", "annotation", "one is enough"],
    ]);
  });

  test("of another rule it leaves nothing out", async () => {
    const { findings } = await ofText(annotated("object", "why5xx.dev/ignore: recreate-strategy"));
    expect(findings.map((f) => f.rule)).toEqual(["single-replica"]);
  });

  test("an id that names no rule is told, with the nearest", async () => {
    const { losses } = await ofText(annotated("object", "why5xx.dev/ignore: singel-replica"));
    expect(losses).toEqual([
      {
        what: "Deployment shop/cart annotation why5xx.dev/ignore",
        why: 'there is no rule "singel-replica"; did you mean single-replica?',
      },
    ]);
  });
});

const ignoring = (object: string): Partial<LintOptions> => ({
  ignores: lintConfig({ ignore: [{ rule: "single-replica", object, reason: "staging" }] }).ignores,
});

describe("a configuration file leaves findings out", () => {
  test.each(["Deployment shop/cart", "Deployment shop/*", "* shop/*", "*"])("of %s", async (object) => {
    const { findings, suppressed } = await ofText(manifest, ignoring(object));
    expect(findings).toEqual([]);
    expect(suppressed.map((s) => [s.by, s.reason])).toEqual([["config", "staging"]]);
  });

  test.each(["Deployment shop/car", "Deployment sh.p/cart", "Service shop/*", ""])(
    "of %s it is another object",
    async (object) => {
      expect((await ofText(manifest, ignoring(object))).findings).toHaveLength(1);
    },
  );

  test.each([
    [{ ignore: [{ rule: "single-replica" }] }, "a reason is missing for single-replica"],
    [{ ignore: [{ reason: "x" }] }, "rule is missing"],
    [{ ignore: [{ rule: "single-replica", reason: "x", objekt: "y" }] }, 'there is no "objekt"'],
    [{ ignore: { rule: "single-replica" } }, "ignore has to be a list"],
    [{ ingore: [] }, 'there is no setting "ingore"'],
    ["single-replica", "it has to be a mapping"],
  ])("what is wrong with %j is told", (value, problem) => {
    expect(lintConfig(value).problems.join("; ")).toContain(problem);
  });
});

describe("a baseline leaves out what was there when it was written", () => {
  test("and nothing that came since, wherever lines have moved", async () => {
    const before = await ofText(manifest);
    const baseline = baselineOf(JSON.parse(baselineText(before.findings.map((f) => f.fingerprint))));
    const since = `# a line more\n${manifest.replace("maxUnavailable: 0", "maxUnavailable: 1")}`;
    const { findings, suppressed } = await ofText(since, { baseline: baseline ?? new Set() });
    expect(findings.map((f) => f.rule)).toEqual(["max-unavailable-all"]);
    expect(suppressed.map((s) => s.by)).toEqual(["baseline"]);
  });

  test.each([{}, [], null, { schema: "why5xx.lint/v1", findings: [] }])("%j is none", (value) => {
    expect(baselineOf(value)).toBeUndefined();
  });
});
