import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { jsonPatch } from "../../../lab/api-server/writes/patch/json-patch.ts";
import { mergePatch } from "../../../lab/api-server/writes/patch/merge-patch.ts";

describe("merge patch", () => {
  /** RFC 7396, appendix A. */
  test.each<[unknown, unknown, unknown]>([
    [{ a: "b" }, { a: "c" }, { a: "c" }],
    [{ a: "b" }, { b: "c" }, { a: "b", b: "c" }],
    [{ a: "b" }, { a: null }, {}],
    [{ a: "b", b: "c" }, { a: null }, { b: "c" }],
    [{ a: ["b"] }, { a: "c" }, { a: "c" }],
    [{ a: "c" }, { a: ["b"] }, { a: ["b"] }],
    [{ a: { b: "c" } }, { a: { b: "d", c: null } }, { a: { b: "d" } }],
    [{ a: [{ b: "c" }] }, { a: [1] }, { a: [1] }],
    [
      ["a", "b"],
      ["c", "d"],
      ["c", "d"],
    ],
    [{ a: "b" }, ["c"], ["c"]],
    [{ a: "foo" }, null, null],
    [{ a: "foo" }, "bar", "bar"],
    [{ e: null }, { a: 1 }, { e: null, a: 1 }],
    [[1, 2], { a: "b", c: null }, { a: "b" }],
    [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
  ])("%j with %j is %j", (target, patch, result) => {
    expect(mergePatch(target, patch)).toEqual(result);
  });

  test("twice is as once, and what is patched in is there", () => {
    const values = fc.object({ maxDepth: 3, values: [fc.string(), fc.integer(), fc.constant(null)] });
    fc.assert(
      fc.property(values, values, (target, patch) => {
        const once = mergePatch(target, patch);
        expect(mergePatch(once, patch)).toEqual(once);
        // A patch without nulls is part of its result.
        const plain = mergePatch({}, patch);
        expect(mergePatch(target, plain)).toEqual(mergePatch(mergePatch(target, plain), plain));
      }),
    );
  });
});

describe("JSON patch", () => {
  test("adds, removes, moves and copies, also with ~ and / in names", () => {
    const target = { metadata: { labels: { "a/b": "1", "c~d": "2" } }, list: [1, 2, 3] };
    const patch = [
      { op: "remove", path: "/metadata/labels/a~1b" },
      { op: "replace", path: "/metadata/labels/c~0d", value: "3" },
      { op: "add", path: "/list/1", value: 9 },
      { op: "add", path: "/list/-", value: 4 },
      { op: "move", from: "/list/0", path: "/first" },
      { op: "copy", from: "/first", path: "/again" },
    ];
    expect(jsonPatch(target, patch)).toEqual({
      metadata: { labels: { "c~d": "3" } },
      list: [9, 2, 3, 4],
      first: 1,
      again: 1,
    });
    expect(target.list).toEqual([1, 2, 3]);
  });

  test.each([
    [[{ op: "remove", path: "/none" }]],
    [[{ op: "replace", path: "/a/b/c", value: 1 }]],
    [[{ op: "explode", path: "/a" }]],
  ])("%j cannot be done", (patch) => {
    expect(() => jsonPatch({ a: {} }, patch)).toThrow(/error in our request/);
  });

  test.each(["/__proto__/polluted", "/constructor/prototype/polluted"])(
    "%s reaches no other object",
    (path) => {
      expect(() => jsonPatch({ a: {} }, [{ op: "add", path, value: 1 }])).toThrow(/error in our request/);
      expect({}).not.toHaveProperty("polluted");
    },
  );
});
