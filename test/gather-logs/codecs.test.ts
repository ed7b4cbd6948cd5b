import { constants, gzipSync, zstdCompressSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { lacks } from "../support/programs.ts";
import { accessLines, contentOutcome, piped } from "./disk.ts";

const lines = accessLines(12_000);
const text = Buffer.from(lines);
const zstd = (bytes: Uint8Array): Buffer =>
  zstdCompressSync(bytes, { params: { [constants.ZSTD_c_checksumFlag]: 1 } });

const whole = { texts: { log: lines }, losses: [] };

/** A gzip header with every optional part: extra field, name, comment and header checksum. */
function withLongHeader(gz: Buffer): Buffer {
  const header = Buffer.from(gz.subarray(0, 10));
  header[3] = 2 + 4 + 8 + 16;
  return Buffer.concat([
    header,
    Buffer.from([5, 0, 1, 2, 3, 4, 5]),
    Buffer.from(`${"n".repeat(700)}\0comment\0\u0012\u0034`, "latin1"),
    gz.subarray(10),
  ]);
}

describe("what is compressed is read as its text", () => {
  test.each([
    ["plain", text],
    ["gzip", gzipSync(text)],
    ["gzip stored without compression", gzipSync(text, { level: 0 })],
    ["gzip with every optional header part", withLongHeader(gzipSync(text))],
    [
      "gzip members one after the other",
      Buffer.concat([gzipSync(text.subarray(0, 99)), gzipSync(text.subarray(99))]),
    ],
    [
      "an empty gzip member between two",
      Buffer.concat([gzipSync(text.subarray(0, 9)), gzipSync(""), gzipSync(text.subarray(9))]),
    ],
    ["gzip padded with zeros", Buffer.concat([gzipSync(text), Buffer.alloc(5000)])],
    ["zstd", zstd(text)],
    ["zstd without checksum", zstdCompressSync(text)],
    ["zstd frames one after the other", Buffer.concat([zstd(text.subarray(0, 99)), zstd(text.subarray(99))])],
    [
      "a zstd frame to pass over",
      Buffer.concat([Buffer.from("50 2a 4d 18 03 00 00 00 61 62 63".replaceAll(" ", ""), "hex"), zstd(text)]),
    ],
    ["zstd in gzip", gzipSync(zstd(text))],
  ])("%s", async (_, bytes) => {
    expect(await contentOutcome(bytes)).toEqual(whole);
  });

  test("many small gzip members, as block gzip writes them", async () => {
    const members: Buffer[] = [];
    for (let at = 0; at < text.length; at += 4000) members.push(gzipSync(text.subarray(at, at + 4000)));
    expect(await contentOutcome(Buffer.concat(members))).toEqual(whole);
  });

  test.each([
    ["gzip", gzipSync("")],
    ["zstd", zstd(Buffer.alloc(0))],
    ["nothing at all", Buffer.alloc(0)],
  ])("an empty one is empty, and no damage (%s)", async (_, bytes) => {
    expect(await contentOutcome(bytes)).toEqual({ texts: {}, losses: [] });
  });

  test.skipIf(lacks("zstd files of the zstd program", ["zstd", "--version"]))(
    "what the zstd program writes at its extremes",
    async () => {
      for (const args of [["-1"], ["-19", "--long=27"], ["--no-check"], ["--ultra", "-22", "-T0"]])
        expect(await contentOutcome(piped("zstd", ["-c", ...args], text))).toEqual(whole);
    },
  );

  test.skipIf(lacks("gzip files of the gzip program", ["gzip", "--version"]))(
    "what the gzip program writes",
    async () => {
      for (const args of ["-1", "-9"])
        expect(await contentOutcome(piped("gzip", ["-c", args], text))).toEqual(whole);
    },
  );
});

describe("formats that are not read say how to unpack them", () => {
  test.each([
    ["fd377a585a0000", "xz -dk"],
    ["504b0304140000", "unzip"],
    ["04224d18644040", "lz4 -dk"],
  ])("%s", async (magic, command) => {
    const { texts, losses } = await contentOutcome(Buffer.from(magic, "hex"));
    expect(texts).toEqual({});
    expect(losses).toHaveLength(1);
    expect(losses[0]?.why).toContain(command);
  });
});
