import fc from "fast-check";
import { applyPatch, type Operation } from "rfc6902";
import { describe, expect, test } from "vitest";
import { mergePatch as labMergePatch } from "../../lab/api-server/writes/patch/merge-patch.ts";
import { differences } from "../../src/base/differences.ts";
import { type JsonOperation, jsonPatch } from "../../src/fix/json-patch.ts";
import { mergePatch } from "../../src/fix/merge-patch.ts";
import { undoOf } from "../../src/fix/undo.ts";
import type { JsonObject } from "../../src/base/json-value.ts";

const names = fc.constantFrom("a", "b", "x/y", "t~z", "0");
const leaves = fc.oneof(fc.integer({ min: 0, max: 3 }), fc.constantFrom("s", true));
const { tree } = fc.letrec<{ tree: unknown; object: JsonObject }>((tie) => ({
  tree: fc.oneof({ maxDepth: 3 }, leaves, fc.array(tie("tree"), { maxLength: 3 }), tie("object")),
  object: fc.dictionary(names, tie("tree"), { maxKeys: 4 }) as fc.Arbitrary<JsonObject>,
}));
const objects = fc.dictionary(names, tree, { maxKeys: 4 }) as fc.Arbitrary<JsonObject>;

const parts = fc.array(fc.oneof(names, fc.constantFrom("-", "1")), { minLength: 1, maxLength: 3 });
const operations: fc.Arbitrary<JsonOperation> = fc.record({
  op: fc.constantFrom("add", "replace", "remove"),
  path: parts.map((p) => p.map((part) => `/${part.replaceAll("~", "~0").replaceAll("/", "~1")}`).join("")),
  value: tree,
});

/** The library throws where it would set a field of a text or a number. */
function byReference(target: JsonObject, patch: readonly JsonOperation[]): unknown {
  const result = structuredClone(target);
  try {
    const errors = applyPatch(result, structuredClone([...patch]) as Operation[]);
    return errors.every((error) => error === null) ? result : undefined;
  } catch {
    return undefined;
  }
}

describe("JSON patch", () => {
  test("does what the reference does with every patch that can be done", () => {
    let done = 0;
    fc.assert(
      fc.property(objects, fc.array(operations, { minLength: 1, maxLength: 3 }), (target, patch) => {
        const result = jsonPatch(target, patch);
        if (result === undefined) return;
        done++;
        expect(byReference(target, patch)).toEqual(result);
      }),
      { numRuns: 3000, seed: 5 },
    );
    expect(done).toBeGreaterThan(200);
  });

  test.each([
    { op: "replace", path: "/none", value: 1 },
    { op: "remove", path: "/list/3" },
    { op: "replace", path: "/list/x", value: 1 },
    { op: "replace", path: "/list/-", value: 1 },
    { op: "add", path: "/list/4", value: 1 },
    { op: "add", path: "/list/01", value: 1 },
    { op: "add", path: "/text/a", value: 1 },
    { op: "add", path: "list/0", value: 1 },
    { op: "remove", path: "" },
    { op: "test", path: "/text", value: "b" },
  ] as const)("%j cannot be done", (operation) => {
    expect(jsonPatch({ list: [1, 2, 3], text: "a" }, [operation])).toBeUndefined();
  });

  test.each(["/__proto__/polluted", "/constructor/prototype/polluted"])(
    "%s reaches no other object",
    (path) => {
      expect(jsonPatch({ a: {} }, [{ op: "add", path, value: 1 }])).toBeUndefined();
      expect({}).not.toHaveProperty("polluted");
    },
  );
});

test("a merge patch does what the API server's does", () => {
  fc.assert(
    fc.property(objects, objects, (target, patch) => {
      expect(mergePatch(target, patch)).toEqual(labMergePatch(target, patch));
    }),
  );
  expect(mergePatch({ a: { b: 1, c: 2 } }, { a: { b: null } })).toEqual({ a: { c: 2 } });
});

describe("undoing", () => {
  test("gives the object as it was before any change", () => {
    fc.assert(
      fc.property(objects, objects, (before, after) => {
        const undo = undoOf(differences(before, after), after);
        expect(jsonPatch(after, undo.kind === "patch" ? undo.patch : [])).toEqual(before);
      }),
      { numRuns: 1000 },
    );
  });

  test("leaves fields alone that others have changed, and takes back beside them", () => {
    const made = differences({ spec: { replicas: 0 } }, { spec: { replicas: 2 } });
    expect(undoOf(made, { spec: { replicas: 5 } })).toEqual({
      kind: "changed-since",
      fields: [{ path: "/spec/replicas", ours: 2, now: 5 }],
    });
    expect(undoOf(made, { spec: { replicas: 2, paused: true } })).toEqual({
      kind: "patch",
      patch: [{ op: "replace", path: "/spec/replicas", value: 0 }],
    });
  });

  test("finds nothing to do where all is as before, and does the rest where some of it is", () => {
    const made = differences({ a: 1, b: 1 }, { a: 2, b: 2 });
    expect(undoOf(made, { a: 1, b: 1 })).toEqual({ kind: "as-before" });
    const rest = [{ op: "replace", path: "/b", value: 1 }];
    expect(undoOf(made, { a: 1, b: 2 })).toEqual({ kind: "patch", patch: rest });
  });
});
