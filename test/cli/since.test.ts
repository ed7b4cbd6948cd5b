import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { logsSince } from "../../src/cli/since.ts";
import type { Evidence, LogStream } from "../../src/evidence/evidence.ts";

const collectedMs = Date.parse("2026-11-18T10:30:00Z");
const minuteMs = 60_000;

const evidence = (text: string): Evidence => ({
  collectedAt: new Date(collectedMs).toISOString(),
  source: { kind: "files", name: "x" },
  objects: {},
  coverage: [],
  logs: [{ name: "a.log", role: "access-log", bytes: Buffer.from(text) }],
  losses: [],
});

function kept(text: string, sinceMs: number): { text: string; log: LogStream | undefined } {
  const [log] = logsSince(evidence(text), sinceMs).logs;
  return { text: Buffer.from(log?.bytes ?? []).toString(), log };
}

const iso = (minutesAgo: number): string => new Date(collectedMs - minutesAgo * minuteMs).toISOString();

describe("logs since", () => {
  test("the access log's own time decides, whatever else a line holds", () => {
    const old = '10.0.0.1 - - [18/Nov/2026:09:29:59 +0000] "GET /?t=2026-11-18T10:29:00Z HTTP/1.1" 200 1\n';
    const recent =
      '10.0.0.1 - - [18/Nov/2026:11:30:00 +0300] "GET /?t=2020-01-01T00:00:00Z HTTP/1.1" 502 1\n';
    expect(kept(old + recent, 60 * minuteMs)).toMatchObject({
      text: "",
      log: { droppedBytes: old.length + recent.length },
    });
    const later = recent.replace("+0300", "+0100");
    expect(kept(old + later, 60 * minuteMs)).toMatchObject({
      text: later,
      log: { droppedBytes: old.length },
    });
  });

  test("lines without a time go with the next one that has one", () => {
    const lines = `${iso(90)} panic\n  at a\n  at b\n${iso(10)} started\n  more\n`;
    expect(kept(lines, 60 * minuteMs).text).toBe(`  at a\n  at b\n${iso(10)} started\n  more\n`);
  });

  test.each(["no time at all\nnone here\n", "2026/11/18 08:00:00 [error] local time without a zone\n", ""])(
    "%j stays whole",
    (text) => expect(kept(text, minuteMs)).toEqual({ text, log: evidence(text).logs[0] }),
  );

  test("a log that could not be read passes through", () => {
    const log: LogStream = { name: "a", role: "container", reason: "forbidden" };
    expect(logsSince({ ...evidence(""), logs: [log] }, minuteMs).logs).toEqual([log]);
  });

  test("keeps exactly the lines that are not older, for any log in order", () => {
    const ages = fc
      .array(fc.nat({ max: 200 }), { maxLength: 40 })
      .map((list) => list.toSorted((a, b) => b - a));
    fc.assert(
      fc.property(ages, fc.integer({ min: 1, max: 200 }), (minutes, since) => {
        const lines = minutes.map((age, i) => `${iso(age)} line ${i}${"x".repeat(i % 7)}\n`);
        const expected = lines.filter((_, i) => (minutes[i] ?? 0) <= since).join("");
        expect(kept(lines.join(""), since * minuteMs).text).toBe(expected);
      }),
    );
  });
});
