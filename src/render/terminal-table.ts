import { displayWidth, padded } from "../base/text.ts";
import type { TargetReport } from "../report/report.ts";
import { type Ink, marked } from "./ink.ts";
import { block } from "./lines.ts";
import { count, percent, rootFindings } from "./words.ts";

const columns = ["STATUS", "TARGET", "FAILED", "CAUSE", "SURE"] as const;

/** Several targets at a glance, in the report's order; stacked when the terminal is too narrow for a table. */
export function tableLines(targets: readonly TargetReport[], ink: Ink): string[] {
  const rows = targets.map(cells);
  const widths = columns.map((title, i) =>
    Math.max(displayWidth(title), ...rows.map((row) => displayWidth(row[i] ?? ""))),
  );
  const total = 2 + widths.reduce((sum, w) => sum + w + 2, 0);
  const isTable = total <= ink.width;
  const lines = targets.map((target, i) => {
    const { sign, paint } = marked(ink, target.status);
    const row = rows[i] ?? [];
    return isTable
      ? [`${paint(sign)} ${tableRow(row, widths)}`]
      : [`${paint(sign)} ${target.target}`, ...block("    ", stacked(row), ink.width)];
  });
  return [...(isTable ? [ink.dim(`  ${tableRow(columns, widths)}`)] : []), ...lines.flat()];
}

function cells(target: TargetReport): string[] {
  const best = rootFindings(target)[0];
  const { counted, failed, requests } = target.symptom;
  return [
    target.status,
    target.target,
    counted ? `${count(failed)} of ${count(requests)}` : "not counted",
    best?.cause ?? "",
    best === undefined ? "" : percent(best.confidence),
  ];
}

/** Without the target, which has a line of its own. */
const stacked = (row: readonly string[]): string =>
  row.filter((cell, at) => at !== 1 && cell !== "").join(", ");

const tableRow = (row: readonly string[], widths: readonly number[]): string =>
  row
    .map((cell, i) => padded(cell, widths[i] ?? 0))
    .join("  ")
    .trimEnd();
