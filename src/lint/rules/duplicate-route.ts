import { sameBackend } from "../../derive/ingress-match.ts";
import type { LintRule } from "../rule.ts";
import type { RouteFacts } from "../facts.ts";
import { backendPath } from "../route-path.ts";

export const duplicateRoute: LintRule = {
  id: "duplicate-route",
  severity: "warning",
  title: "Two Ingresses claim the same host and path",
  why: "One of them wins, by age or by chance, and the requests of the other go where nobody expects. Only a canary may claim what another Ingress has.",
  check: ({ routes }) => {
    const first = new Map<string, RouteFacts>();
    return routes.flatMap((facts) => {
      const { route, object } = facts;
      if (route.role === "canary" || route.isDefaultBackend) return [];
      const key = JSON.stringify([
        route.gatewayKind,
        route.className?.name,
        route.host,
        route.path,
        route.pathType === "Exact",
      ]);
      const before = first.get(key);
      if (before === undefined) {
        first.set(key, facts);
        return [];
      }
      if (sameBackend(before.route, route)) return [];
      return {
        subject: object,
        part: route.target,
        path: backendPath(route).slice(0, -1),
        message: `${route.target} is claimed by Ingress ${before.object.namespace}/${before.object.name} too, for Service ${before.route.backend.service.name}`,
      };
    });
  },
};
