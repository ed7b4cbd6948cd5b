import { resolveRoutes, type ResolvedRoutes } from "../../src/derive/routes.ts";
import type { Route } from "../../src/derive/views.ts";
import { parseTarget } from "../../src/target/target.ts";
import { evidenceOf, type EvidenceOptions } from "../support/evidence.ts";

export function resolve(
  objects: readonly object[],
  target?: string,
  namespace?: string,
  options?: EvidenceOptions,
): ResolvedRoutes {
  return resolveRoutes(evidenceOf(objects, options), parseTarget(target, namespace));
}

/** "web shop.example.com/cart → cart", one line per route. */
export const lines = (resolved: ResolvedRoutes): string[] => resolved.routes.map(line);

const line = (route: Route): string =>
  `${route.rule?.object.name ?? "-"} ${route.host ?? "*"}${route.path ?? ""} → ${route.backend.service.name}` +
  (route.role === "canary" ? ` canary ${route.weight ?? "by header"}` : "") +
  (route.isDefaultBackend ? " default" : "");
