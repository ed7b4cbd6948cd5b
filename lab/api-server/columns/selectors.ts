import type { LabelSelector } from "kubernetes-types/meta/v1";
import { none } from "./column.ts";

/** "app=cart,tier=db", or <none>. */
export function labelsText(labels: Readonly<Record<string, string>> | undefined): string {
  const terms = Object.entries(labels ?? {}).sort();
  return terms.length === 0 ? none : terms.map(([key, value]) => `${key}=${value}`).join(",");
}

/** A label selector as one would type it after -l. */
export function selectorText(selector: LabelSelector | undefined): string {
  const equal = Object.entries(selector?.matchLabels ?? {})
    .sort()
    .map(([key, value]) => `${key}=${value}`);
  const set = (selector?.matchExpressions ?? []).map(({ key, operator, values = [] }) => {
    if (operator === "Exists") return key;
    if (operator === "DoesNotExist") return `!${key}`;
    return `${key} ${operator.toLowerCase()} (${values.join(",")})`;
  });
  return equal.length + set.length === 0 ? none : [...equal, ...set].join(",");
}
