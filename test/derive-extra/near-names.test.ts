import fc from "fast-check";
import { expect, test } from "vitest";
import { editDistance, nearestNames } from "../../src/derive/near-names.ts";

test("typing errors, swapped words and added words are near; the rest is not", () => {
  const known = ["cart", "redis-cart", "cart-redis", "checkout", "crat", "orders"];
  expect(nearestNames("crt", known)).toEqual(["cart", "crat"]);
  expect(nearestNames("redis-cart", known)).toEqual(["cart-redis", "cart"]);
  expect(nearestNames("chekcout", known)).toEqual(["checkout"]);
  expect(nearestNames("payments", known)).toEqual([]);
});

test("a short name is near to little, and a name is not near to itself", () => {
  expect(nearestNames("crat", ["cartx", "brat", "caravan"])).toEqual(["brat", "cartx"]);
  expect(nearestNames("db", ["mq", "cb", "db", "db-main"])).toEqual(["cb", "db-main"]);
});

test("the order and repetition of the candidates do not matter", () => {
  const names = fc.array(fc.stringMatching(/^[a-c-]{1,6}$/), { maxLength: 12 });
  fc.assert(
    fc.property(fc.stringMatching(/^[a-c-]{1,6}$/), names, (name, candidates) => {
      expect(nearestNames(name, [...candidates, ...candidates].reverse())).toEqual(
        nearestNames(name, candidates),
      );
    }),
  );
});

test("distance: zero only for equal texts, symmetric, at most the longer, swaps cost one", () => {
  const text = fc.stringMatching(/^[ab]{0,8}$/);
  fc.assert(
    fc.property(text, text, (a, b) => {
      const distance = editDistance(a, b);
      expect(distance).toBe(editDistance(b, a));
      expect(distance === 0).toBe(a === b);
      expect(distance).toBeLessThanOrEqual(Math.max(a.length, b.length));
      expect(distance).toBeGreaterThanOrEqual(Math.abs(a.length - b.length));
    }),
  );
  expect(editDistance("cart", "crat")).toBe(1);
  expect(editDistance("", "abc")).toBe(3);
});
