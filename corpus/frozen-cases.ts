import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { openSource } from "../src/gather/open-source.ts";
import type { Evidence } from "../src/evidence/evidence.ts";
import { parseTarget, type Target } from "../src/target/target.ts";
import type { FrozenExpectation } from "./author/case.ts";

export const corpusDir = fileURLToPath(new URL("./", import.meta.url));

export interface FrozenCase extends FrozenExpectation {
  /** The folder that holds the bundle. */
  readonly bundle: string;
}

/** Every frozen case, by id. A folder with a bundle and no expectation throws: it would be scored by nobody. */
export function frozenCases(): FrozenCase[] {
  const folders = readdirSync(corpusDir).filter((name) => existsSync(join(corpusDir, name, "bundle")));
  return folders.sort().map((id) => {
    const text = readFileSync(join(corpusDir, id, "expect.json"), "utf8");
    return { ...(JSON.parse(text) as FrozenExpectation), bundle: join(corpusDir, id, "bundle") };
  });
}

export const evidenceOf = (frozen: FrozenCase): Promise<Evidence> => openSource(frozen.bundle, {});

export const targetOf = (frozen: FrozenCase): Target => parseTarget(frozen.target, frozen.namespace);
