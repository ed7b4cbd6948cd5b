import { cut, displayWidth, padded } from "../base/text.ts";
import type { Ink } from "./ink.ts";
import { shareText } from "./logs-words.ts";
import { count } from "./words.ts";

export interface Row {
  readonly name: string;
  readonly of: number;
  readonly failed: number;
  readonly note: string;
}

const widestName = 48;

/** Names with what failed of what they took, at most `most` of them. */
export function countTable(title: string, rows: readonly Row[], most: number, ink: Ink): string[] {
  const shown = rows.slice(0, most);
  const names = shown.map((row) => cut(row.name === "" ? "-" : row.name, widestName, ink.sign.ellipsis));
  const counts = shown.map((row) => `${count(row.failed)} of ${count(row.of)}`);
  const shares = shown.map((row) => shareText(row.failed, row.of));
  const nameWidth = Math.max(displayWidth(title), ...names.map(displayWidth));
  const countWidth = Math.max("failed".length, ...counts.map((text) => text.length));
  const shareWidth = Math.max(...shares.map((text) => text.length));
  const lines = shown.map((row, i) => {
    const note = row.note === "" ? "" : `  ${row.note}`;
    const text = `${padded(names[i] ?? "", nameWidth)}  ${(counts[i] ?? "").padStart(countWidth)}  ${(shares[i] ?? "").padStart(shareWidth)}${note}`;
    return `  ${cut(text, ink.width - 2, ink.sign.ellipsis)}`.trimEnd();
  });
  const head = `  ${padded(title, nameWidth)}  ${"failed".padStart(countWidth)}`;
  const folded = rows.length - shown.length;
  return [
    ink.dim(head),
    ...lines,
    ...(folded > 0 ? [ink.dim(`  ${ink.sign.ellipsis} ${folded} more with --verbose`)] : []),
  ];
}
