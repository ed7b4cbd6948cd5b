import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parse, stringify } from "yaml";
import { defaultLimits } from "../../src/base/limits.ts";
import type { Documents } from "../../src/gather/bundle/documents.ts";
import { parseDocuments } from "../../src/gather/bundle/parse-documents.ts";
import { readBlockYaml } from "../../src/gather/bundle/yaml-block.ts";

const text = fc.oneof(
  fc.string({ maxLength: 40 }),
  fc.string({
    unit: fc.constantFrom("a", "b", " ", "\n", ":", "#", "'", '"', "\\", "-", "{", "é"),
    maxLength: 120,
  }),
  fc.constantFrom(
    "yes",
    "null",
    "1e3",
    "0x1F",
    "0o17",
    ".5",
    "-",
    "---",
    "...",
    "? a",
    "k: v",
    " lead",
    "trail ",
    "a\n\nb",
    "\n",
    "a\n",
  ),
);
const value = fc.letrec((tie) => ({
  any: fc.oneof(
    { maxDepth: 4 },
    text,
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.boolean(),
    fc.constant(null),
    tie("map"),
    tie("list"),
  ),
  map: fc.dictionary(fc.oneof(fc.stringMatching(/^[a-zA-Z][\w./-]{0,12}$/), text), tie("any"), {
    maxKeys: 5,
  }),
  list: fc.array(tie("any"), { maxLength: 5 }),
})).map;

const styles = fc.constantFrom(
  {},
  { lineWidth: 40 },
  { indentSeq: false },
  { singleQuote: true },
  { lineWidth: 30, singleQuote: true },
);
const options = { uniqueKeys: false, stringKeys: true, logLevel: "silent" } as const;

test("what the fast reader reads is what the full parser reads", () => {
  let read = 0;
  fc.assert(
    fc.property(value, styles, (made, style) => {
      const written = stringify(made, style);
      const fast = readBlockYaml(written, 100);
      if (fast === undefined) return;
      read++;
      expect(fast.value).toEqual(parse(written, options));
    }),
    { numRuns: 3000 },
  );
  expect(read).toBeGreaterThan(1000);
});

test("on text near YAML it agrees with the full parser or leaves it to it", () => {
  const lines = fc.constantFrom(
    "a: b",
    "- a",
    "- - b",
    "  c: d",
    "  - e",
    "f:",
    "g: |",
    "   h",
    "",
    "i: 'j",
    "k'",
    'l: "m\\',
    ' n"',
    "o: >-",
    "# p",
    "q: [r]",
    "s: {}",
    "--- ",
    "t : u",
    "v:w",
    "- x: y",
    "  z: 1",
    "é: 2",
  );
  const disagreed = fc.check(
    fc.property(fc.array(lines, { maxLength: 8 }), (made) => {
      const written = made.join("\n");
      const fast = readBlockYaml(written, 100);
      return fast === undefined || isDeepStrictEqual(fast.value, parse(written, options));
    }),
    { numRuns: 5000 },
  );
  expect(disagreed.counterexample).toBeNull();
});

test("YAML as kubectl prints it is read by the fast reader", () => {
  const printed = `apiVersion: v1
items:
- apiVersion: v1
  kind: Pod
  metadata:
    annotations:
      snippet: |
        proxy_buffering off;

          deeper
      note: 'it''s folded over
        two lines'
    creationTimestamp: "2026-11-18T09:00:00Z"
    managedFields:
    - fieldsV1:
        f:metadata:
          k:{"name":"app"}:
            .: {}
            f:image: {}
    name: web-0
  spec:
    containers:
    - args:
      - --level=3
      - -c
      image: a/b:1.2
    restartPolicy: Always
  status:
    message: Back-off restarting failed container app in pod web-0_shop(0a1b), and
      more words
kind: List
metadata:
  resourceVersion: ""
`;
  expect(readBlockYaml(printed, 100)?.value).toEqual(parse(printed));
});

test.each([
  ["several JSON values", '{"a":1}\n{"b":2}\n', [{ a: 1 }, { b: 2 }]],
  ["indented JSON values", '{\n "a": {}\n}\n{\n "b": [\n{\n}\n]\n}\n', [{ a: {} }, { b: [{}] }]],
  ["several YAML documents", "---\na: 1\n---\n# none\n---\nb: 2\n...\n", [{ a: 1 }, null, { b: 2 }]],
  ["a byte-order mark", "\ufeffa: 1\n", [{ a: 1 }]],
  ["Windows line ends", "a: 1\r\nb:\r\n  - c\r\n", [{ a: 1, b: ["c"] }]],
])("%s", (_, written, expected) => {
  const read = parseDocuments(Buffer.from(written), "a.yaml", defaultLimits);
  expect(read).toEqual({ values: expected });
});

test("UTF-16, as PowerShell writes it", () => {
  const written = Buffer.from('\ufeff{"a":"é"}', "utf16le");
  expect(parseDocuments(written, "a.json", defaultLimits).values).toEqual([{ a: "é" }]);
  expect(parseDocuments(Buffer.from(written).swap16(), "a.json", defaultLimits).values).toEqual([{ a: "é" }]);
});

const pod = (name: string, extra = ""): string =>
  `- apiVersion: v1\n  kind: Pod\n  metadata:\n    name: ${name}\n${extra}  spec:\n    note: |\n      - text\n\n      items:\n`;

const written = (odd: string): string =>
  `apiVersion: v1\nitems:\n${Array.from({ length: 4000 }, (_, at) => pod(`p${at}`, at === 7 ? odd : "")).join("")}kind: PodList\nmetadata:\n  resourceVersion: "9"\n`;

const read = (odd: string): Documents =>
  parseDocuments(Buffer.from(written(odd)), "pods.yaml", defaultLimits);

describe("a long list with unusual items", () => {
  test("an item in another style is read by the full parser, the others are not", () => {
    const from = performance.now();
    const odd = read("    labels: {app: web, tier: front} # by hand\n");
    expect(performance.now() - from).toBeLessThan(5000);
    expect(odd).toEqual({ values: [parse(written("    labels: {app: web, tier: front}\n"))] });
  });

  test("a broken item does not take the others with it", () => {
    const broken = read("    labels: {app\n");
    expect(broken.problem).toContain("broken YAML");
    expect((broken.values[0] as { items: unknown[] }).items).toHaveLength(3999);
    expect(broken.unread).toContain("name: p7");
    expect(broken.unread).not.toContain("name: p8");
  });
});
