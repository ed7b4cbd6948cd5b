import type { Node, NodeSelectorRequirement, Pod } from "kubernetes-types/core/v1";
import { matchesLabels } from "../label-match.ts";

/** nodeSelector and the required node affinity (kubernetes component-helpers scheduling/corev1/nodeaffinity). */
export function matchesNode(pod: Pod, node: Node): boolean {
  if (!matchesLabels(pod.spec?.nodeSelector ?? {}, node.metadata?.labels)) return false;
  const required = pod.spec?.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  if (required === undefined) return true;
  const fields = { "metadata.name": node.metadata?.name ?? "" };
  return required.nodeSelectorTerms.some(
    ({ matchExpressions, matchFields }) =>
      (matchExpressions ?? []).length + (matchFields ?? []).length > 0 &&
      (matchExpressions ?? []).every((wanted) => meets(wanted, node.metadata?.labels ?? {})) &&
      (matchFields ?? []).every((wanted) => meets(wanted, fields)),
  );
}

function meets(
  { key, operator, values = [] }: NodeSelectorRequirement,
  labels: Readonly<Record<string, string>>,
): boolean {
  const value = labels[key];
  switch (operator) {
    case "In":
      return value !== undefined && values.includes(value);
    case "NotIn":
      return value === undefined || !values.includes(value);
    case "Exists":
      return value !== undefined;
    case "DoesNotExist":
      return value === undefined;
    case "Gt":
      return Number(value) > Number(values[0]);
    case "Lt":
      return Number(value) < Number(values[0]);
    default:
      return false;
  }
}
