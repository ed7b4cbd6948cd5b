/** `npm run corpus:build [id…]`: builds cases and freezes them under corpus/ID/. Without ids: all of them. */
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { CorpusCase, FrozenExpectation } from "./case.ts";
import { freeze } from "./frozen-bundle.ts";

const casesDir = fileURLToPath(new URL("cases/", import.meta.url));
const corpusDir = fileURLToPath(new URL("../", import.meta.url));

/** Every case of every file in cases/: each file exports an array named `cases`. */
export async function allCases(skipBroken = false): Promise<CorpusCase[]> {
  const files = readdirSync(casesDir).filter((name) => name.endsWith(".ts"));
  const found: CorpusCase[] = [];
  for (const file of files.sort()) {
    try {
      found.push(...(await casesOf(file)));
    } catch (error) {
      if (!skipBroken) throw error;
      process.stderr.write(`skipped ${file}: ${String(error)}\n`);
    }
  }
  const ids = found.map((c) => c.id);
  const twice = ids.find((id, i) => ids.indexOf(id) !== i);
  if (twice !== undefined) throw new Error(`two cases have the id ${twice}`);
  return found;
}

async function casesOf(file: string): Promise<readonly CorpusCase[]> {
  const { cases } = (await import(pathToFileURL(join(casesDir, file)).href)) as {
    cases?: readonly CorpusCase[];
  };
  if (cases === undefined) throw new Error(`${file} exports no array named "cases"`);
  return cases;
}

async function buildOne(spec: CorpusCase): Promise<void> {
  const startedMs = Date.now();
  const dir = join(corpusDir, spec.id);
  const { build, ...rest } = spec;
  mkdirSync(dir, { recursive: true });
  await freeze(await build(), join(dir, "bundle"));
  const frozen: FrozenExpectation = { schema: "why5xx.case/v1", ...rest };
  writeFileSync(join(dir, "expect.json"), `${JSON.stringify(frozen, null, 2)}\n`);
  process.stderr.write(`${spec.id} ${Date.now() - startedMs} ms\n`);
}

/** Recordings mostly wait, so a few cases are built side by side, each in its own network. */
async function buildAll(cases: readonly CorpusCase[]): Promise<void> {
  const queue = [...cases];
  const work = async (): Promise<void> => {
    for (let spec = queue.shift(); spec !== undefined; spec = queue.shift()) await buildOne(spec);
  };
  await Promise.all([work(), work(), work()]);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const wanted = process.argv.slice(2);
  const cases = await allCases(wanted.length > 0);
  const missing = wanted.filter((id) => !cases.some((c) => c.id === id));
  if (missing.length > 0) throw new Error(`no case ${missing.join(", ")} in corpus/author/cases`);
  await buildAll(cases.filter((c) => wanted.length === 0 || wanted.includes(c.id)));
}
