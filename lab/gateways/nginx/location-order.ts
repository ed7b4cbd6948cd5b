import type { Location } from "./configuration.ts";

/**
 * A Prefix path matches itself and what is below it: "/cart" becomes the locations "/cart/" and = "/cart"
 * (kubernetes/ingress-nginx internal/ingress/controller/location.go `updateServerLocations`).
 */
export function withExactTwins(locations: readonly Location[]): Location[] {
  const exact = new Set(locations.filter((l) => l.pathType === "Exact").map((l) => l.path));
  return locations.flatMap((location) => {
    const { path, pathType, settings } = location;
    const isPlain = settings.rewriteTarget === undefined || settings.rewriteTarget === path;
    if (path === "/" || pathType !== "Prefix" || !isPlain || settings.useRegex) return [location];
    const below = { ...location, path: path.endsWith("/") ? path : `${path}/` };
    return exact.has(path) ? [below] : [below, { ...location, pathType: "Exact" }];
  });
}

/** Longest path first, which matters where locations are regular expressions. */
export const inNginxOrder = (locations: readonly Location[]): Location[] =>
  [...locations].sort(
    (a, b) => b.path.length - a.path.length || (a.path > b.path ? -1 : a.path < b.path ? 1 : 0),
  );

/** One rewritten or regular path of a host makes all of its locations regular expressions. */
export const needsRegex = (locations: readonly Location[]): boolean =>
  locations.some(
    ({ path, settings }) =>
      settings.useRegex || (settings.rewriteTarget !== undefined && settings.rewriteTarget !== path),
  );
