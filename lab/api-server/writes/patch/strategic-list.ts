import { resolved } from "../../openapi/schema.ts";
import { badRequest } from "../../status.ts";
import { isEqual, isObject, type JsonObject } from "../json.ts";
import { directive } from "./directives.ts";
import { mergeMap, type Strategy, withoutDirectives } from "./strategic-patch.ts";

interface ListDirectives {
  /** `$setElementOrder/LIST`: the items in the order the client sees them, by their keys. */
  readonly order: unknown;
  /** `$deleteFromPrimitiveList/LIST` */
  readonly deleted: unknown;
}

type Same = (a: unknown, b: unknown) => boolean;

/** Merges a list as its strategy says; one without a merge strategy is replaced. */
export function mergeList(
  original: readonly unknown[],
  patch: unknown,
  strategy: Strategy,
  directives: ListDirectives,
): readonly unknown[] {
  const items: readonly unknown[] = Array.isArray(patch) ? patch : [];
  if (!strategy.merges) return patch === undefined ? original : (withoutDirectives(items) as unknown[]);
  const { mergeKey } = strategy;
  const same: Same =
    mergeKey === undefined
      ? isEqual
      : (a, b) => isObject(a) && isObject(b) && isEqual(a[mergeKey], b[mergeKey]);
  if (items.some((item) => isObject(item) && item[directive] === "replace"))
    return items.filter((item) => !(isObject(item) && item[directive] !== undefined));
  const left = withoutDeleted(original, items, mergeKey, directives.deleted);
  const added = items.filter((item) => !(isObject(item) && item[directive] === "delete"));
  const merged = mergeKey === undefined ? union(left, added) : mergeItems(left, added, mergeKey, strategy);
  const order = Array.isArray(directives.order) ? directives.order : added;
  return inOrder(merged, order, original, same);
}

function withoutDeleted(
  original: readonly unknown[],
  items: readonly unknown[],
  mergeKey: string | undefined,
  deleted: unknown,
): unknown[] {
  if (mergeKey === undefined) {
    const gone: readonly unknown[] = Array.isArray(deleted) ? deleted : [];
    return original.filter((item) => !gone.some((g) => isEqual(g, item)));
  }
  const gone = items.filter((item): item is JsonObject => isObject(item) && item[directive] === "delete");
  return original.filter(
    (item) => !(isObject(item) && gone.some((g) => isEqual(g[mergeKey], item[mergeKey]))),
  );
}

const union = (original: readonly unknown[], added: readonly unknown[]): unknown[] => [
  ...original,
  ...added.filter(
    (item, index) => ![...original, ...added.slice(0, index)].some((other) => isEqual(other, item)),
  ),
];

function mergeItems(
  original: readonly unknown[],
  added: readonly unknown[],
  mergeKey: string,
  strategy: Strategy,
): unknown[] {
  const merged = [...original];
  const { items } = strategy.schema ?? {};
  const schema = items === undefined ? undefined : resolved(items);
  for (const item of added) {
    if (!isObject(item) || item[mergeKey] === undefined)
      throw badRequest(`map: ${JSON.stringify(item)} does not contain declared merge key: ${mergeKey}`);
    const at = merged.findIndex((o) => isObject(o) && isEqual(o[mergeKey], item[mergeKey]));
    const own = merged[at];
    if (isObject(own)) merged[at] = mergeMap(own, item, schema, strategy.retains);
    else merged.push(withoutDirectives(item));
  }
  return merged;
}

/**
 * Items that the client knows stand in its order, the others where they stood relative to those
 * (normalizeElementOrder and mergeSortedSlice of patch.go).
 */
function inOrder(
  merged: readonly unknown[],
  order: readonly unknown[],
  before: readonly unknown[],
  same: Same,
): unknown[] {
  const rank = (list: readonly unknown[], item: unknown): number => list.findIndex((o) => same(o, item));
  const byRank = (list: readonly unknown[]) => (a: unknown, b: unknown) => rank(list, a) - rank(list, b);
  const known = merged.filter((item) => rank(order, item) !== -1).sort(byRank(order));
  const others = merged.filter((item) => rank(order, item) === -1).sort(byRank(before));
  const sorted: unknown[] = [];
  let i = 0;
  let j = 0;
  while (i < others.length || j < known.length) {
    const left = rank(before, others[i]);
    const right = rank(before, known[j]);
    const isLeftFirst =
      j >= known.length || (i < others.length && left !== -1 && right !== -1 && left < right);
    if (isLeftFirst) sorted.push(others[i++]);
    else sorted.push(known[j++]);
  }
  return sorted;
}
