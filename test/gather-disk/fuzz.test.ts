import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import type { Evidence } from "../../src/evidence/evidence.ts";
import { redactEvidence } from "../../src/evidence/redact.ts";
import { SourceProblem } from "../../src/evidence/source-problem.ts";
import { openSource } from "../../src/gather/open-source.ts";
import { archived, type Files, folder } from "./disk.ts";
import * as more from "./transcript-more-text.ts";
import * as texts from "./transcript-text.ts";
import { dumpFiles, dumpStream, mustGatherFiles, plainFiles, supportBundleFiles } from "./layouts.ts";

/** Each run may take this long at most; a parser that has gone quadratic takes far longer. */
const patienceMs = 5000;

/** Opens it; whatever happens must be evidence or a SourceProblem, soon. */
async function open(path: string): Promise<Evidence | undefined> {
  const from = performance.now();
  const read = await openSource(path).catch((error: unknown) => {
    if (error instanceof SourceProblem) return undefined;
    throw error;
  });
  // Everything behind the door must be walkable: writing it out touches all of it.
  if (read !== undefined) JSON.stringify(redactEvidence({ ...read, logs: [] }));
  const tookMs = performance.now() - from;
  if (tookMs > patienceMs) throw new Error(`took ${Math.round(tookMs)} ms`);
  return read;
}

/** A few bytes of the input replaced, doubled or removed. */
const edits = fc.array(
  fc.record({
    at: fc.noBias(fc.nat(999_999)).map((millionths) => millionths / 1e6),
    remove: fc.integer({ min: 0, max: 30 }),
    insert: fc.oneof(
      fc.uint8Array({ maxLength: 20 }),
      fc
        .constantFrom(
          "{",
          "}",
          "[",
          '"',
          ":",
          "\n",
          "- ",
          "---\n",
          "null",
          "0",
          "&a ",
          "*a",
          "|\n",
          "../",
          "\0",
          "kind: List\n",
          '"items":5,',
          "1e999",
          "__proto__",
        )
        .map((text) => Buffer.from(text)),
    ),
  }),
  { minLength: 1, maxLength: 6 },
);

function edited(
  original: Buffer,
  changes: readonly { at: number; remove: number; insert: Uint8Array }[],
): Buffer {
  let bytes = original;
  for (const { at, remove, insert } of changes) {
    const from = Math.floor(at * bytes.length);
    bytes = Buffer.concat([bytes.subarray(0, from), insert, bytes.subarray(from + remove)]);
  }
  return bytes;
}

/** Names of kinds as kubectl takes them. */
const describedTexts = {
  pod: texts.podText,
  service: texts.serviceText,
  deployment: texts.deploymentText,
  node: texts.nodeText,
  ingress: texts.ingressText,
  endpoints: texts.endpointsText,
  endpointslice: texts.sliceText,
  netpol: more.policyText,
  pvc: more.claimText,
  pv: more.volumeText,
  quota: more.quotaText,
  hpa: more.autoscalerText,
  cm: more.configMapText,
  job: more.jobText,
  pdb: more.budgetText,
  sa: more.accountText,
};

const layouts: Readonly<Record<string, Files>> = {
  "support bundle": supportBundleFiles(),
  "must-gather": mustGatherFiles(),
  dump: dumpFiles(),
  files: plainFiles(),
  transcript: {
    "transcript.txt": [
      "$ date\n2026-11-18T10:31:00Z",
      "$ kubectl get pods -n store\nNAME   READY   STATUS   RESTARTS   AGE\nweb    0/1     Error    1          5m",
      ...Object.entries(describedTexts).map(
        ([kind, text]) => `$ kubectl describe ${kind} web -n store\n${text}`,
      ),
    ].join("\n"),
    "manifests/a.yaml":
      "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {publishNotReadyAddresses: true}\n",
  },
  "our bundle": {
    "why5xx-bundle.json": JSON.stringify({
      schema: "why5xx.bundle/v1",
      collectedAt: "2026-11-18T10:30:00Z",
      source: { kind: "cluster", name: "c" },
      coverage: [{ resource: "pods", extent: "whole" }],
      logs: [{ name: "a", role: "container", file: "logs/a.log", previous: false }],
      losses: [{ what: "a", why: "b" }],
    }),
    "objects/pods.json": String(supportBundleFiles()["cluster-resources/pods/shop.json"]),
    "logs/a.log": "x\n",
  },
};

