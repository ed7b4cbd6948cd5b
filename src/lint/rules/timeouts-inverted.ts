import type { LintRule } from "../rule.ts";
import { inversions } from "../inversions.ts";

export const timeoutsInverted: LintRule = {
  id: "timeouts-inverted",
  severity: "warning",
  title: "An outer hop gives up before the one behind it",
  why: "The client gets a 504 while the inner hop still works on the request, and the error that the inner hop would have given is never seen. Each hop has to wait longer than the next one inwards.",
  check: (facts) => inversions(facts, "response"),
};
