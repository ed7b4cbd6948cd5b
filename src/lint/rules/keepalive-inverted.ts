import type { LintRule } from "../rule.ts";
import { inversions } from "../inversions.ts";

export const keepaliveInverted: LintRule = {
  id: "keepalive-inverted",
  severity: "warning",
  title: "A hop closes idle connections that the one before it reuses",
  why: "When the inner hop closes an idle connection in the moment in which the outer sends the next request on it, the request is lost: a 502 now and then, more often for POST, which is not repeated. The inner hop has to keep idle connections longer.",
  check: (facts) => inversions(facts, "keep-alive"),
};
