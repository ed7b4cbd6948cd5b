import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import type { FrozenExpectation } from "../../../corpus/author/case.ts";
import { commandOf, type Run } from "../../../lab/run/run-fault.ts";
import type { Evidence } from "../../evidence/evidence.ts";
import { writeBundle } from "../../evidence/write-bundle.ts";
import { UsageProblem } from "../usage-problem.ts";
import type { Asked } from "./asked.ts";
import { namedFault } from "./asked.ts";
import { type FailedRequest, failedOf } from "./failed-request.ts";
import { expectationOf } from "./truth.ts";

/** A run that was kept as a case of the corpus: what could be known of it, and the truth. */
export interface KeptRun {
  readonly asked: Asked;
  readonly expectation: FrozenExpectation;
  readonly bundle: string;
  /** Of those at the target. */
  readonly failed: readonly FailedRequest[];
}

type RunFile = Pick<Asked, "seed" | "gateway"> & {
  readonly fault: string;
  readonly failed: readonly FailedRequest[];
};

/** Writes DIR/bundle, expect.json and run.json; a bundle that is there already is written anew. */
export async function keepRun(folder: string, run: Run, evidence: Evidence): Promise<void> {
  const { fault, seed, gateway, plan, sent } = run;
  await writeBundle(evidence, join(folder, "bundle"));
  const expectation: FrozenExpectation = {
    ...expectationOf(fault, plan),
    id: basename(resolve(folder)),
    recordedBy: commandOf(fault, seed, gateway).replace("lab run", "lab record"),
  };
  const file: RunFile = { fault: fault.id, seed, gateway, failed: failedOf(plan, sent) };
  writeFileSync(join(folder, "expect.json"), `${JSON.stringify(expectation, null, 2)}\n`);
  writeFileSync(join(folder, "run.json"), `${JSON.stringify(file)}\n`);
}

/**
 * The runs kept in the folders of this one, by name.
 * @throws UsageProblem when there is none
 */
export function keptRuns(folder: string): readonly KeptRun[] {
  const names = existsSync(folder) ? readdirSync(folder).toSorted() : [];
  const kept = names.map((name) => join(folder, name)).filter((path) => existsSync(join(path, "run.json")));
  if (kept.length === 0)
    throw new UsageProblem(
      `${folder} holds no run that was kept (DIR/NAME/run.json). Keep some: lab score --keep ${folder}`,
    );
  return kept.map((path) => {
    const { fault, failed, ...rest } = JSON.parse(readFileSync(join(path, "run.json"), "utf8")) as RunFile;
    const expectation = JSON.parse(readFileSync(join(path, "expect.json"), "utf8")) as FrozenExpectation;
    return {
      asked: { fault: namedFault(fault), ...rest },
      expectation,
      bundle: join(path, "bundle"),
      failed,
    };
  });
}
