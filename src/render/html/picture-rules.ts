import type { TimelineReport, TimelineRowReport } from "../../report/incident-report.ts";
import { html, type Markup } from "./markup.ts";
import { clock } from "./picture-text.ts";
import type { Scale } from "./scale.ts";

/** Changes too near to each other for a flag each have one together. */
const nearest = 34;

interface RuleGroup {
  readonly x: number;
  readonly rows: readonly TimelineRowReport[];
}

export function ruleGroups({ rows }: TimelineReport, scale: Scale): RuleGroup[] {
  const groups: { x: number; rows: TimelineRowReport[] }[] = [];
  for (const row of rows) {
    if (row.mark === undefined) continue;
    const x = scale.x(Date.parse(row.from));
    const last = groups.at(-1);
    if (last !== undefined && x - last.x < nearest) last.rows.push(row);
    else groups.push({ x, rows: [row] });
  }
  return groups;
}

export const rulesMarkup = (groups: readonly RuleGroup[], top: number, bottom: number): Markup =>
  html`${groups.map(({ x, rows }) => {
    const first = rows[0]?.mark ?? 0;
    const last = rows.at(-1)?.mark ?? first;
    const label = first === last ? `${first}` : `${first}–${last}`;
    const width = 10 + label.length * 6;
    return html`<g class="rule"
      ><title>
        ${rows.map((row) => `${clock(Date.parse(row.from))}: ${row.text.slice(0, 200)}`).join("\n")}</title
      ><line x1="${x}" x2="${x}" y1="${top - 2}" y2="${bottom}" /><rect
        x="${x - width / 2}"
        y="${top - 18}"
        width="${width}"
        height="16"
        rx="8"
      /><text x="${x}" y="${top - 6}">${label}</text></g
    >`;
  })}`;
