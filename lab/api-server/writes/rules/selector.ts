import { type JsonObject, listOf, objectOf, objectsOf } from "../json.ts";

type Labels = Readonly<Record<string, string>>;

/** Whether a LabelSelector (matchLabels, matchExpressions) selects these labels; an empty one selects everything. */
export function selectorMatches(selector: unknown, labels: Labels): boolean {
  const { matchLabels, matchExpressions } = objectOf(selector);
  return (
    Object.entries(objectOf(matchLabels)).every(([name, value]) => labels[name] === value) &&
    objectsOf(matchExpressions).every((expression) => expressionMatches(expression, labels))
  );
}

function expressionMatches({ key, operator, values }: JsonObject, labels: Labels): boolean {
  const name = String(key);
  const isIn = Object.hasOwn(labels, name) && listOf(values).includes(labels[name]);
  switch (operator) {
    case "In":
      return isIn;
    case "NotIn":
      return !isIn;
    case "Exists":
      return Object.hasOwn(labels, name);
    case "DoesNotExist":
      return !Object.hasOwn(labels, name);
    default:
      return false;
  }
}
