import type { Evidence } from "../evidence/evidence.ts";
import type { Target } from "../target/target.ts";
import { withPrimary } from "./canaries.ts";
import { resolveAll } from "./route-all.ts";
import { resolveObject } from "./route-objects.ts";
import { resolveUrl } from "./route-url.ts";
import type { Route } from "./views.ts";

export interface ResolvedRoutes {
  readonly routes: readonly Route[];
  /** Why nothing, or less than asked for, was found: a sentence for the user, and names they may have meant. */
  readonly problem?: RouteProblem;
}

export interface RouteProblem {
  readonly message: string;
  /** Nearest known names, best first. */
  readonly near: readonly string[];
}

/**
 * The ways that requests of this target take: URL → the rule that serves it and its canaries;
 * `ingress/NAME` → every rule of it; `service/NAME` → every rule that leads to it, or the bare
 * Service; nothing → every rule in scope and every Service that no rule names.
 */
export function resolveRoutes(evidence: Evidence, target: Target): ResolvedRoutes {
  const resolved = resolve(evidence, target);
  return { ...resolved, routes: resolved.routes.map((route) => withPrimary(evidence, route)) };
}

function resolve(evidence: Evidence, target: Target): ResolvedRoutes {
  switch (target.kind) {
    case "all":
      return resolveAll(evidence, target);
    case "url":
      return resolveUrl(evidence, target);
    case "object":
      return resolveObject(evidence, target);
  }
}
