import { isObject, type JsonObject } from "../base/json-value.ts";

/**
 * Lists that a strategic merge patch merges item by item, and the key that names an item: the
 * `x-kubernetes-patch-merge-key` of the fields of pod templates and Services in the API's OpenAPI document.
 * Every other list is replaced as a whole.
 */
const mergeKeys: Readonly<Record<string, readonly string[]>> = {
  containers: ["name"],
  initContainers: ["name"],
  env: ["name"],
  volumes: ["name"],
  imagePullSecrets: ["name"],
  /** Of a container, of a Service. */
  ports: ["containerPort", "port"],
  volumeMounts: ["mountPath"],
  volumeDevices: ["devicePath"],
  hostAliases: ["ip"],
  topologySpreadConstraints: ["topologyKey"],
};

/** As the API server applies it (kubernetes/apimachinery pkg/util/strategicpatch); the target is not changed. */
export function strategicPatch(target: JsonObject, patch: JsonObject): JsonObject {
  const { $patch: marker, $retainKeys: kept, ...fields } = patch;
  if (marker === "replace") return withoutDirectives(fields) as JsonObject;
  const base = Array.isArray(kept)
    ? Object.fromEntries(Object.entries(target).filter(([name]) => kept.includes(name)))
    : target;
  const merged = new Map(Object.entries(base));
  for (const [name, value] of Object.entries(fields)) {
    if (value === null) merged.delete(name);
    else merged.set(name, mergedField(name, merged.get(name), value));
  }
  return Object.fromEntries(merged);
}

function mergedField(name: string, own: unknown, value: unknown): unknown {
  if (isObject(own) && isObject(value)) return strategicPatch(own, value);
  const key = Array.isArray(value) ? keyOf(name, value) : undefined;
  if (key !== undefined && Array.isArray(own) && Array.isArray(value)) return mergedList(own, value, key);
  return withoutDirectives(value);
}

function keyOf(name: string, items: readonly unknown[]): string | undefined {
  const keys = Object.hasOwn(mergeKeys, name) ? mergeKeys[name] : undefined;
  return keys?.find((key) => items.every((item) => isObject(item) && item[key] !== undefined));
}

function mergedList(own: readonly unknown[], patch: readonly unknown[], key: string): unknown[] {
  const merged = [...own];
  const added: unknown[] = [];
  for (const item of patch as readonly JsonObject[]) {
    const at = merged.findIndex((o) => isObject(o) && o[key] === item[key]);
    if (item["$patch"] === "delete") {
      if (at >= 0) merged.splice(at, 1);
    } else if (at < 0) added.push(withoutDirectives(item));
    else merged[at] = strategicPatch(merged[at] as JsonObject, item);
  }
  // New ones stand before those that the patch does not name (normalizeElementOrder of patch.go).
  return [...added, ...merged];
}

/** A new value as it is stored: directives and nulls have done their work. */
function withoutDirectives(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutDirectives);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name, entry]) => !name.startsWith("$") && entry !== null)
      .map(([name, entry]) => [name, withoutDirectives(entry)]),
  );
}
