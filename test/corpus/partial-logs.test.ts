import { expect, it } from "vitest";
import type { Evidence, LogStream } from "../../src/evidence/evidence.ts";
import { loadedCases, verdictOf } from "./loaded.ts";

/** At or above this a supported finding is an accusation. */
const accusedFrom = 0.5;

const errorLine = /\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d \[/;
const isOfGateway = ({ namespace = "ingress" }: LogStream): boolean => namespace.includes("ingress");

function without(evidence: Evidence, drop: (line: string, i: number, lines: number) => boolean): Evidence {
  const logs = evidence.logs.map((log): LogStream => {
    if (log.bytes === undefined || !isOfGateway(log)) return log;
    const lines = Buffer.from(log.bytes).toString("latin1").split("\n");
    return {
      ...log,
      bytes: Buffer.from(lines.filter((line, i) => !drop(line, i, lines.length)).join("\n"), "latin1"),
    };
  });
  return { ...evidence, logs };
}

it.each([
  ["the error log", (line: string) => errorLine.test(line.slice(0, 80))],
  ["every other line", (_: string, i: number) => i % 2 === 1],
  ["its first half", (_: string, i: number, lines: number) => i < lines / 2],
  ["its second half", (_: string, i: number, lines: number) => i > lines / 2],
])(
  "a gateway's log without %s accuses nothing that was not true",
  (_name, drop) => {
    const wrong = loadedCases.flatMap(({ frozen, evidence, target }) => {
      const known = new Set([...frozen.expect.causes, ...(frozen.expect.acceptable ?? [])]);
      return verdictOf(without(evidence, drop), target)
        .targets.flatMap((t) => t.findings)
        .filter((f) => f.state === "supported" && f.confidence >= accusedFrom && !known.has(f.cause))
        .map((f) => `${frozen.id}: ${f.cause}`);
    });
    expect(loadedCases.length).toBeGreaterThan(300);
    expect(wrong).toEqual([]);
  },
  60_000,
);
