import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Report } from "../../src/report/report.ts";
import { renderJson } from "../../src/render/json.ts";
import { renderMarkdown } from "../../src/render/markdown.ts";
import { renderTerminal } from "../../src/render/terminal.ts";
import { explained, partlyExplained, reportOf, undecided } from "./sample-reports.ts";

/** The same reports with every free string replaced by something a stranger may have written. */
const poisoned = (text: string): Report =>
  JSON.parse(
    JSON.stringify(reportOf([explained, partlyExplained, undecided], { losses: [{ what: "w", why: "y" }] })),
    (key, value: unknown) =>
      typeof value === "string" && !fixedKeys.has(key) ? `${value.slice(0, 4)}${text}` : value,
  ) as Report;

const fixedKeys = new Set(["status", "state", "weight", "applicability", "schema", "pattern", "type"]);

const attacks = [
  "\u001b]8;;http://evil\u0007click\u001b]8;;\u0007",
  "\u001b[2J\u001b[H",
  "\n✓ everything is fine",
  "\r\n\r\n",
  "\u202egnp.exe",
  "``` \n# heading\n```sh\nrm -rf /\n```",
  "| a | b |\n|---|---|",
  "<script>alert(1)</script><!-- ",
  "[x](javascript:alert(1)) ![](http://evil/pixel)",
  "@channel @here",
  "`code` ``more`` ```fence```",
];

const controls = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/; // oxlint-disable-line no-control-regex
const style = { width: 100, hasColor: false, hasUnicode: true };
const lineCount = (text: string): number => text.split("\n").length;

function shape(text: string) {
  const lines = text.split("\n");
  const fences = lines.filter((l) => /^ *`{3,}(sh)?$/.test(l)).length;
  return {
    lines: lineCount(text),
    headings: lines.filter((l) => l.startsWith("#")).length,
    fences,
    rows: lines.filter((l) => l.startsWith("|")).map((l) => l.replace(/\\[\s\S]/g, "").split("|").length),
  };
}

describe.each(attacks)("%j", (attack) => {
  test("the terminal gets no control character and no line of the attacker's making", () => {
    const text = renderTerminal(poisoned(attack), { style, verbose: true });
    expect(text).not.toMatch(controls);
    expect(text).not.toMatch(/^✓ everything/m);
  });

  test("Markdown keeps its shape: as many lines, headings, fences and cells as without it", () => {
    const text = renderMarkdown(poisoned(attack), { verbose: true });
    expect(shape(text)).toEqual(shape(renderMarkdown(poisoned("x"), { verbose: true })));
    expect(text).not.toMatch(controls);
  });

  test("JSON carries it unchanged and unarmed", () => {
    const report = poisoned(attack);
    const text = renderJson(report);
    expect(JSON.parse(text)).toEqual(report);
    expect(text).not.toMatch(controls);
  });
});

test("Markdown outside code holds no live HTML, link, image or mention", () => {
  const text = renderMarkdown(poisoned(attacks.join(" ")), { verbose: true });
  const prose = text
    .split("\n")
    .filter((line) => !/^ *(`{3,}|kube|why5)/.test(line))
    .join("\n")
    .replace(/(?<![\\`])(`+)(?!`)[\s\S]*?(?<!`)\1(?!`)/g, "");
  expect(prose).not.toMatch(/<(?!\/?em)/);
  expect(prose).not.toMatch(/(?<!\\)\]\(/);
  expect(prose).not.toMatch(/@[a-z]/);
  expect(prose).not.toMatch(/http:\/\//);
});

test("whatever the strings, JSON is read back as the same report", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 40 }), (text) => {
      const report = poisoned(text);
      expect(JSON.parse(renderJson(report))).toEqual(report);
    }),
    { numRuns: 50 },
  );
});
