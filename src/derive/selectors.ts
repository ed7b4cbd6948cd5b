import type { Service } from "kubernetes-types/core/v1";
import type { LabelSelector, LabelSelectorRequirement } from "kubernetes-types/meta/v1";
import { items, texts } from "./shape.ts";

export type Labels = Readonly<Record<string, string>>;

/** Whether every wanted label is there with that value. */
export function hasLabels(labels: Labels, wanted: Labels): boolean {
  return Object.entries(wanted).every(([key, value]) => Object.hasOwn(labels, key) && labels[key] === value);
}

/** A label selector of the API: an empty one selects everything, a missing one nothing. */
export function matchesSelector(labels: Labels, selector: LabelSelector | null | undefined): boolean {
  if (selector === undefined || selector === null) return false;
  return (
    hasLabels(labels, texts(selector.matchLabels)) &&
    items(selector.matchExpressions).every((requirement) => meets(labels, requirement))
  );
}

/** NotIn is also met by objects without the label (apimachinery `labels.Requirement.Matches`). */
function meets(labels: Labels, { key, operator, values }: LabelSelectorRequirement): boolean {
  const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
  switch (operator) {
    case "In":
      return value !== undefined && items(values).includes(value);
    case "NotIn":
      return value === undefined || !items(values).includes(value);
    case "Exists":
      return value !== undefined;
    case "DoesNotExist":
      return value === undefined;
    default:
      return false;
  }
}

/** A Service without a selector, or with an empty one, selects no pod: its endpoints are made by hand. */
export function serviceSelector(service: Service): Labels | undefined {
  const selector = texts(service.spec?.selector);
  return Object.keys(selector).length === 0 ? undefined : selector;
}

export function serviceSelects(service: Service, labels: Labels): boolean {
  const selector = serviceSelector(service);
  return selector !== undefined && hasLabels(labels, selector);
}
