import type { TimelineReport } from "../../report/incident-report.ts";
import { count } from "../words.ts";

const blocks = "▁▂▃▄▅▆▇█";

/** A line of blocks for each kind of failure, on one scale; a step without one is a dot. */
export function sparkline({ series, from, seconds }: NonNullable<TimelineReport["bins"]>): string[] {
  const most = Math.max(1, ...series.flatMap((s) => s.counts));
  const width = Math.max(...series.map((s) => s.key.length), 0);
  const length = series[0]?.counts.length ?? 0;
  const block = (n: number): string =>
    n === 0 ? "·" : (blocks[Math.min(7, Math.ceil((n / most) * 8) - 1)] ?? "█");
  const clock = (i: number): string =>
    new Date(Date.parse(from) + i * seconds * 1000).toISOString().slice(11, 19);
  const ends = `${clock(0)}${" ".repeat(Math.max(1, length - 16))}${clock(length)}`;
  return [
    ...series.map(
      ({ key, counts }) =>
        `${key.padEnd(width)}  ${counts.map(block).join("")}  ${count(counts.reduce((a, b) => a + b, 0))}, at most ${count(Math.max(...counts))}`,
    ),
    `${"".padEnd(width)}  ${ends}`,
  ];
}
