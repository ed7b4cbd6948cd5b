import { items } from "../../derive/shape.ts";
import type { LintRule } from "../rule.ts";
import { backendPath } from "../route-path.ts";

export const routePortMissing: LintRule = {
  id: "route-port-missing",
  severity: "error",
  title: "A route asks for a port that its Service does not have",
  why: "The rule names a port of the Service, by number or by name, not of the container. Without a match the gateway has no endpoint for it and answers 503.",
  check: ({ routes }) =>
    routes.flatMap(({ route, object, service, port }) => {
      const asked = route.backend.port;
      if (service === undefined || port !== undefined || asked === undefined) return [];
      if (service.service.spec?.type === "ExternalName") return [];
      const known = items(service.service.spec?.ports).map((p) =>
        p.name === undefined ? String(p.port) : `${p.port} (${p.name})`,
      );
      return {
        subject: object,
        part: route.target,
        path: backendPath(route, "service", "port"),
        message: `${route.target} asks Service ${service.ref.name} for port ${asked.number ?? `"${asked.name}"`}; it has ${known.length === 0 ? "none" : known.join(", ")}`,
      };
    }),
};
