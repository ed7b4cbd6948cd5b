import type { Service } from "kubernetes-types/core/v1";
import { type Evidence, list, nameOf, namespaceOf } from "../evidence/evidence.ts";
import { ref } from "../evidence/object-ref.ts";
import { failedNamespaces } from "./coverage.ts";
import type { Route } from "./views.ts";

/** A route that starts at a Service, for Services that no rule of a gateway names. */
export function serviceRoute(service: Service): Route {
  return {
    target: `service/${nameOf(service)}`,
    namespace: namespaceOf(service),
    gatewayKind: "unknown",
    backend: { service: ref("Service", nameOf(service), namespaceOf(service)) },
    role: "primary",
    isDefaultBackend: false,
  };
}

/** Without repetitions; routes of one target to one backend through one class are the same route. */
export function distinctRoutes(routes: readonly Route[]): Route[] {
  const seen = new Map<string, Route>();
  for (const route of routes) {
    const key = JSON.stringify([
      route.host,
      route.path,
      route.pathType,
      route.className?.name,
      route.gatewayKind,
      route.backend.service,
      route.backend.port,
      route.role,
    ]);
    if (!seen.has(key)) seen.set(key, route);
  }
  return [...seen.values()];
}

/** Why the Ingresses are unknown; undefined when they were read. */
export function ingressesUnread(evidence: Evidence, namespace?: string): string | undefined {
  const listed = list(evidence, "ingresses", namespace);
  return listed.state === "unknown" ? listed.reason : undefined;
}

/** " (not read: payments (forbidden))" when part of the lists is missing. */
export function unreadNote(evidence: Evidence, resource: "ingresses" | "services"): string {
  const failed = failedNamespaces(evidence, resource);
  return failed.length === 0 ? "" : ` (${resource} not read: ${failed.join(", ")})`;
}
