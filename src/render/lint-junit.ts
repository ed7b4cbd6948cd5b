import type { LintFindingReport, LintReport, SuppressedReport } from "../report/lint-report.ts";
import { visible } from "../base/text.ts";
import { placeText } from "./lint-words.ts";
import { safeReport } from "./safe-report.ts";
import { objectText } from "./words.ts";

/** JUnit XML: a rule is a suite, a finding a failure, a suppressed one skipped, a rule without any a test that passed. */
export function renderLintJunit(report: LintReport): string {
  const safe = safeReport(report, visible);
  const failures = safe.findings.filter((f) => f.severity !== "note").length;
  const suites = safe.rules.flatMap((rule) => {
    const found = safe.findings.filter((f) => f.rule === rule.id);
    const skipped = safe.suppressed.filter((f) => f.rule === rule.id);
    const cases = [...found.map(failed), ...skipped.map(skippedCase)];
    const body =
      cases.length > 0 ? cases : [`    <testcase classname="${xml(rule.id)}" name="${xml(rule.title)}"/>`];
    const failing = found.filter((f) => f.severity !== "note").length;
    return [
      `  <testsuite name="${xml(rule.id)}" tests="${body.length}" failures="${failing}" skipped="${skipped.length}">`,
      ...body,
      "  </testsuite>",
    ];
  });
  const tests = suites.filter((line) => line.startsWith("    <testcase")).length;
  return `${[
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="why5xx lint" tests="${tests}" failures="${failures}">`,
    ...suites,
    "</testsuites>",
  ].join("\n")}\n`;
}

/** A note fails nothing: it is a test that passed and has something to say. */
function failed(finding: LintFindingReport): string {
  const place = placeText(finding);
  const text = `${finding.message}${place === "" ? "" : ` (${place})`}`;
  const body =
    finding.severity === "note"
      ? `<system-out>${xml(text)}</system-out>`
      : `<failure type="${finding.severity}" message="${xml(finding.message)}">${xml(text)}</failure>`;
  return `    <testcase classname="${xml(finding.rule)}" name="${xml(nameOf(finding))}"${fileOf(finding)}>${body}</testcase>`;
}

const skippedCase = (finding: SuppressedReport): string =>
  `    <testcase classname="${xml(finding.rule)}" name="${xml(nameOf(finding))}"${fileOf(finding)}><skipped message="${xml(finding.reason ?? finding.by)}"/></testcase>`;

const nameOf = ({ object, field }: LintFindingReport): string => `${objectText(object)} ${field}`;

const fileOf = ({ place }: LintFindingReport): string =>
  place === undefined || place.file === "-" ? "" : ` file="${xml(place.file)}"`;

/** Control characters are spelled out before; XML 1.0 has no form for them. */
const xml = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
