import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import { expect, test } from "vitest";
import { renderJson } from "../../src/render/json.ts";
import { renderLogsMarkdown } from "../../src/render/logs-markdown.ts";
import { renderLogsTerminal } from "../../src/render/logs-terminal.ts";
import { logsReportJsonSchema } from "../../src/report/logs-schema.ts";
import type { LogsReport } from "../../src/report/logs-report.ts";
import { anyLogsReport } from "./arbitrary-logs-report.ts";

const isValid = new Ajv2020({ strict: true, allErrors: true }).compile(logsReportJsonSchema);

const [sample] = fc.sample(anyLogsReport, { numRuns: 1, seed: 7 }) as [LogsReport];

const controls = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/; // oxlint-disable-line no-control-regex

test("whatever the type allows, the schema accepts and every renderer prints, hostile text disarmed", () => {
  fc.assert(
    fc.property(anyLogsReport, fc.boolean(), (report, verbose) => {
      isValid(JSON.parse(JSON.stringify(report)));
      expect(isValid.errors ?? []).toEqual([]);
      const ascii = { width: 60, hasColor: false, hasUnicode: false };
      expect(renderLogsTerminal(report, { style: ascii, verbose })).toMatch(/^[\x20-\x7e\n]+$/);
      const unicode = { width: 100, hasColor: false, hasUnicode: true };
      expect(renderLogsTerminal(report, { style: unicode, verbose })).not.toMatch(controls);
      expect(renderLogsMarkdown(report, { verbose })).not.toMatch(controls);
      expect(JSON.parse(renderJson(report))).toEqual(JSON.parse(JSON.stringify(report)));
    }),
    { numRuns: 200 },
  );
});

test.each(Object.keys(sample).filter((key) => key !== "window"))("a report without %s is refused", (key) => {
  const { [key as keyof LogsReport]: _left, ...rest } = sample;
  expect(isValid(JSON.parse(JSON.stringify(rest)))).toBe(false);
});

test("an unknown property is refused", () => {
  expect(isValid({ ...JSON.parse(JSON.stringify(sample)), more: 1 })).toBe(false);
});
