import { type Expected, expectations } from "./expected-types.ts";
import { isMap, type JsonMap } from "./json-value.ts";

/**
 * Everything after gathering trusts the types of the Kubernetes API. A bundle may hold anything, so
 * fields whose type the API fixes are checked by name here: numbers and booleans written as text (or
 * the other way round) are read as meant, a null is absent, and what cannot be is left out and said.
 */

export interface Shaped {
  readonly object: JsonMap;
  /** Names of fields left out because their type cannot be what the API has. */
  readonly wrong: readonly string[];
}

/** The object with every field of the type the API gives it; undefined when it is nested deeper than `maxDepth`. */
export function shaped(object: JsonMap, maxDepth: number): Shaped | undefined {
  const wrong = new Set<string>();
  const out = new Shaper(maxDepth, wrong).map(object, 0);
  return out === undefined ? undefined : { object: out, wrong: [...wrong] };
}

class Shaper {
  readonly #maxDepth: number;
  readonly #wrong: Set<string>;
  #isTooDeep = false;

  constructor(maxDepth: number, wrong: Set<string>) {
    this.#maxDepth = maxDepth;
    this.#wrong = wrong;
  }

  /** Copies only what changes: nearly every object is as it should be. */
  map(map: JsonMap, depth: number): JsonMap | undefined {
    const out = this.#map(map, depth);
    return this.#isTooDeep ? undefined : out;
  }

  #map(map: JsonMap, depth: number): JsonMap {
    let copy: [string, unknown][] | undefined;
    const keys = Object.keys(map);
    for (let at = 0; at < keys.length; at++) {
      const key = keys[at]!;
      const before = map[key];
      const after = this.#value(before, key, depth);
      if (after !== before) copy ??= keys.slice(0, at).map((kept) => [kept, map[kept]]);
      if (copy !== undefined && after !== undefined) copy.push([key, after]);
    }
    return copy === undefined ? map : (Object.fromEntries(copy) as JsonMap);
  }

  #value(value: unknown, key: string, depth: number): unknown {
    if (value === null || value === undefined) return undefined;
    // How a Rollout's step picks requests: fields of a service mesh, which nobody reads, under names of the API.
    if (key === "match" && typeof value === "object") return undefined;
    if (depth > this.#maxDepth) {
      this.#isTooDeep = true;
      return undefined;
    }
    const right = this.#asExpected(value, key, depth);
    if (right === undefined) this.#wrong.add(key);
    return right;
  }

  #asExpected(value: unknown, key: string, depth: number): unknown {
    switch (expectedOf(key, value)) {
      case "text":
        return isScalar(value) ? String(value) : undefined;
      case "number":
        return numberOf(value);
      case "boolean":
        return booleanOf(value);
      case "texts":
        return isMap(value) ? this.#texts(value) : undefined;
      case "map":
        return isMap(value) ? this.#map(value, depth + 1) : undefined;
      case "maps":
        return Array.isArray(value) ? this.#list(value, key, depth + 1, isMap) : undefined;
      case "list":
        return Array.isArray(value) ? this.#list(value, key, depth + 1, () => true) : undefined;
      case undefined:
        if (Array.isArray(value)) return this.#list(value, key, depth + 1, () => true);
        return isMap(value) ? this.#map(value, depth + 1) : value;
    }
  }

  #list(
    list: readonly unknown[],
    key: string,
    depth: number,
    isRight: (item: unknown) => boolean,
  ): readonly unknown[] {
    let copy: unknown[] | undefined;
    for (let at = 0; at < list.length; at++) {
      const before = list[at];
      const isKept = before !== null && before !== undefined && isRight(before);
      if (!isKept && before !== null && before !== undefined) this.#wrong.add(key);
      // An item has no key of its own; "" expects nothing.
      const after = isKept ? this.#value(before, "", depth) : undefined;
      if (after !== before) copy ??= list.slice(0, at);
      if (copy !== undefined && after !== undefined) copy.push(after);
    }
    return copy ?? list;
  }

  /** Labels and their like: any key, and a value that YAML read as a number or a boolean was meant as text. */
  #texts(map: JsonMap): JsonMap {
    const entries = Object.entries(map);
    if (entries.every(([, value]) => typeof value === "string")) return map;
    const kept = entries.filter(([, value]) => isScalar(value));
    for (const [key, value] of entries) if (value !== null && !isScalar(value)) this.#wrong.add(key);
    return Object.fromEntries(kept.map(([key, value]) => [key, String(value)]));
  }
}

/** The few names that mean two things: which of them is told by the value. */
function expectedOf(key: string, value: unknown): Expected | undefined {
  if (!isMap(value)) return expectations.get(key);
  // A workload's selector has matchLabels and matchExpressions, a Service's is a map of labels.
  if (key === "selector") {
    return isMap(value["matchLabels"]) || Array.isArray(value["matchExpressions"]) ? "map" : "texts";
  }
  // An endpoint's conditions are one mapping; a volume may be an image with a reference.
  if (key === "conditions" || (key === "image" && value["reference"] !== undefined)) return "map";
  return expectations.get(key);
}

const isScalar = (value: unknown): boolean =>
  typeof value === "string" || typeof value === "number" || typeof value === "boolean";

function numberOf(value: unknown): number | undefined {
  if (typeof value === "number") return value;
  return typeof value === "string" && /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : undefined;
}

function booleanOf(value: unknown): boolean | undefined {
  if (typeof value === "boolean") return value;
  return value === "true" ? true : value === "false" ? false : undefined;
}
