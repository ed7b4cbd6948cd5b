import { rmSync } from "node:fs";
import type { Evidence } from "../../src/evidence/evidence.ts";
import { writeBundle } from "../../src/evidence/write-bundle.ts";

/** Writes evidence as `why5xx bundle` would, in the place of what was frozen before. */
export async function freeze(evidence: Evidence, dir: string): Promise<void> {
  rmSync(dir, { recursive: true, force: true });
  await writeBundle(evidence, dir);
}