describe.each(Object.keys(layouts))("%s", (name) => {
  const files = layouts[name]!;
  const paths = Object.keys(files);

  test("with one file edited", async () => {
    const top = join(folder(), "input");
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(top, path)), { recursive: true });
      writeFileSync(join(top, path), content);
    }
    let usable = 0;
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...paths), edits, async (path, changes) => {
        writeFileSync(join(top, path), edited(Buffer.from(files[path]!), changes));
        if ((await open(top)) !== undefined) usable++;
        writeFileSync(join(top, path), files[path]!);
      }),
      { numRuns: 150 },
    );
    // A bundle of ours with a broken manifest is refused; in every other layout the rest is used.
    expect(usable).toBeGreaterThan(name === "our bundle" ? 60 : 100);
  });

  test.each([
    { form: "a.tar", atLeast: 20 },
    { form: "a.tar.gz", atLeast: 0 },
  ])("as an edited archive: $form", async ({ form, atLeast }) => {
    const path = await archived(files, form);
    const whole = readFileSync(path);
    let usable = 0;
    await fc.assert(
      fc.asyncProperty(edits, async (changes) => {
        writeFileSync(path, edited(whole, changes));
        if ((await open(path)) !== undefined) usable++;
      }),
      { numRuns: 80 },
    );
    expect(usable).toBeGreaterThanOrEqual(atLeast);
  });
});

describe("single files", () => {
  let path: string;
  beforeAll(() => {
    path = join(folder(), "x");
  });

  const names = fc.constantFrom("x", "x.json", "x.yaml", "x.log", "x.txt", "x.tar", "x.tar.gz", "x.gz");
  const contents = fc.oneof(
    fc.uint8Array({ maxLength: 2000 }),
    fc
      .uint8Array({ maxLength: 700 })
      .map((tail) => Buffer.concat([Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3]), tail])),
    fc.string({ unit: "grapheme", maxLength: 500 }).map((text) => Buffer.from(text)),
    fc
      .array(
        fc.constantFrom(
          "kind: Pod",
          "apiVersion: v1",
          "metadata:",
          "  name: a",
          "- b",
          "---",
          '{"kind":"List","items":[',
          "]}",
          "}",
          "{",
          "  - |",
          "==== START logs for container a of pod b/c ====",
          "$ kubectl get pods",
        ),
        { maxLength: 30 },
      )
      .map((lines) => Buffer.from(lines.join("\n"))),
    edits.map((changes) => edited(Buffer.from(dumpStream()), changes)),
  );

  test("any bytes under any name", async () => {
    let usable = 0;
    await fc.assert(
      fc.asyncProperty(names, contents, async (name, content) => {
        const target = join(dirname(path), name);
        mkdirSync(dirname(path), { recursive: true });
        writeFileSync(target, content);
        if ((await open(target)) !== undefined) usable++;
        rmSync(target);
      }),
      { numRuns: 600 },
    );
    expect(usable).toBeGreaterThan(30);
  });

  test.each([
    ["braces", "}\n", "x.json"],
    ["open braces", '{"a":\n', "x.yaml"],
    ["quotes", '"', "x.yaml"],
    ["dashes", "- ", "x.yaml"],
    ["document marks", "---\n", "x.yaml"],
    ["START marks", "==== START logs for container a of pod b/c ====\n", "logs.txt"],
    ["keys", "kind: Pod\n", "x.yaml"],
    ["dates", "2026-11-18T10:00:00Z ", "x.log"],
    ["prompts", "$ kubectl get pods\n", "x.txt"],
    ["indents", "$ kubectl describe pod\nName:  a\n  b:\n    c:  d\n", "x.txt"],
    ["kinds", '{"kind":"Pod"}\n', "x.json"],
  ])("300 kB of %s", async (_, piece, name) => {
    const target = join(folder(), name);
    writeFileSync(target, piece.repeat(Math.ceil(3e5 / piece.length)));
    const from = performance.now();
    const problem: unknown = await openSource(target).then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(problem === undefined || problem instanceof SourceProblem).toBe(true);
    expect(performance.now() - from).toBeLessThan(10_000);
  });
});
