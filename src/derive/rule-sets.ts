import type { Evidence } from "../evidence/evidence.ts";
import { objectsOf } from "./coverage.ts";
import { assignClass } from "./ingress-class.ts";
import { claimsOf } from "./ingress-claims.ts";
import { byAge, type RuleSet } from "./ingress-match.ts";
import { oncePer } from "./once.ts";
import { compareText } from "./shape.ts";

/** Every Ingress that was read, grouped by the controller that answers for it; those nobody takes come last. */
export const ruleSets = oncePer((evidence: Evidence): readonly RuleSet[] => {
  const assigned = objectsOf(evidence, "ingresses").map((ingress) => ({
    ingress,
    assignment: assignClass(evidence, ingress),
  }));
  const groups = Map.groupBy(assigned, ({ assignment: { taken, controller, kind } }) =>
    JSON.stringify([taken ? 0 : 1, controller, kind]),
  );
  return [...groups]
    .sort(([a], [b]) => compareText(a, b))
    .flatMap(([, members]) => {
      const sorted = members.toSorted((a, b) => byAge(a.ingress, b.ingress));
      const first = sorted[0];
      if (first === undefined) return [];
      const { kind, taken } = first.assignment;
      const claims = sorted.flatMap(({ ingress, assignment }) => claimsOf(ingress, assignment));
      return [{ kind, taken, ingresses: sorted.map((m) => m.ingress), claims }];
    });
});
