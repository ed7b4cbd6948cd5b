import type { LabelSelector } from "kubernetes-types/meta/v1";

type Labels = Readonly<Record<string, string>> | undefined;

export const matchesLabels = (wanted: Readonly<Record<string, string>>, labels: Labels): boolean =>
  Object.entries(wanted).every(([key, value]) => labels?.[key] === value);

/** kubernetes apimachinery pkg/apis/meta/v1/helpers.go LabelSelectorAsSelector: no selector matches nothing, an empty one everything. */
export function matchesSelector(selector: LabelSelector | undefined, labels: Labels): boolean {
  if (selector === undefined) return false;
  if (!matchesLabels(selector.matchLabels ?? {}, labels)) return false;
  return (selector.matchExpressions ?? []).every(({ key, operator, values }) => {
    const value = labels?.[key];
    switch (operator) {
      case "In":
        return value !== undefined && (values ?? []).includes(value);
      case "NotIn":
        return value === undefined || !(values ?? []).includes(value);
      case "Exists":
        return value !== undefined;
      case "DoesNotExist":
        return value === undefined;
      default:
        return false;
    }
  });
}

export const isEmptySelector = (selector: LabelSelector | undefined): boolean =>
  selector !== undefined &&
  Object.keys(selector.matchLabels ?? {}).length === 0 &&
  (selector.matchExpressions ?? []).length === 0;
