import type { Taint, Toleration } from "kubernetes-types/core/v1";

/** kubernetes staging/src/k8s.io/api/core/v1/toleration.go ToleratesTaint. */
export function tolerates({ key, operator, value, effect }: Toleration, taint: Taint): boolean {
  if ((effect ?? "") !== "" && effect !== taint.effect) return false;
  if ((key ?? "") !== "" && key !== taint.key) return false;
  if (operator === "Exists") return true;
  return (key ?? "") !== "" && (value ?? "") === (taint.value ?? "");
}

export const isTolerated = (taint: Taint, tolerations: readonly Toleration[] | undefined): boolean =>
  (tolerations ?? []).some((toleration) => tolerates(toleration, taint));
