import type { LabelSelector, LabelSelectorRequirement } from "kubernetes-types/meta/v1";
import { items, texts } from "./shape.ts";

/** Three-valued answer: "unknown" when a label that decides was not read. */
export type Match = "yes" | "no" | "unknown";

/**
 * Labels as far as they are known. `complete: false` means that labels beside these may exist
 * (a Namespace that was not read still carries its own name as a label).
 */
export interface KnownLabels {
  readonly labels: Readonly<Record<string, string>>;
  readonly complete: boolean;
}

/** All of several answers: one "no" decides, then one "unknown". */
export function every(answers: readonly Match[]): Match {
  if (answers.includes("no")) return "no";
  return answers.includes("unknown") ? "unknown" : "yes";
}

/** Any of several answers: one "yes" decides, then one "unknown". */
export function some(answers: readonly Match[]): Match {
  if (answers.includes("yes")) return "yes";
  return answers.includes("unknown") ? "unknown" : "no";
}

/** Whether a label selector matches; the empty selector matches everything. */
export function selectorMatches(selector: LabelSelector, known: KnownLabels): Match {
  const byLabel = Object.entries(texts(selector.matchLabels)).map(([key, value]) =>
    requirementMatches({ key, operator: "In", values: [value] }, known),
  );
  const byExpression = items(selector.matchExpressions).map((r) => requirementMatches(r, known));
  return every([...byLabel, ...byExpression]);
}

/** NotIn holds for an object without the key, as in apimachinery pkg/labels/selector.go. */
function requirementMatches(requirement: LabelSelectorRequirement, known: KnownLabels): Match {
  const has = Object.hasOwn(known.labels, requirement.key);
  if (!has && !known.complete) return "unknown";
  const value = known.labels[requirement.key] ?? "";
  const listed = items(requirement.values).includes(value);
  switch (requirement.operator) {
    case "In":
      return has && listed ? "yes" : "no";
    case "NotIn":
      return !has || !listed ? "yes" : "no";
    case "Exists":
      return has ? "yes" : "no";
    case "DoesNotExist":
      return has ? "no" : "yes";
    default:
      return "unknown";
  }
}

/** "app=web, tier in (a, b)"; "everything" for the empty selector. */
export function selectorText(selector: LabelSelector): string {
  const labels = Object.entries(texts(selector.matchLabels)).map(([key, value]) => `${key}=${value}`);
  const expressions = items(selector.matchExpressions).map(expressionText);
  return [...labels, ...expressions].join(", ") || "everything";
}

function expressionText(requirement: LabelSelectorRequirement): string {
  const values = items(requirement.values).join(", ");
  switch (requirement.operator) {
    case "Exists":
      return requirement.key;
    case "DoesNotExist":
      return `!${requirement.key}`;
    default:
      return `${requirement.key} ${requirement.operator === "In" ? "in" : "notin"} (${values})`;
  }
}
