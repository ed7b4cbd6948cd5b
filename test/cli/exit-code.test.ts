import { expect, test } from "vitest";
import { exitCode } from "../../src/cli/exit-code.ts";
import { explained, healthy, partlyExplained, reportOf, undecided } from "../render/sample-reports.ts";

const unexplained = { ...undecided, status: "unexplained" as const };

test.each([
  ["a cause", [explained], true, 1],
  ["a cause of part of it", [partlyExplained], true, 1],
  ["a cause beside an undecided route", [undecided, explained], false, 1],
  ["a cause beside failures nobody can explain", [unexplained, explained], false, 1],
  ["failures with no cause", [unexplained], true, 2],
  ["failures with no cause, no target asked for", [unexplained, healthy], false, 2],
  ["healthy", [healthy], true, 0],
  ["undecided, asked for", [undecided], true, 2],
  ["undecided beside healthy, asked for", [undecided, healthy], true, 2],
  ["undecided beside healthy, not asked for", [undecided, healthy], false, 0],
  ["undecided alone, not asked for", [undecided], false, 2],
  ["nothing at all, asked for", [], true, 2],
])("%s", (_, targets, isAsked, code) => expect(exitCode(reportOf(targets), isAsked)).toBe(code));

test("every route well and so none told", () => {
  expect(exitCode(reportOf([], { scope: { routes: 4, healthy: 4, undecided: 0, missing: [] } }), false)).toBe(
    0,
  );
});

test("no route found is no clean bill", () => {
  expect(exitCode(reportOf([], { scope: { routes: 0, healthy: 0, undecided: 0, missing: [] } }), false)).toBe(
    2,
  );
});
