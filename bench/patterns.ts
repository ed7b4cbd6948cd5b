import { countRow, rows, tableText } from "../test/logs/patterns/error-rates.ts";

/** Prints how often each pattern of time is found in simulated logs whose truth is known: `node bench/patterns.ts [seeds]`. */
const seeds = Number(process.argv[2] ?? 100);
console.log(`seeds in a hundred that show a pattern; * must, ~ may (${seeds} seeds of each shape)`);
console.log(
  tableText(
    rows.map((row) => countRow(row, seeds)),
    seeds,
  ),
);
