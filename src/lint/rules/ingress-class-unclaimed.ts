import { nearestNames } from "../../derive/near-names.ts";
import { objectsOf } from "../../derive/coverage.ts";
import { nameOf } from "../../evidence/evidence.ts";
import type { LintFacts, RouteFacts } from "../facts.ts";
import type { LintRule } from "../rule.ts";

export const ingressClassUnclaimed: LintRule = {
  id: "ingress-class-unclaimed",
  severity: "error",
  title: "No controller takes an Ingress",
  why: "An Ingress whose class does not exist, or that no running controller claims, is served by nobody: its host is answered by whatever else the gateway has, or by its default backend.",
  check: (facts) => {
    const seen = new Set<string>();
    return facts.routes.flatMap((r) => {
      const key = `${r.object.namespace}/${r.object.name}`;
      if (seen.has(key)) return [];
      seen.add(key);
      const problem = problemOf(facts, r);
      return problem === undefined
        ? []
        : { subject: r.object, path: ["spec", "ingressClassName"], message: problem };
    });
  },
};

/** Among manifests a class may be written elsewhere; a name that is nearly the one of a class is a slip. */
function problemOf({ evidence, isWhole }: LintFacts, { route, gateway }: RouteFacts): string | undefined {
  if (isWhole("ingressclasses", "")) {
    const known = gateway();
    return known.state === "present" ? known.value.classProblem : undefined;
  }
  const { name, from } = route.className ?? {};
  const classes = objectsOf(evidence, "ingressclasses").map(nameOf);
  if (name === undefined || from !== "spec" || classes.includes(name)) return undefined;
  const near = nearestNames(name, classes);
  return near.length === 0 ? undefined : `no IngressClass "${name}"; there is ${near.join(", ")}`;
}
