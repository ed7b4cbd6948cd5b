import { afterAll, describe, expect, test } from "vitest";
import { type Counted, columns, countRow, rows, tableText } from "./error-rates.ts";

const seeds = 100;
const counted: Counted[] = [];

/** Both kinds of error, on logs whose truth is known: `node bench/patterns.ts` prints the same table. */
describe("patterns of time", () => {
  afterAll(() => console.log(tableText(counted, seeds)));

  test.each(rows.map((row) => [row.name, row] as const))("%s", (_, row) => {
    const result = countRow(row, seeds);
    counted.push(result);
    const missed = row.must.filter((column) => result.found[column] < 0.95 * seeds);
    const wrong = columns.filter(
      (column) =>
        !row.must.includes(column) && !row.may.includes(column) && result.found[column] > 0.02 * seeds,
    );
    expect({ missed, wrong }).toEqual({ missed: [], wrong: [] });
  });
});
