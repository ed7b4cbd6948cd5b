import { nearestNames } from "../../derive/near-names.ts";
import type { LintRule } from "../rule.ts";
import { backendPath } from "../route-path.ts";

export const routeServiceMissing: LintRule = {
  id: "route-service-missing",
  severity: "error",
  title: "A route leads to a Service that does not exist",
  why: "The gateway has nowhere to send its requests and answers 503 by itself.",
  check: ({ routes, services, isWhole }) =>
    routes.flatMap(({ route, object, service }) => {
      const { kind, name, namespace = "" } = route.backend.service;
      if (kind !== "Service" || service !== undefined) return [];
      const here = services.filter((s) => s.ref.namespace === namespace).map((s) => s.ref.name);
      const near = nearestNames(name, here);
      if (!isWhole("services", namespace) && near.length === 0) return [];
      return {
        subject: object,
        part: route.target,
        path: backendPath(route, "service", "name"),
        message: `${route.target} leads to Service ${namespace}/${name}, which is not there${near.length === 0 ? "" : `; there is ${near.join(", ")}`}`,
      };
    }),
};
