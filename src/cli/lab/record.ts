import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LabProblem } from "../../../lab/machine/lab-problem.ts";
import { hasFailed, runFault } from "../../../lab/run/run-fault.ts";
import { writeBundle } from "../../evidence/write-bundle.ts";
import type { Evidence } from "../../evidence/evidence.ts";
import type { Call } from "../commands.ts";
import { warn } from "../output.ts";
import { UsageProblem } from "../usage-problem.ts";
import { askedRun } from "./asked.ts";
import { diagnoseLab } from "./diagnosis.ts";
import { keepRun } from "./kept-run.ts";
import { tellProgress } from "./tell-progress.ts";

/** A case of the corpus, compressed. */
const mostBytes = 400 * 1024;

/** Keeps a run as a case of the corpus: its evidence as a bundle, and the truth. */
export async function record(call: Call): Promise<number> {
  const { fault, seed, gateway } = askedRun(call);
  const folder = call.values.output;
  if (folder === undefined) throw new UsageProblem("Say where to write it: lab record FAULT -o DIR.");
  const tell = tellProgress();
  const run = await runFault(fault, { seed, gateway, takeSignals: true, onProgress: tell });
  try {
    if (fault.causes.length > 0 && !run.sent.tried.some(hasFailed))
      throw new LabProblem(
        `no request failed in this run, so that there is nothing to keep. Try another --seed.`,
      );
    tell("reading the evidence");
    const { evidence } = await diagnoseLab(run.lab, run.plan);
    const sizeBytes = await compressedBytes(evidence);
    if (sizeBytes > mostBytes)
      throw new LabProblem(
        `the bundle has ${Math.ceil(sizeBytes / 1024)} KB compressed, more than the ${mostBytes / 1024} KB of a case.`,
      );
    await keepRun(folder, run, evidence);
    warn(`Wrote ${folder} (${Math.ceil(sizeBytes / 1024)} KB compressed).`);
    return 0;
  } finally {
    await run.stop();
  }
}

async function compressedBytes(evidence: Evidence): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), "why5xx-case-"));
  try {
    const path = join(folder, "case.tar.gz");
    await writeBundle(evidence, path);
    return statSync(path).size;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
