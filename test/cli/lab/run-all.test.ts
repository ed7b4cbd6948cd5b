import { describe, expect, it } from "vitest";
import { countsAt } from "../../../src/cli/lab/fixed-run.ts";
import { type Job, runAll } from "../../../src/cli/lab/run-all.ts";

const job = (name: string, run: () => string): Job<string> => ({
  name,
  command: `make ${name}`,
  run: async () => run(),
});
const broken = job("b", () => {
  throw new Error("no room");
});

describe("runs one after the other", () => {
  it("go on when one breaks down, and say how to repeat it", async () => {
    const told: string[] = [];
    const done = await runAll([job("a", () => "A"), broken, job("c", () => "C")], {
      isVerbose: false,
      onRun: (run, count) => void told.push(`${run} ${count}`),
    });
    expect(done).toEqual({ runs: ["A", "C"], broken: ["make b: no room"] });
    expect(told).toEqual(["A 1 of 3", "C 3 of 3"]);
  });

  it("begin no more when they are told to end, and what ran meanwhile is no verdict", async () => {
    const ended = job("b", () => {
      process.emit("SIGINT");
      return "B";
    });
    const jobs = [job("a", () => "A"), ended, job("c", () => "C")];
    const done = await runAll(jobs, { isVerbose: false, onRun: () => {} });
    expect(done).toEqual({ runs: ["A"], broken: ["make b: interrupted"] });
  });
});

const tried = (path: string, status: number) => ({
  id: "1",
  method: "GET",
  host: "shop.example.com",
  path,
  client: "198.51.100.7",
  dueMs: 0,
  startMs: 0,
  endMs: 1,
  status,
});

it("what fails beside the target is not held against a fix", () => {
  const after = [tried("/cart/items", 200), tried("/cart", 502), tried("/reviews/feed", 503)];
  expect(countsAt("shop.example.com/cart", after)).toEqual({ requests: 2, failed: 1 });
});
