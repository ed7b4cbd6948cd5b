import { readFileSync, writeFileSync } from "node:fs";
import type { JsonObject } from "../../base/json-value.ts";
import type { Evidence } from "../../evidence/evidence.ts";
import { findObject } from "../../fix/find-object.ts";
import { editManifests } from "../../fix/manifests/edit-manifests.ts";
import { patched } from "../../fix/patched.ts";
import type { LintFindingReport, LintReport } from "../../report/lint-report.ts";
import { warn } from "../output.ts";

/** Makes the safe changes in the files that the findings are in, and tells each; true when a file was changed. */
export function fixInFiles(report: LintReport, evidence: Evidence): boolean {
  const texts = new Map<string, string>();
  const objects = new Map<string, JsonObject>();
  for (const finding of report.findings) {
    const told = makeFix(finding, evidence, texts, objects);
    if (told !== undefined) warn(told);
  }
  for (const [path, text] of texts) writeFileSync(path, text);
  return texts.size > 0;
}

/** Changes of one object come one after the other, each on what the one before has left. */
function makeFix(
  { rule, fixes, place }: LintFindingReport,
  evidence: Evidence,
  texts: Map<string, string>,
  objects: Map<string, JsonObject>,
): string | undefined {
  const fix = fixes.find((f) => f.applicability === "safe" && f.patch !== undefined);
  if (fix?.patch === undefined || place === undefined) return undefined;
  const { object } = fix.patch;
  const key = `${object.kind} ${object.namespace ?? ""}/${object.name}`;
  const read = findObject(evidence, object);
  const before = objects.get(key) ?? (read.state === "present" ? read.value : undefined);
  const after = before === undefined ? undefined : patched(before, fix.patch);
  if (before === undefined || after === undefined) return undefined;
  const text = texts.get(place.file) ?? readFileSync(place.file, "utf8");
  const { edited, problem } = editManifests([{ path: place.file, text }], object, before, after);
  const [file] = edited;
  if (file === undefined) {
    if (problem === undefined) return undefined;
    return `${place.file}:${place.line ?? 1}: left as it is (${rule}): ${problem}`;
  }
  texts.set(place.file, file.after);
  objects.set(key, after);
  return `${place.file}: ${fix.title} (${rule})`;
}
