import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { StatusError } from "../../../lab/api-server/status.ts";
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

  test.each([
    { op: "replace", path: "/list/x", value: 1 },
    { op: "replace", path: "/list/-", value: 1 },
    { op: "remove", path: "/list/length" },
    { op: "replace", path: "/list/length", value: 0 },
    { op: "add", path: "/list/x/y", value: 1 },
    { op: "add", path: "/text/a", value: 1 },
    { op: "copy", from: "/text/0", path: "/b" },
    { op: "move", from: "/text/0", path: "/b" },
    { op: "replace", path: "/toString", value: 1 },
    { op: "add", path: "list/0", value: 1 },
    { op: "add", path: "", value: 1 },
  ])("%j is invalid: it leads out of objects and lists", (operation) => {
    const target = { list: [1, 2, 3], text: "a" };
    expect(invalidBy(() => jsonPatch(target, [operation]))).toMatchObject({ code: 422, reason: "Invalid" });
  });

  test("an operation sees what those before it have done", () => {
    const patch = [
      { op: "add", path: "/list", value: [] },
      { op: "add", path: "/list/-", value: 1 },
    ];
    expect(jsonPatch({}, patch)).toEqual({ list: [1] });
  });

  test.each(["/__proto__/polluted", "/constructor/prototype/polluted", "/toString/polluted"])(
    "%s reaches no other object",
    (path) => {
      expect(() => jsonPatch({ a: {} }, [{ op: "add", path, value: 1 }])).toThrow(/error in our request/);
      expect({}).not.toHaveProperty("polluted");
      expect({}.toString).not.toHaveProperty("polluted");
    },
  );
});

function invalidBy(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    if (error instanceof StatusError) return error.status;
    throw error;
  }
  return undefined;
}
