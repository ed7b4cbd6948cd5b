import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { lintRules } from "../../src/lint/rules.ts";
import { caseNames, casesFolder, evidenceOfCase, linted } from "./cases.ts";

describe("every rule has a case where it is broken, and the nearest one where it is not", () => {
  test("no rule without its case, no case without its rule", () => {
    expect(caseNames).toEqual(lintRules.map((rule) => rule.id).toSorted());
  });

  test.each(caseNames)("%s: the bad one has this finding and no other", async (name) => {
    const { findings } = linted(await evidenceOfCase(name, "bad"));
    const severity = lintRules.find((rule) => rule.id === name)?.severity;
    expect(findings.map((f) => [f.rule, f.severity])).toEqual([[name, severity]]);
  });

  test.each(caseNames)("%s: the good one has none at all", async (name) => {
    expect(linted(await evidenceOfCase(name, "good")).findings).toEqual([]);
  });

  test.each(caseNames)("%s: bad and good are a few lines apart", (name) => {
    const [bad, good] = (["bad", "good"] as const).map(
      (half) => new Set(readFileSync(join(casesFolder, name, `${half}.yaml`), "utf8").split("\n")),
    );
    const apart = [...(bad ?? [])].filter((line) => good?.has(line) !== true);
    expect(apart.length).toBeLessThanOrEqual(80);
    expect(bad).not.toEqual(good);
  });
});

describe("rules are told well", () => {
  test.each(lintRules)("$id", ({ id, title, why }) => {
    expect(id).toMatch(/^[a-z]+(-[a-z]+)+$/);
    expect(title).toMatch(/^[A-Z][^.]*$/);
    expect(why).toMatch(/\.$/);
    expect(why.length).toBeGreaterThan(60);
  });
});
