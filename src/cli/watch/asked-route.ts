import { resolveRoutes } from "../../derive/routes.ts";
import type { Route } from "../../derive/views.ts";
import type { Evidence } from "../../evidence/evidence.ts";
import { refText } from "../../evidence/object-ref.ts";
import type { Target } from "../../target/target.ts";
import { UsageProblem } from "../usage-problem.ts";

/** The one route that is watched. Several that lead to one Service are one. @throws UsageProblem */
export function askedRoute(evidence: Evidence, target: Target): Route {
  const { routes, problem } = resolveRoutes(evidence, target);
  const [first] = routes;
  if (first === undefined) {
    const near =
      problem === undefined || problem.near.length === 0
        ? ""
        : ` Did you mean ${problem.near.slice(0, 3).join(", ")}?`;
    throw new UsageProblem(`${problem?.message ?? "there is no such route."}${near}`);
  }
  const primary = routes.find(({ role }) => role === "primary") ?? first;
  const services = new Set(
    routes.filter(({ role }) => role === "primary").map((r) => refText(r.backend.service)),
  );
  if (services.size > 1) {
    const choice = [...new Set(routes.map((r) => r.target))].slice(0, 4).join(", ");
    throw new UsageProblem(
      `this names routes to ${services.size} Services, and one is watched at a time: name one of ${choice}.`,
    );
  }
  return primary;
}
