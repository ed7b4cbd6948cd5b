import { describe, expect, test } from "vitest";
import { evidenceOf, frozenCases, targetOf } from "../../corpus/frozen-cases.ts";
import { catalogue } from "../../src/causes/catalogue.ts";
import { renderJson } from "../../src/render/json.ts";
import { renderMarkdown } from "../../src/render/markdown.ts";
import { renderTerminal } from "../../src/render/terminal.ts";
import { diagnose } from "../../src/verdict/diagnose.ts";
import { schemaErrors } from "./validate.ts";

const style = { width: 120, hasColor: false, hasUnicode: false };

describe("reports of every recorded case", () => {
  const cases = frozenCases();
  test("there are such cases", () => expect(cases.length).toBeGreaterThan(50));

  test.each(cases.map((c) => [c.id, c] as const))(
    "%s: valid, and printable in every format",
    async (_, recorded) => {
      const report = diagnose(await evidenceOf(recorded), targetOf(recorded), catalogue);
      expect(schemaErrors(JSON.parse(renderJson(report)))).toEqual([]);
      const text = renderTerminal(report, { style, verbose: true });
      expect(text).toMatch(/^[\x20-\x7e\n]+$/);
      const commands = report.targets.flatMap((t) =>
        t.findings.flatMap((f) => f.fixes.flatMap((fix) => fix.commands)),
      );
      for (const command of commands) expect(text.split("\n")).toContain(`      ${command}`);
      expect(renderMarkdown(report, { verbose: false })).toMatch(/collected \d{4}-\d\d-/);
    },
  );
});
