import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
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

/** Writes DIR/bundle, expect.json and run.json; what was kept there before is written anew. */
export async function keepRun(
  folder: string,
  { fault, seed, gateway, plan, sent }: Pick<Run, "fault" | "seed" | "gateway" | "plan" | "sent">,
  evidence: Evidence,
): Promise<void> {
  const bundle = join(folder, "bundle");
  if (isKept(folder)) rmSync(bundle, { recursive: true, force: true });
  await writeBundle(evidence, bundle);
  const asked: Asked = { fault, seed, gateway };
  writeTruth(folder, { asked, expectation: plan, failed: failedOf(plan, sent) });
}

/** Writes what is true of a run, as its fault declares it today. */
export function writeTruth(folder: string, { asked, expectation: { target }, failed }: Truth): void {
  const id = basename(resolve(folder));
  const { fault, seed, gateway } = asked;
  const recordedBy = recordCommand(asked, id);
  const expectation: FrozenExpectation = { ...expectationOf(fault, { target }), id, recordedBy };
  const file: RunFile = { fault: fault.id, seed, gateway, failed };
  writeFileSync(join(folder, "expect.json"), `${JSON.stringify(expectation, null, 2)}\n`);
  writeFileSync(join(folder, "run.json"), `${JSON.stringify(file)}\n`);
}

/** What makes the same case again. */
export const recordCommand = (asked: Asked, id: string): string => `${commandOf(asked, "record")} -o ${id}`;

interface Truth extends Pick<KeptRun, "asked" | "failed"> {
  readonly expectation: Pick<FrozenExpectation, "target">;
}

/**
 * The runs kept in the folders of this one, by name.
 * @throws UsageProblem when there is none, or one that cannot be read
 */
export function keptRuns(folder: string): readonly KeptRun[] {
  const names = existsSync(folder) ? readdirSync(folder).toSorted() : [];
  const kept = names.map((name) => join(folder, name)).filter(isKept);
  if (kept.length === 0)
    throw new UsageProblem(
      `${folder} holds no run that was kept (DIR/NAME/run.json). Keep some: lab score --keep ${folder}`,
    );
  return kept.map(keptRun);
}

const isKept = (folder: string): boolean => existsSync(join(folder, "run.json"));

/** @throws UsageProblem when a file of it is missing or cut, or its fault is no longer made */
export function keptRun(folder: string): KeptRun {
  const { fault, failed, ...rest } = fromJson<RunFile>(join(folder, "run.json"));
  return {
    asked: { fault: faultIn(folder, fault), ...rest },
    expectation: fromJson<FrozenExpectation>(join(folder, "expect.json")),
    bundle: join(folder, "bundle"),
    failed,
  };
}

function faultIn(folder: string, id: string): Asked["fault"] {
  try {
    return namedFault(id);
  } catch (error) {
    throw new UsageProblem(`${folder}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function fromJson<T>(path: string): T {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as T;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UsageProblem(`${path} cannot be read (${reason}). Keep the run anew, or take its folder away.`);
  }
}
