import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { JsonObject } from "../../base/json-value.ts";
import { findObject } from "../../fix/find-object.ts";
import { editManifests } from "../../fix/manifests/edit-manifests.ts";
import type { ManifestFile } from "../../fix/manifests/read-manifests.ts";
import { patched } from "../../fix/patched.ts";
import { unifiedDiff } from "../../fix/unified-diff.ts";
import type { FixPlan } from "../../report/fix-plan.ts";
import type { Call } from "../command.ts";
import type { Diagnosed } from "../diagnosed.ts";
import { standardStyle } from "../diagnose.ts";
import { typed, warn, writeOut } from "../output.ts";
import { UsageProblem } from "../usage-problem.ts";
import { chosenChange, type DoableChange } from "./chosen-change.ts";

const mostFiles = 10_000;
const mostBytes = 4 << 20;

/** Makes the change in the files it comes from and shows what became of them. */
export async function manifestsEdited(
  { values, program }: Call,
  plan: FixPlan,
  { evidence }: Diagnosed,
  folder: string,
): Promise<number> {
  const change = chosenChange(plan, values.change);
  const { object } = change.patch;
  if (change.patch.type === "create")
    throw new UsageProblem(
      `change ${change.number} makes a new object, so there is no file to edit. To write one: ${program} fix ${typed(change.target)}${values.from === undefined ? "" : ` --from ${typed(values.from)}`} --change ${change.number} -o patch > ${typed(join(folder, `${object.kind.toLowerCase()}-${object.name}.json`))}`,
    );
  const before = findObject(evidence, object);
  if (before.state !== "present")
    throw new UsageProblem(
      `change ${change.number} cannot be made in files: ${change.noDiff ?? "the object was not read"}.`,
    );
  const files = filesBelow(folder);
  const result = editManifests(files, object, before.value, afterOf(change, before.value));
  const { renderEdited } = await import("../../render/edited-terminal.ts");
  for (const file of result.edited) writeFileSync(file.path, file.after);
  const diff = result.edited.flatMap((f) => unifiedDiff(f.path, f.before.split("\n"), f.after.split("\n")));
  const { title } = change;
  const { pointed, problem } = result;
  await writeOut(
    renderEdited(
      { title, diff, pointed, ...(problem === undefined ? {} : { problem }) },
      standardStyle(values),
    ),
  );
  if (result.problem !== undefined) return 2;
  warn(`Deploy it, then: ${program} verify ${typed(change.target)}`);
  return 0;
}

function afterOf(change: DoableChange, before: JsonObject): JsonObject {
  const after = patched(before, change.patch);
  if (after === undefined)
    throw new UsageProblem(`change ${change.number} does not fit the object that was read.`);
  return after;
}

function filesBelow(folder: string): ManifestFile[] {
  const paths = namesBelow(folder);
  if (paths.length > mostFiles)
    throw new UsageProblem(
      `--manifests ${folder} holds more than ${mostFiles} files: name a folder below it.`,
    );
  const files = paths.flatMap((path) => {
    const text = readText(path);
    return text === undefined ? [] : [{ path, text }];
  });
  if (files.length === 0)
    throw new UsageProblem(
      `--manifests ${folder}: no .yaml or .yml file was found there. Look with: ls ${folder}`,
    );
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Links are not followed: what they lead to is not the folder's. */
function namesBelow(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory())
        return entry.name === "node_modules" || entry.name === ".git" ? [] : namesBelow(path);
      return entry.isFile() && /\.(?:ya?ml|tpl)$/.test(entry.name) ? [path] : [];
    });
  } catch {
    return [];
  }
}

function readText(path: string): string | undefined {
  try {
    const bytes = readFileSync(path);
    return bytes.length > mostBytes ? undefined : bytes.toString("utf8");
  } catch {
    return undefined;
  }
}
