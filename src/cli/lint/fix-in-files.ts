import { readFileSync, writeFileSync } from "node:fs";
import type { Evidence } from "../../evidence/evidence.ts";
import { findObject } from "../../fix/find-object.ts";
import { editManifests } from "../../fix/manifests/edit-manifests.ts";
import { patched } from "../../fix/patched.ts";
import type { LintFindingReport, LintReport } from "../../report/lint-report.ts";
import { warn } from "../output.ts";
import { UsageProblem } from "../usage-problem.ts";

/**
 * Makes safe changes in the files that the findings are in, one of each object: two may set the same field, and
 * what the second would set is only known when the first is made. Tells each; when none is left to make, tells what
 * cannot be, and is false.
 */
export function fixInFiles(report: LintReport, evidence: Evidence): boolean {
  const texts = new Map<string, string>();
  const changed = new Set<string>();
  const left: string[] = [];
  for (const finding of report.findings) {
    const made = fixOf(finding, evidence, texts, changed);
    if (made === undefined) continue;
    if (made.text === undefined) left.push(made.told);
    else {
      texts.set(made.file, made.text);
      changed.add(made.object);
      warn(made.told);
    }
  }
  for (const [path, text] of texts) write(path, text);
  if (texts.size === 0) for (const told of left) warn(told);
  return texts.size > 0;
}

/** @throws UsageProblem */
function write(path: string, text: string): void {
  try {
    writeFileSync(path, text);
  } catch (error) {
    throw new UsageProblem(
      `${path} cannot be written: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

interface Made {
  readonly object: string;
  readonly file: string;
  /** Of the file with the change; absent where it cannot be made. */
  readonly text?: string;
  readonly told: string;
}

function fixOf(
  { rule, fixes, place }: LintFindingReport,
  evidence: Evidence,
  texts: ReadonlyMap<string, string>,
  changed: ReadonlySet<string>,
): Made | undefined {
  const fix = fixes.find((f) => f.applicability === "safe" && f.patch !== undefined);
  if (fix?.patch === undefined || place === undefined) return undefined;
  const { file, line = 1 } = place;
  const { object } = fix.patch;
  const key = `${object.kind} ${object.namespace ?? ""}/${object.name}`;
  if (changed.has(key)) return undefined;
  const read = findObject(evidence, object);
  const before = read.state === "present" ? read.value : undefined;
  const after = before === undefined ? undefined : patched(before, fix.patch);
  if (before === undefined || after === undefined) return undefined;
  const text = texts.get(file) ?? readFileSync(file, "utf8");
  const { edited, problem } = editManifests([{ path: file, text }], object, before, after);
  const made = { object: key, file };
  if (edited[0] !== undefined)
    return { ...made, text: edited[0].after, told: `${file}: ${fix.title} (${rule})` };
  return problem === undefined
    ? undefined
    : { ...made, told: `${file}:${line}: left as it is (${rule}): ${problem}` };
}
