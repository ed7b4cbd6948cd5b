import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { diffLines } from "../../src/fix/diff-lines.ts";
import { unifiedDiff } from "../../src/fix/unified-diff.ts";

const texts = fc.array(fc.constantFrom("a", "b", "c", "  d", "e"), { maxLength: 14 });

/** Length of the longest common subsequence, by the table everybody knows. */
function commonLength(a: readonly string[], b: readonly string[]): number {
  const table = Array.from({ length: a.length + 1 }, () => Array.from({ length: b.length + 1 }, () => 0));
  for (let i = 1; i <= a.length; i++)
    for (let j = 1; j <= b.length; j++)
      table[i]![j] =
        a[i - 1] === b[j - 1] ? table[i - 1]![j - 1]! + 1 : Math.max(table[i - 1]![j]!, table[i]![j - 1]!);
  return table[a.length]![b.length]!;
}

describe("a comparison of lines", () => {
  test("holds both texts, and keeps as much as can be kept", () => {
    fc.assert(
      fc.property(texts, texts, (before, after) => {
        const lines = diffLines(before, after);
        expect(lines.filter((line) => line.kind !== "+").map((line) => line.text)).toEqual(before);
        expect(lines.filter((line) => line.kind !== "-").map((line) => line.text)).toEqual(after);
        expect(lines.filter((line) => line.kind === " ")).toHaveLength(commonLength(before, after));
      }),
      { numRuns: 2000 },
    );
  });

  test("of thousands of changed lines ends, and still holds both", () => {
    const before = Array.from({ length: 9000 }, (_, i) => `before ${i}`);
    const after = Array.from({ length: 9000 }, (_, i) => `after ${i}`);
    const lines = diffLines(before, after);
    expect(lines.filter((line) => line.kind === "-")).toHaveLength(9000);
    expect(lines.filter((line) => line.kind === "+")).toHaveLength(9000);
  });
});

/** Applies a unified diff as `patch` would: by the line numbers of its hunks. */
function applied(diff: readonly string[], before: readonly string[]): string[] {
  const after: string[] = [];
  let at = 0;
  for (const line of diff.slice(2)) {
    const hunk = /^@@ -(\d+)(?:,(\d+))? /.exec(line);
    if (hunk !== null) {
      const start = Number(hunk[1]) - (hunk[2] === "0" ? 0 : 1);
      after.push(...before.slice(at, start));
      at = start;
    } else if (line.startsWith("+")) after.push(line.slice(1));
    else {
      if (line.slice(1) !== before[at]) throw new Error(`line ${at + 1} is not "${line}"`);
      if (line.startsWith(" ")) after.push(before[at]!);
      at++;
    }
  }
  return [...after, ...before.slice(at)];
}

const yaml = (port: number): string[] =>
  ["kind: Service", "spec:", "  selector:", "    app: cart", "  ports:", "    - name: http"].concat(
    `      port: ${port}`,
  );

describe("a unified diff", () => {
  test("makes the one text of the other, by its line numbers", () => {
    const longer = fc.array(fc.constantFrom("a", "b", "c", "d", "e", "f", "g"), { maxLength: 40 });
    fc.assert(
      fc.property(longer, longer, (before, after) => {
        expect(applied(unifiedDiff("x", before, after), before)).toEqual(after);
      }),
      { numRuns: 1000 },
    );
  });

  test("of texts that are alike is empty", () => {
    expect(unifiedDiff("x", ["a"], ["a"])).toEqual([]);
  });

  test("says where in the YAML each part stands", () => {
    expect(unifiedDiff("shop/service-cart.yaml", yaml(80), yaml(81))).toEqual([
      "--- a/shop/service-cart.yaml",
      "+++ b/shop/service-cart.yaml",
      "@@ -4,4 +4,4 @@ spec.ports",
      "     app: cart",
      "   ports:",
      "     - name: http",
      "-      port: 80",
      "+      port: 81",
    ]);
  });
});
