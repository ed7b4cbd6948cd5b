/** `npm run corpus:build [id…]`: builds cases and freezes them under corpus/ID/. Without ids: all of them. */
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { CorpusCase, FrozenExpectation } from "./case.ts";
import { freeze } from "./frozen-bundle.ts";

const casesDir = fileURLToPath(new URL("cases/", import.meta.url));
const corpusDir = fileURLToPath(new URL("../", import.meta.url));

/** Every case of every file in cases/: each file exports an array named `cases`. */
export async function allCases(): Promise<CorpusCase[]> {
  const files = readdirSync(casesDir)
    .filter((name) => name.endsWith(".ts"))
    .sort();
  const found: CorpusCase[] = [];
  for (const file of files) {
    const { cases } = (await import(pathToFileURL(join(casesDir, file)).href)) as {
      cases?: readonly CorpusCase[];
    };
    if (cases === undefined) throw new Error(`${file} exports no array named "cases"`);
    found.push(...cases);
  }
  const ids = found.map((c) => c.id);
  const twice = ids.find((id, i) => ids.indexOf(id) !== i);
  if (twice !== undefined) throw new Error(`two cases have the id ${twice}`);
  return found;
}

async function buildOne(spec: CorpusCase): Promise<void> {
  const dir = join(corpusDir, spec.id);
  const { build, ...rest } = spec;
  mkdirSync(dir, { recursive: true });
  await freeze(await build(), join(dir, "bundle"));
  const frozen: FrozenExpectation = { schema: "why5xx.case/v1", ...rest };
  writeFileSync(join(dir, "expect.json"), `${JSON.stringify(frozen, null, 2)}\n`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const wanted = process.argv.slice(2);
  const cases = await allCases();
  const missing = wanted.filter((id) => !cases.some((c) => c.id === id));
  if (missing.length > 0) throw new Error(`no case ${missing.join(", ")} in corpus/author/cases`);
  for (const spec of cases.filter((c) => wanted.length === 0 || wanted.includes(c.id))) {
    const startedMs = Date.now();
    await buildOne(spec);
    process.stderr.write(`${spec.id} ${Date.now() - startedMs} ms\n`);
  }
}
