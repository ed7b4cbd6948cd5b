import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ascii, cut, displayWidth, padded, visible, wrapped } from "../../src/base/text.ts";

const hostile = fc.string({ unit: "binary", maxLength: 60 });

describe("visible", () => {
  test.each([
    ["\u001b[31mred\u001b[0m", "red"],
    ["\u001b]0;title\u0007", "\\u{1b}]0;title\\u{7}"],
    ["\u001b[2J", "\\u{1b}[2J"],
    ["one\ntwo\rthree", "one\\ntwo\\rthree"],
    ["a\tb", "a b"],
    ["user\u202enimda", "user\\u{202e}nimda"],
    ["\u200bzero\ufeff", "\\u{200b}zero\\u{feff}"],
    ["\u009b31m", "\\u{9b}31m"],
    ["half \ud800 pair", "half \\u{d800} pair"],
    ["tag\u{e0041}", "tag\\u{e0041}"],
    ["naïve 東京 🚀", "naïve 東京 🚀"],
  ])("%j is shown as %s", (text, shown) => expect(visible(text)).toBe(shown));

  test("leaves no control, format or surrogate character but those of scripts and emoji", () => {
    fc.assert(
      fc.property(hostile, (text) => {
        expect(visible(text)).not.toMatch(
          // oxlint-disable-next-line no-control-regex
          /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff\p{Cs}]/u,
        );
      }),
    );
  });

  test("is done once: a second time changes nothing", () => {
    fc.assert(
      fc.property(hostile, (text) => {
        expect(visible(visible(text))).toBe(visible(text));
      }),
    );
  });
});

describe("ascii", () => {
  test("signs get a likeness, letters are spelled out", () => {
    expect(ascii("80 → 8080 … 503 ×3 “cart” ü")).toBe('80 -> 8080 ... 503 x3 "cart" \\u{fc}');
  });
  test("whatever comes in, ASCII goes out", () => {
    fc.assert(
      fc.property(hostile, (text) => {
        expect(ascii(visible(text))).toMatch(/^[\x20-\x7e]*$/);
      }),
    );
  });
});

describe("width", () => {
  test.each([
    ["cart", 4],
    ["東京", 4],
    ["e\u0301", 1],
    ["🚀", 2],
    ["→ ✓", 3],
  ])("%s takes %i columns", (text, columns) => expect(displayWidth(text)).toBe(columns));

  test("cut keeps to the columns and says that it cut", () => {
    expect(cut("no-endpoints", 20)).toBe("no-endpoints");
    expect(cut("no-endpoints", 6)).toBe("no-en…");
    expect(cut("東京東京", 4)).toBe("東…");
    expect(cut("no-endpoints", 6, "...")).toBe("no-...");
  });

  test("padded counts what a terminal shows", () => expect(padded("東京", 6)).toBe("東京  "));
});

describe("wrapped", () => {
  test("breaks at spaces only", () => {
    expect(wrapped("the selector asks app=cart-v2", 12)).toEqual(["the selector", "asks", "app=cart-v2"]);
  });
  test("loses nothing, and only a single word may be too wide", () => {
    fc.assert(
      fc.property(hostile.map(visible), fc.integer({ min: 1, max: 30 }), (text, columns) => {
        const lines = wrapped(text, columns);
        expect(lines.join(" ").replace(/ +/g, " ").trim()).toBe(text.replace(/ +/g, " ").trim());
        for (const line of lines)
          expect(displayWidth(line) <= columns || !line.trim().includes(" ")).toBe(true);
      }),
    );
  });
});
