import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readLogFiles, withLogs } from "../../src/cli/log-files.ts";
import type { Evidence } from "../../src/evidence/evidence.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "why5xx-"));
  writeFileSync(join(folder, "access.log"), "one\ntwo\nthree\n");
  writeFileSync(join(folder, "access.log.gz"), gzipSync("four\nfive\n"));
  writeFileSync(join(folder, "broken.gz"), "no gzip");
  writeFileSync(join(folder, "empty.log"), "");
});
afterAll(() => rmSync(folder, { recursive: true }));

const path = (name: string): string => join(folder, name);
const textOf = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString();

describe("log files of the command line", () => {
  test("come as streams of their role, plain or gzipped, in the order given", async () => {
    const logs = await readLogFiles([path("access.log.gz"), path("access.log")], [path("empty.log")]);
    expect(logs.map(({ role, bytes }) => [role, textOf(bytes)])).toEqual([
      ["access-log", "four\nfive\n"],
      ["access-log", "one\ntwo\nthree\n"],
      ["error-log", ""],
    ]);
  });

  test.each([
    ["access.log", 8],
    ["access.log", 6],
  ])("a long one keeps its newest whole lines (%s, %i bytes)", async (name, most) => {
    const [log] = await readLogFiles([path(name)], [], most);
    expect(textOf(log?.bytes)).toBe("three\n");
    expect(log?.droppedBytes).toBe(8);
  });

  test("what was dropped is told as a loss", async () => {
    const [log] = await readLogFiles([path("access.log")], [], 8);
    const empty: Evidence = {
      collectedAt: "2026-11-18T10:30:00Z",
      source: { kind: "files", name: "x" },
      objects: {},
      coverage: [],
      logs: [],
      losses: [],
    };
    const evidence = withLogs(empty, log === undefined ? [] : [log]);
    expect(evidence.logs).toHaveLength(1);
    expect(evidence.losses).toEqual([
      { what: `log ${path("access.log")}`, why: "too large: the oldest 8 B were left out" },
    ]);
    expect(withLogs(empty, [])).toBe(empty);
  });

  test.each([
    ["absent.log", "there is no such file"],
    [".", "this is a folder"],
    ["broken.gz", "not a readable gzip file"],
  ])("%s: says why it cannot be read, and which flag named it", async (name, reason) => {
    await expect(readLogFiles([], [path(name)])).rejects.toThrow(`--error-log ${path(name)}: ${reason}`);
  });

  test("standard input can be only one of them", async () => {
    await expect(readLogFiles(["-"], ["-"])).rejects.toThrow("standard input (-) can be one log only");
  });
});
