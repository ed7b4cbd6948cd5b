import { expect, test } from "vitest";
import { failureText } from "../../src/cli/failure.ts";
import { UsageProblem } from "../../src/cli/usage-problem.ts";
import { BadTarget } from "../../src/target/target.ts";

test.each([new UsageProblem("no flag --x."), new BadTarget("cannot read it.")])(
  "%s is told as it is",
  (error) => {
    expect(failureText(error, "why5xx", false)).toBe(`why5xx: ${error.message}`);
  },
);

test("a bug asks for a report and keeps its stack for --debug", () => {
  const error = new TypeError("x is undefined");
  const short = failureText(error, "kubectl why5xx", false);
  expect(short).toBe(
    "why5xx: internal error: x is undefined\nThis is a bug in why5xx. Please report it with what this prints: kubectl why5xx … --debug",
  );
  expect(failureText(error, "why5xx", true)).toContain("failure.test.ts");
});

test("what was thrown need not be an error", () => {
  expect(failureText("boom", "why5xx", false)).toContain("internal error: boom");
});

test("a message cannot act on the terminal, and keeps its own lines", () => {
  expect(failureText(new UsageProblem("bad \u001b[2J name\nTry: why5xx"), "why5xx", false)).toBe(
    "why5xx: bad \\u{1b}[2J name\nTry: why5xx",
  );
});
