import { parseTarget } from "../target/target.ts";
import type { Call } from "./command.ts";
import { evidenceFrom } from "./evidence-from.ts";
import { warn } from "./output.ts";
import { standardProgress } from "./progress.ts";

export async function run({ values, operands, program }: Call): Promise<number> {
  const [out = "", targetText] = operands;
  const target = parseTarget(targetText, values.namespace);
  const progress = standardProgress(values.verbose === true);
  try {
    const evidence = await evidenceFrom(values, target, progress);
    progress.phase(`writing ${out}`);
    const { writeBundle } = await import("../evidence/write-bundle.ts");
    await writeBundle(evidence, out);
    progress.end();
    warn(
      `Wrote ${out}. Diagnose it with: ${program} ${targetText === undefined ? "" : `${targetText} `}--from ${out}`,
    );
    return 0;
  } finally {
    progress.end();
  }
}
