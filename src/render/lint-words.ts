import type { LintFindingReport, LintReport, Severity } from "../report/lint-report.ts";
import { count, counted } from "./words.ts";

/** "k8s/cart.yaml:12"; "" of a cluster. */
export function placeText({ place }: LintFindingReport): string {
  if (place === undefined) return "";
  return place.line === undefined ? place.file : `${place.file}:${place.line}`;
}

/** "2 errors, 1 warning". */
export function countsText({ counts }: LintReport): string {
  const said = (["error", "warning", "note"] satisfies Severity[])
    .filter((severity) => counts[severity] > 0)
    .map((severity) => counted(counts[severity], severity));
  return said.length === 0 ? "nothing found" : said.join(", ");
}

/** "14 objects, 3 routes, 2 workloads behind a Service". */
export const scopeText = ({ scope }: LintReport): string =>
  `${counted(scope.objects, "object")}, ${counted(scope.routes, "route")}, ${count(scope.workloads)} ${scope.workloads === 1 ? "workload" : "workloads"} behind a Service`;
