import type { Route } from "../derive/views.ts";
import type { FieldPath } from "./rule.ts";

/** Where the route's backend is written in its object. */
export function backendPath(route: Route, ...rest: FieldPath): FieldPath {
  const pointer = route.rule?.pointer;
  if (pointer === undefined) return ["spec"];
  const steps = pointer
    .split("/")
    .slice(1)
    .map((step) => (/^\d+$/.test(step) ? Number(step) : step));
  return [...steps, ...rest];
}
