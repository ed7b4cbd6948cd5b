import type { Claim } from "./ingress-claims.ts";
import { regexMatches } from "./ingress-regex.ts";
import { compareText } from "./shape.ts";

interface Location {
  readonly text: string;
  readonly exact: boolean;
  readonly claim: Claim;
}

/**
 * The claim whose nginx location takes a path, among the claims of one server in order of age.
 * kubernetes/ingress-nginx internal/ingress/controller/location.go and template/template.go
 * (`updateServerLocations`, `enforceRegexModifier`, `buildLocation`).
 */
export function matchLocation(claims: readonly Claim[], path: string): Claim | undefined {
  const kept = withoutLosers(claims).toSorted(
    (a, b) => b.path.length - a.path.length || compareText(b.path, a.path),
  );
  const locations = kept.flatMap((claim) => locationsOf(claim, kept));
  if (kept.some((claim) => claim.regex)) {
    return locations.find((location) => regexMatches(location.text, path))?.claim;
  }
  const exact = locations.find((location) => location.exact && location.text === path);
  if (exact !== undefined) return exact.claim;
  const prefixes = locations.filter((location) => !location.exact && takesPrefix(location.text, path));
  return prefixes.toSorted((a, b) => b.text.length - a.text.length)[0]?.claim;
}

/** Of two claims of the same path and type the first, which is the older, stays. */
function withoutLosers(claims: readonly Claim[]): Claim[] {
  const seen = new Set<string>();
  return claims.filter((claim) => {
    const key = `${isExact(claim) ? "=" : ""}${claim.path}`;
    return !seen.has(key) && seen.add(key);
  });
}

const isExact = (claim: Claim): boolean => claim.pathType === "Exact";

/** "/foo" of type Prefix becomes the locations "/foo/" and "= /foo"; a regex or rewritten path stays as it is. */
function locationsOf(claim: Claim, all: readonly Claim[]): Location[] {
  const { path, regex } = claim;
  if (path === "/" || regex || isExact(claim)) return [{ text: path, exact: isExact(claim), claim }];
  const prefix: Location = { text: path.endsWith("/") ? path : `${path}/`, exact: false, claim };
  const taken = all.some((other) => isExact(other) && other.path === path);
  return taken ? [prefix] : [prefix, { text: path, exact: true, claim }];
}

/** nginx answers "/foo" with a redirect to "/foo/" when only the latter is a location. */
const takesPrefix = (text: string, path: string): boolean => path.startsWith(text) || `${path}/` === text;
