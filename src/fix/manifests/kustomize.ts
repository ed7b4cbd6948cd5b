import { isObject } from "../../base/json-value.ts";
import type { Manifest, Renaming } from "./read-manifests.ts";

/** What the kustomizations among the files do with the others. */
export interface Kustomizations {
  /** Files that are patches of an overlay, not whole objects. */
  readonly patchFiles: ReadonlySet<string>;
  readonly renamings: readonly Renaming[];
}

export function kustomizations(manifests: readonly Manifest[]): Kustomizations {
  const patchFiles = new Set<string>();
  const renamings: Renaming[] = [];
  for (const { object, file } of manifests) {
    if (object["kind"] !== "Kustomization") continue;
    const { namePrefix, nameSuffix } = object;
    if (namePrefix !== undefined || nameSuffix !== undefined)
      renamings.push({ prefix: text(namePrefix), suffix: text(nameSuffix) });
    const listed = [object["patches"], object["patchesStrategicMerge"]].flat().filter((p) => p !== undefined);
    for (const patch of listed) {
      const path = isObject(patch) ? text(patch["path"]) : text(patch);
      if (path !== "" && !path.includes("\n")) patchFiles.add(joined(file.path, path));
    }
  }
  return { patchFiles, renamings };
}

const text = (value: unknown): string => (typeof value === "string" ? value : "");

/** "overlays/prod/kustomization.yaml" and "../patch.yaml" is "overlays/patch.yaml". */
function joined(file: string, relative: string): string {
  const parts = file.split("/").slice(0, -1);
  for (const part of relative.split("/")) {
    if (part === "." || part === "") continue;
    if (part === ".." && parts.length > 0 && parts.at(-1) !== "..") parts.pop();
    else parts.push(part);
  }
  return parts.join("/");
}
