import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { findLogInputs } from "../../src/gather/log-files/find-inputs.ts";
import { accessLines, contentOutcome, Disk } from "./disk.ts";

const text = `${accessLines(9000)}für 😀\r\n`;
const utf8 = Buffer.from(text).toString("latin1");
const little = Buffer.from(`\uFEFF${text}`, "utf16le");
const big = Buffer.from(little).swap16();

test.each([
  ["little-endian, as PowerShell redirects", little],
  ["big-endian", big],
  ["compressed", gzipSync(little)],
])("UTF-16 is read as UTF-8: %s", async (_, bytes) => {
  expect(await contentOutcome(bytes)).toEqual({ texts: { log: utf8 }, losses: [] });
});

test("half a character at the end is marked, and harms nothing", async () => {
  const { texts } = await contentOutcome(little.subarray(0, little.length - 1));
  expect(texts["log"]).toBe(`${utf8.slice(0, -1)}${Buffer.from("\uFFFD").toString("latin1")}`);
});

test("the mark of UTF-8 is passed over", async () => {
  expect((await contentOutcome(Buffer.from("\uFEFFone\n"))).texts).toEqual({ log: "one\n" });
});

test("an input says that it is UTF-16, so that nobody scans its bytes as they are", async () => {
  using disk = new Disk();
  const paths = [
    disk.write("access.log", little),
    disk.write("access.log.gz", gzipSync(big)),
    disk.write("b.log", "x"),
  ];
  const { inputs } = await findLogInputs(paths);
  expect(inputs.map(({ encoding }) => encoding)).toEqual(["utf-16le", "utf-16be", undefined]);
});
