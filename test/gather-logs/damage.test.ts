import { constants, gzipSync, zstdCompressSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { lacks } from "../support/programs.ts";
import { accessLines, contentOutcome, piped } from "./disk.ts";

const lines = accessLines(20_000);
const text = Buffer.from(lines);
const gz = gzipSync(text);
const zst = zstdCompressSync(text, { params: { [constants.ZSTD_c_checksumFlag]: 1 } });

const turned = (bytes: Buffer, at: number): Buffer => {
  const copy = Buffer.from(bytes);
  copy[at]! ^= 0x10;
  return copy;
};

describe("a file that ends early gives what is in it, and how much that was", () => {
  test("gzip: every byte that can be inflated", async () => {
    const { texts, losses } = await contentOutcome(gz.subarray(0, gz.length - 5000));
    const read = texts["log"]!;
    expect(lines.startsWith(read)).toBe(true);
    expect(lines.length - read.length).toBeLessThan(50_000);
    expect(losses).toHaveLength(1);
    const said = /^ends early \(gzip\): what comes before is used: [\d.]+ MiB, about (\d+) lines$/.exec(
      losses[0]!.why,
    );
    const exact = read.split("\n").length - 1;
    expect(Math.abs(Number(said?.[1]) - exact) / exact).toBeLessThan(0.02);
  });

  test("gzip without its checksum: all of the text", async () => {
    for (const missing of [1, 7, 8]) {
      const { texts, losses } = await contentOutcome(gz.subarray(0, gz.length - missing));
      expect(texts["log"]).toBe(lines);
      expect(losses[0]?.why).toMatch(/^ends early/);
    }
  });

  test("gzip of which only the header is there", async () => {
    const { texts, losses } = await contentOutcome(gz.subarray(0, 10));
    expect(texts).toEqual({});
    expect(losses).toEqual([{ what: "log", why: "ends early (gzip): nothing of it could be read" }]);
  });

  test("zstd: every whole block", async () => {
    const { texts, losses } = await contentOutcome(zst.subarray(0, zst.length - 5000));
    expect(lines.startsWith(texts["log"]!)).toBe(true);
    expect(lines.length - texts["log"]!.length).toBeLessThan(300_000);
    expect(losses[0]?.why).toMatch(/^ends early \(zstd\)/);
  });

  test("zstd without its checksum: all of the text", async () => {
    const { texts, losses } = await contentOutcome(zst.subarray(0, -2));
    expect(texts["log"]).toBe(lines);
    expect(losses).toHaveLength(1);
  });
});

describe("a damaged file gives what comes before the damage", () => {
  test("gzip with a wrong checksum, and with a wrong length: all of it", async () => {
    for (const at of [gz.length - 8, gz.length - 1]) {
      const { texts, losses } = await contentOutcome(turned(gz, at));
      expect(texts["log"]).toBe(lines);
      expect(losses[0]?.why).toMatch(/^is damaged \(its checksum does not fit what it holds\) \(gzip\)/);
    }
  });

  test("zstd with a wrong checksum: all of it", async () => {
    const { texts, losses } = await contentOutcome(turned(zst, zst.length - 1));
    expect(texts["log"]).toBe(lines);
    expect(losses[0]?.why).toMatch(/^is damaged \(its checksum/);
  });

  test("gzip followed by something else", async () => {
    const { texts, losses } = await contentOutcome(Buffer.concat([gz, Buffer.from("garbage")]));
    expect(texts["log"]).toBe(lines);
    expect(losses[0]?.why).toMatch(/^is followed by bytes that are not gzip/);
  });

  test("a damaged member does not hide those before it", async () => {
    const broken = Buffer.concat([gzipSync("first\n"), turned(gzipSync("x".repeat(9)), 12)]);
    const { texts, losses } = await contentOutcome(broken);
    expect(texts["log"]!.startsWith("first\n")).toBe(true);
    expect(losses).toHaveLength(1);
  });
});

describe.skipIf(lacks("damaged bzip2", ["bzip2", "--version"]))("bzip2", () => {
  const bz2 = piped("bzip2", ["-c1"], text);

  test("cut: every whole block", async () => {
    const { texts, losses } = await contentOutcome(bz2.subarray(0, bz2.length - 5000));
    expect(lines.startsWith(texts["log"]!)).toBe(true);
    expect(lines.length - texts["log"]!.length).toBeLessThan(300_000);
    expect(losses[0]?.why).toMatch(/^ends early \(bzip2\)/);
  });

  test("with a turned bit in the middle: the blocks before", async () => {
    const { texts, losses } = await contentOutcome(turned(bz2, bz2.length >> 1));
    expect(lines.startsWith(texts["log"]!)).toBe(true);
    expect(texts["log"]!.length).toBeGreaterThan(lines.length / 3);
    expect(losses[0]?.why).toMatch(/^is damaged/);
  });
});
