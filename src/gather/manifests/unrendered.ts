import { posix } from "node:path";
import type { Limits } from "../../base/limits.ts";
import type { Loss } from "../../evidence/evidence.ts";
import { isMap, listOf, textOf } from "../bundle/json-value.ts";
import { parseDocuments } from "../bundle/parse-documents.ts";
import type { SourceFile } from "../bundle/source-tree.ts";

/**
 * Leaves out what is no object yet: templates of Helm charts, and patches of Kustomize overlays, which hold
 * a few fields of an object and would be taken for all of it. What to run instead is said.
 */
export function withoutUnrendered(
  files: readonly SourceFile[],
  limits: Limits,
): { readonly files: readonly SourceFile[]; readonly losses: readonly Loss[] } {
  const charts = files.filter((f) => /(^|\/)Chart\.ya?ml$/.test(f.path)).map((f) => folderOf(f.path));
  const losses: Loss[] = charts.map((chart) => ({
    what: `chart ${chart === "" ? "." : chart.slice(0, -1)}`,
    why: `its templates are not read; render it: helm template ${chart === "" ? "." : chart.slice(0, -1)} | why5xx lint -`,
  }));
  const isOfChart = (path: string): boolean =>
    charts.some((chart) => path.startsWith(`${chart}templates/`) || path === `${chart}values.yaml`);
  const patches = new Set<string>();
  for (const file of files.filter((f) => /(^|\/)kustomization\.ya?ml$/i.test(f.path))) {
    const folder = folderOf(file.path);
    const named = patchesOf(file, limits).map((patch) => posix.join(folder, patch));
    for (const path of named) patches.add(path);
    if (named.length > 0) {
      const where = folder === "" ? "." : folder.slice(0, -1);
      losses.push({
        what: file.path,
        why: `its patches are not applied; render it: kubectl kustomize ${where} | why5xx lint -`,
      });
    }
  }
  return { files: files.filter((f) => !isOfChart(f.path) && !patches.has(posix.normalize(f.path))), losses };
}

const folderOf = (path: string): string => path.slice(0, path.lastIndexOf("/") + 1);

function patchesOf(file: SourceFile, limits: Limits): string[] {
  const { bytes } = file.read();
  if (bytes === undefined) return [];
  return parseDocuments(bytes, file.path, limits)
    .values.filter(isMap)
    .flatMap((value) =>
      [
        ...listOf(value["patchesStrategicMerge"]).map(textOf),
        ...["patches", "patchesJson6902"].flatMap((key) =>
          listOf(value[key])
            .filter(isMap)
            .map((patch) => textOf(patch["path"])),
        ),
      ].filter((path) => path !== undefined),
    );
}
