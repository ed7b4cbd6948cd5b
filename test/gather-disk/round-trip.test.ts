import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Coverage, Evidence, LogStream } from "../../src/evidence/evidence.ts";
import { allResources } from "../../src/evidence/kinds.ts";
import { redactEvidence } from "../../src/evidence/redact.ts";
import { writeBundle } from "../../src/evidence/write-bundle.ts";
import { expectations } from "../../src/gather/bundle/expected-types.ts";
import { openSource } from "../../src/gather/open-source.ts";
import { filesBelow, folder } from "./disk.ts";
import { evidence } from "./fixture.ts";

/** As JSON has it: it knows no negative zero. */
const asJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

const name = fc.oneof(
  fc.stringMatching(/^[a-z0-9]([-a-z0-9.]{0,10}[a-z0-9])?$/),
  fc.string({ maxLength: 12 }),
);
const text = fc.string({ maxLength: 30 });
const optional = <T>(key: string, value: fc.Arbitrary<T>): fc.Arbitrary<object> =>
  fc.option(value, { nil: undefined }).map((made) => (made === undefined ? {} : { [key]: made }));
const merged = (...parts: fc.Arbitrary<object>[]): fc.Arbitrary<object> =>
  fc.tuple(...parts).map((made) => Object.assign({}, ...made) as object);

const object = merged(
  fc.record({
    metadata: merged(fc.record({ name, namespace: name }), optional("labels", fc.dictionary(name, text))),
  }),
  optional(
    "spec",
    fc.dictionary(fc.constantFrom("x-a", "x-b"), fc.jsonValue({ maxDepth: 2 }).filter(isFree).map(asJson)),
  ),
);

const isKept = (key: string): boolean => key !== "__proto__" && !expectations.has(key);

/** Without null, which reading drops, and without names whose type the API fixes. */
function isFree(value: unknown): boolean {
  if (typeof value !== "object") return true;
  return value !== null && Object.entries(value).every(([key, item]) => isKept(key) && isFree(item));
}

const log = merged(
  optional("namespace", name),
  optional("pod", name),
  optional("container", name),
  optional("previous", fc.boolean()),
  fc.record({ name: text, role: fc.constantFrom("container", "access-log", "error-log") }),
  fc.oneof(fc.record({ bytes: fc.uint8Array({ maxLength: 40 }) }), fc.record({ reason: text })),
  optional("droppedBytes", fc.integer({ min: 1 })),
) as fc.Arbitrary<LogStream>;

const coverage = merged(
  fc.record({
    resource: fc.constantFrom(...allResources),
    extent: fc.constantFrom("whole", "selected", "failed"),
  }),
  optional("namespace", name),
  optional("names", fc.array(name, { maxLength: 3 })),
  optional("selectors", fc.array(text, { maxLength: 2 })),
  optional("reason", text),
) as fc.Arbitrary<Coverage>;

const anyEvidence = merged(
  fc.record({
    collectedAt: fc
      .date({ noInvalidDate: true, min: new Date(0), max: new Date(4e12) })
      .map((date) => date.toISOString()),
    source: fc.record({ kind: fc.constantFrom("cluster", "files", "must-gather"), name: text }),
    objects: fc.dictionary(
      fc.constantFrom("services", "configmaps", "nodes"),
      fc.array(object, { maxLength: 3 }),
    ),
    coverage: fc.array(coverage, { maxLength: 4 }),
    logs: fc.array(log, { maxLength: 5 }),
    losses: fc.array(fc.record({ what: text, why: text }), { maxLength: 3 }),
  }),
  optional("commands", fc.array(fc.record({ command: text, output: text }), { maxLength: 2 })),
) as fc.Arbitrary<Evidence>;

/** Bytes as arrays, for a Buffer and a Uint8Array of the same bytes are equal here. */
const plain = (evidence: Evidence): object => ({
  ...evidence,
  logs: evidence.logs.map((log) => (log.bytes === undefined ? log : { ...log, bytes: [...log.bytes] })),
});

test("what is written is what is read, whatever the names are", async () => {
  await fc.assert(
    fc.asyncProperty(anyEvidence, fc.constantFrom("out", "out.tar.gz"), async (made, target) => {
      const path = join(folder(), target);
      await writeBundle(made, path);
      const { source, ...read } = await openSource(path);
      const { source: origin, ...clean } = redactEvidence(made);
      expect(plain(read as Evidence)).toEqual(plain(clean as Evidence));
      expect(source).toEqual({ kind: "why5xx-bundle", name: path, origin });
    }),
    { numRuns: 60 },
  );
});

test("redaction is done once: what is clean stays as it is", () => {
  fc.assert(
    fc.property(anyEvidence, (made) => {
      const once = redactEvidence(made);
      expect(plain(redactEvidence(once))).toEqual(plain(once));
    }),
    { numRuns: 60 },
  );
});

test("a bundle of a bundle names what the first was made of", async () => {
  const [first, second] = [join(folder(), "a"), join(folder(), "b")];
  await writeBundle(evidence, first);
  await writeBundle(await openSource(first), second);
  expect((await openSource(second)).source.origin).toEqual(evidence.source);
  expect(filesBelow(second)).toEqual(filesBelow(first));
});

test("names from the cluster stay inside the folder, and logs that would share a file do not", async () => {
  const names = [
    "../../etc/passwd",
    "/root/.ssh/id",
    "..",
    ".",
    "",
    "a/b",
    "a_b",
    "A_B",
    "con",
    "x".repeat(300),
    "a\0b",
    "-rf",
  ];
  const logs = names.flatMap((pod, at): LogStream[] => [
    { namespace: pod, pod, container: pod, name: pod, role: "container", bytes: Buffer.from(`log ${at}`) },
    { name: pod, role: "access-log", bytes: Buffer.from(`file ${at}`) },
  ]);
  const parent = folder();
  await writeBundle({ ...evidence, logs }, join(parent, "bundle"));
  const paths = Object.keys(filesBelow(parent));
  expect(paths.length).toBeGreaterThan(logs.length);
  for (const path of paths) expect(path).toMatch(/^bundle\/(why5xx-bundle\.json|(objects|logs)\/[\w./-]+)$/);
  const read = await openSource(join(parent, "bundle"));
  expect(plain({ ...evidence, logs: read.logs })).toEqual(plain({ ...evidence, logs }));
});

test("a folder that holds something is not written into", async () => {
  const path = join(folder(), "bundle");
  await writeBundle(evidence, path);
  await expect(writeBundle(evidence, path)).rejects.toThrow(/exists and is not empty/);
});

test("an archive where no file can be made says so instead of waiting", async () => {
  await expect(writeBundle(evidence, join(folder(), "no/such/folder/b.tar.gz"))).rejects.toThrow(
    /cannot write the bundle/,
  );
});
