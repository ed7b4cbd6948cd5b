import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { pack } from "tar-stream";
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

const nothing: Evidence = {
  collectedAt: "2026-11-18T10:30:00Z",
  source: { kind: "files", name: "x" },
  objects: {},
  coverage: [],
  logs: [],
  losses: [],
};

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
    const evidence = withLogs(nothing, log === undefined ? [] : [log]);
    expect(evidence.logs).toHaveLength(1);
    expect(evidence.losses).toEqual([
      { what: `log ${path("access.log")}`, why: "too large: the oldest 8 B were left out" },
    ]);
    expect(withLogs(nothing, [])).toBe(nothing);
  });

  test.each([
    ["zstd", zstdCompressSync(Buffer.from("four\nfive\n"))],
    // printf 'four\nfive\n' | bzip2 -1
    [
      "bzip2",
      Buffer.from(
        "425a683131415926535918a323440000024180001003209300200021a69a1ea10c08db22c4078bb9229c28480c5191a200",
        "hex",
      ),
    ],
    ["UTF-16", Buffer.from("\uFEFFfour\nfive\n", "utf16le")],
  ])("%s is read by its bytes, whatever the name", async (_, bytes) => {
    writeFileSync(join(folder, "log"), bytes);
    const logs = await readLogFiles([path("log")]);
    expect(logs.map(({ name, bytes, losses }) => [name, textOf(bytes), losses])).toEqual([
      [path("log"), "four\nfive\n", undefined],
    ]);
  });

  test("a tar gives a log for each member, and keeps the newest of them all", async () => {
    const tar = pack();
    tar.entry({ name: "error.log.1" }, "one\ntwo\n");
    tar.entry({ name: "error.log" }, "three\nfour\n");
    tar.finalize();
    writeFileSync(join(folder, "pile.tgz"), gzipSync(await buffer(tar)));
    const read = async (most?: number): Promise<unknown[]> =>
      (await readLogFiles([], [path("pile.tgz")], most)).map(({ name, bytes, droppedBytes }) => [
        name,
        textOf(bytes),
        droppedBytes,
      ]);
    expect(await read()).toEqual([
      [`${path("pile.tgz")}/error.log.1`, "one\ntwo\n", undefined],
      [`${path("pile.tgz")}/error.log`, "three\nfour\n", undefined],
    ]);
    expect(await read(10)).toEqual([
      [`${path("pile.tgz")}/error.log.1`, "", 8],
      [`${path("pile.tgz")}/error.log`, "three\nfour\n", undefined],
    ]);
  });

  test("of a damaged one, what could be read is used and the loss is told", async () => {
    const gz = gzipSync("four\nfive\n");
    writeFileSync(join(folder, "cut.gz"), gz.subarray(0, -4));
    const logs = await readLogFiles([path("cut.gz")]);
    const evidence = withLogs(nothing, logs);
    expect(evidence.logs.map(({ bytes }) => textOf(bytes))).toEqual(["four\nfive\n"]);
    expect(evidence.logs[0]).not.toHaveProperty("losses");
    expect(evidence.losses).toEqual([
      { what: path("cut.gz"), why: "ends early (gzip): what comes before is used: 10 B, about 2 lines" },
    ]);
    writeFileSync(join(folder, "cut.gz"), gz.subarray(0, 10));
    await expect(readLogFiles([path("cut.gz")])).rejects.toThrow(
      "ends early (gzip): nothing of it could be read",
    );
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
