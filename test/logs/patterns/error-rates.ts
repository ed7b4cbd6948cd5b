import { patternsInTime } from "../../../src/logs/patterns/patterns-in-time.ts";
import type { Pattern } from "../../../src/logs/patterns/pattern.ts";
import type { Traffic } from "../../../src/logs/traffic.ts";
import * as simulated from "./time-worlds.ts";

export const columns = [
  "onset",
  "bursts",
  "periodic",
  "capacity",
  "count-flat",
  "memoryless",
  "outage-gaps",
] as const;
type Column = (typeof columns)[number];

/** What must be found in a shape, and what may be: everything else is a false report. */
export interface Row {
  readonly name: string;
  readonly shape: simulated.Shape;
  readonly must: readonly Column[];
  readonly may: readonly Column[];
}

export const rows: readonly Row[] = [
  { name: "race at random", shape: simulated.race, must: ["memoryless"], may: ["count-flat"] },
  { name: "race over a day", shape: simulated.raceOverDay, must: ["memoryless", "count-flat"], may: [] },
  { name: "rollout", shape: simulated.rollout, must: ["bursts"], may: ["onset"] },
  { name: "crash loop", shape: simulated.crashLoop, must: ["outage-gaps"], may: ["bursts", "onset"] },
  {
    name: "crash loop behind a probe",
    shape: simulated.crashLoopBehindProbe,
    must: ["outage-gaps"],
    may: ["bursts", "onset"],
  },
  { name: "one pod now and then", shape: simulated.nowAndThen, must: ["bursts"], may: ["onset"] },
  { name: "flapping probe", shape: simulated.flapping, must: ["periodic"], may: ["bursts", "onset"] },
  { name: "saturation", shape: simulated.saturation, must: ["capacity"], may: ["bursts", "onset"] },
  { name: "every five minutes", shape: simulated.cron, must: ["periodic", "bursts"], may: [] },
  { name: "always the same part", shape: simulated.constant, must: [], may: [] },
  { name: "deploy", shape: simulated.deploy, must: ["onset"], may: [] },
  // Failures that strike each request alike have no memory either.
  { name: "noise", shape: simulated.noise, must: [], may: ["memoryless"] },
  { name: "four failures", shape: simulated.few, must: [], may: [] },
];

export interface Counted {
  readonly row: Row;
  readonly found: Readonly<Record<Column, number>>;
}

/** How many of `seeds` seeds have each pattern. */
export function countRow(row: Row, seeds: number): Counted {
  const found = Object.fromEntries(columns.map((column) => [column, 0])) as Record<Column, number>;
  for (let seed = 1; seed <= seeds; seed++) {
    for (const column of columnsIn(row.shape(seed).traffic)) found[column]++;
  }
  return { row, found };
}

const columnsIn = (traffic: Traffic): Set<Column> => {
  const found = new Set<Column>();
  for (const pattern of patternsInTime(traffic)) {
    const column = columnOf(pattern);
    if (column !== undefined) found.add(column);
  }
  return found;
};

function columnOf(pattern: Pattern): Column | undefined {
  if (pattern.kind === "load-relation") return pattern.reading;
  return columns.find((column) => column === pattern.kind);
}

/** One line for each shape: how many seeds in a hundred have each pattern; * must be found, ~ may be. */
export function tableText(counted: readonly Counted[], seeds: number): string {
  const head = ["", ...columns].map((cell, i) => (i === 0 ? cell.padEnd(26) : cell.padStart(12))).join("");
  const lines = counted.map(({ row, found }) => {
    const cells = columns.map((column) => {
      const mark = row.must.includes(column) ? "*" : row.may.includes(column) ? "~" : " ";
      return `${((100 * found[column]) / seeds).toFixed(0)}${mark}`.padStart(12);
    });
    return row.name.padEnd(26) + cells.join("");
  });
  return [head, ...lines].join("\n");
}
