import fc from "fast-check";
import { expect, test } from "vitest";
import { cutManagedFields } from "../../src/gather/cluster/cut-fields.ts";

const cut = (text: string): string => cutManagedFields(Buffer.from(text)).toString("utf8");

/** The same value with every array under "managedFields" emptied. */
function emptied(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(emptied);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      key === "managedFields" && Array.isArray(inner) ? [] : emptied(inner),
    ]),
  );
}

test("empties managedFields and nothing else, whatever the strings hold", () => {
  const string = fc.oneof(fc.string(), fc.constantFrom('"managedFields":[', "\\", '\\"', "]", "[", '"'));
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof(
      { maxDepth: 4 },
      string,
      fc.array(tie("tree"), { maxLength: 3 }),
      fc.dictionary(fc.oneof(string, fc.constantFrom("managedFields", "metadata")), tie("tree"), {
        maxKeys: 4,
      }),
    ),
  }));
  fc.assert(
    fc.property(tree, (value) => {
      const text = JSON.stringify(value);
      expect(JSON.parse(cut(text))).toEqual(emptied(JSON.parse(text)));
    }),
  );
});

test("leaves text that ends inside managedFields as it is, for the parser to refuse", () => {
  const text = '{"metadata":{"managedFields":[{"manager":"kub';
  expect(cut(text)).toBe(text);
});

test("never throws on bytes of any kind", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      const prefixed = Buffer.concat([Buffer.from('"managedFields":['), bytes]);
      expect(cutManagedFields(prefixed).length).toBeLessThanOrEqual(prefixed.length);
    }),
  );
});
