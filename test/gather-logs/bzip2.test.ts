import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { lacks } from "../support/programs.ts";
import { accessLines, contentOutcome, piped } from "./disk.ts";

const isMissing = lacks("bzip2 files of the bzip2 program", ["bzip2", "--version"]);
const bzip2 = (bytes: Uint8Array, level = 9): Buffer => piped("bzip2", ["-c", `-${level}`], bytes);

/** `printf 'GET /cart 502\nGET /cart 502\n' | bzip2 -1` */
const known = Buffer.from(
  "425a683131415926535903e7f99a000008df8000104000d2000280040028001400200020aa806868201a00c36f30842ce21c4ba979f17724538509003e7f99a0",
  "hex",
);

const knownText = "GET /cart 502\nGET /cart 502\n";

async function textOf(bytes: Uint8Array): Promise<string> {
  const { texts, losses } = await contentOutcome(bytes);
  expect(losses).toEqual([]);
  return Object.values(texts).join("");
}

describe("bzip2", () => {
  test("a known file", async () => {
    expect(await textOf(known)).toBe(knownText);
  });

  test("a bit of it turned is noticed, wherever it is", async () => {
    let harmless = 0;
    for (let bit = 10 * 8; bit < known.length * 8; bit++) {
      const bytes = Buffer.from(known);
      bytes[bit >>> 3]! ^= 1 << (bit & 7);
      const { texts, losses } = await contentOutcome(bytes);
      // A few bits say nothing (padding, which of two equal rows is the first): then the text is right.
      const possible = losses.length === 0 ? [knownText] : ["", knownText];
      if (losses.length === 0) harmless++;
      expect(possible).toContain(texts["log"] ?? "");
    }
    expect(harmless).toBeLessThan(24);
  });
});

describe.skipIf(isMissing)("bzip2 as the program writes it", () => {
  const lines = accessLines(14_000);

  test.each([1, 5, 9])("several blocks at level %i", async (level) => {
    expect(await textOf(bzip2(Buffer.from(lines), level))).toBe(lines);
  });

  test("streams one after the other, also empty ones", async () => {
    const parts = [lines.slice(0, 5000), "", lines.slice(5000)];
    expect(await textOf(Buffer.concat(parts.map((part) => bzip2(Buffer.from(part)))))).toBe(lines);
  });

  test("a run of one byte longer than a block", async () => {
    const run = `start\n${"a".repeat(3_000_000)}\nend\n`;
    expect(await textOf(bzip2(Buffer.from(run), 1))).toBe(run);
  });

  test("runs of every length around those with a count", async () => {
    const runs = Array.from({ length: 600 }, (_, n) => "x".repeat(n)).join("y");
    expect(await textOf(bzip2(Buffer.from(runs)))).toBe(runs);
  });

  test("an empty file", async () => {
    expect(await textOf(bzip2(Buffer.alloc(0)))).toBe("");
  });

  test("any text comes back", async () => {
    const texts = fc.array(
      fc.oneof(
        fc.string({ unit: "grapheme", maxLength: 40 }),
        fc
          .tuple(fc.constantFrom("a", "b", "\n", "\u00ff"), fc.integer({ min: 1, max: 300 }))
          .map(([c, n]) => c.repeat(n)),
      ),
      { maxLength: 30 },
    );
    await fc.assert(
      fc.asyncProperty(texts, fc.integer({ min: 1, max: 9 }), async (parts, level) => {
        const text = Buffer.from(`10:30:00 ${parts.join("")}`);
        expect(await textOf(bzip2(text, level))).toBe(text.toString("latin1"));
      }),
      { numRuns: 40 },
    );
  });
});
