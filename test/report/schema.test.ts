import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { renderMarkdown } from "../../src/render/markdown.ts";
import { renderTerminal } from "../../src/render/terminal.ts";
import { explained, healthy, partlyExplained, reportOf, undecided } from "../render/sample-reports.ts";
import { anyReport } from "./arbitrary-report.ts";
import { schemaErrors } from "./validate.ts";

test("the hand-made reports are valid", () => {
  expect(schemaErrors(reportOf([explained, partlyExplained, healthy, undecided]))).toEqual([]);
  expect(schemaErrors(reportOf([]))).toEqual([]);
});

test("whatever the type allows, the schema accepts and every renderer prints", () => {
  fc.assert(
    fc.property(anyReport, fc.boolean(), (report, verbose) => {
      expect(schemaErrors(JSON.parse(JSON.stringify(report)))).toEqual([]);
      const style = { width: 80, hasColor: false, hasUnicode: false };
      expect(renderTerminal(report, { style, verbose })).toMatch(/^[\x20-\x7e\n]+$/);
      expect(renderMarkdown(report, { verbose })).toContain("*why5xx ");
    }),
    { numRuns: 200 },
  );
});

/** Every object of a report by its path, so that each can be damaged in turn. */
function objectsIn(value: unknown, path = ""): [string, Record<string, unknown>][] {
  if (Array.isArray(value)) return value.flatMap((item, i) => objectsIn(item, `${path}/${i}`));
  if (typeof value !== "object" || value === null || path.endsWith("/body")) return [];
  const children = Object.entries(value).flatMap(([key, child]) => objectsIn(child, `${path}/${key}`));
  return [[path, value as Record<string, unknown>], ...children];
}

const copy = (): unknown =>
  structuredClone(reportOf([explained, partlyExplained, undecided], { losses: [{ what: "a", why: "b" }] }));
const isCounter = (path: string): boolean => /\/(codes|classes)$/.test(path);

test("an unknown property is refused in every object", () => {
  const paths = objectsIn(copy()).map(([path]) => path);
  expect(paths.length).toBeGreaterThan(50);
  for (const path of paths) {
    const report = copy();
    const object = objectsIn(report).find(([p]) => p === path)?.[1] ?? {};
    object["surprise"] = 1;
    expect(schemaErrors(report), `unknown property at ${path}`).not.toEqual([]);
  }
});

test("a missing required property is refused in every object", () => {
  const optional = new Set([
    "namespace",
    "object",
    "origin",
    "from",
    "to",
    "share",
    "why",
    "lookAt",
    "see",
    "patch",
    "effect",
  ]);
  let tried = 0;
  for (const [path, object] of objectsIn(copy())) {
    if (isCounter(path)) continue;
    for (const key of Object.keys(object)) {
      if (optional.has(key) || (key === "subject" && path.includes("/because/"))) continue;
      const report = copy();
      delete objectsIn(report).find(([p]) => p === path)?.[1][key];
      expect(schemaErrors(report), `no ${key} at ${path}`).not.toEqual([]);
      tried++;
    }
  }
  expect(tried).toBeGreaterThan(100);
});

describe("what a report may not say", () => {
  const finding = explained.findings[0];
  const ruledOut = explained.findings[1];
  if (finding === undefined || ruledOut === undefined) throw new Error("the sample has no findings");
  const withFinding = (f: object) => reportOf([{ ...explained, findings: [f as typeof finding] }]);
  test.each([
    ["confidence over 1", withFinding({ ...finding, confidence: 1.2 })],
    ["confidence in what was refuted", withFinding({ ...ruledOut, confidence: 0.3 })],
    ["a share of what is not supported", withFinding({ ...ruledOut, share: { explained: 1, of: 2 } })],
    ["a fix for what is not supported", withFinding({ ...ruledOut, fixes: finding.fixes })],
    ["a supported cause with no chain", withFinding({ ...finding, because: [] })],
    ["a cause id with capitals", withFinding({ ...finding, cause: "OOMKilled" })],
    ["a status that is none", reportOf([{ ...explained, status: "fine" as "healthy" }])],
    [
      "a status code of two digits",
      reportOf([{ ...explained, symptom: { ...explained.symptom, codes: { "50": 1 } } }]),
    ],
    ["half a request", reportOf([{ ...explained, symptom: { ...explained.symptom, failed: 0.5 } }])],
    ["a moment without a time zone", reportOf([], { collectedAt: "2026-11-18 10:30:00" })],
    ["another schema", reportOf([], { schema: "why5xx.report/v2" as "why5xx.report/v1" })],
  ])("%s", (_, report) => expect(schemaErrors(report)).not.toEqual([]));
});
