import type { Evidence } from "../evidence/evidence.ts";
import type { Claim } from "./ingress-claims.ts";
import { matchRequest, sameBackend } from "./ingress-match.ts";
import { normalPath } from "./ingress-paths.ts";
import { oncePer } from "./once.ts";
import { ruleSets } from "./rule-sets.ts";
import type { Route } from "./views.ts";

/**
 * Whether a logged request goes by this route's rule, for logs that name no upstream. A log without
 * hosts is read as if every request were for the route's host.
 */
export function isServedBy(
  evidence: Evidence,
  route: Route,
  host: string | undefined,
  path: string,
): boolean {
  if (route.rule === undefined) return false;
  const asked = host ?? (route.host ?? "").replace("*", "any");
  return servedBy(evidence, asked.toLowerCase(), path).some(
    (claim) =>
      claim.host === (route.host ?? "") &&
      claim.isDefault === route.isDefaultBackend &&
      (claim.isDefault || claim.path === route.path) &&
      sameBackend(claim, route),
  );
}

function servedBy(evidence: Evidence, host: string, path: string): readonly Claim[] {
  const known = answers(evidence);
  const key = `${host} ${path}`;
  let served = known.get(key);
  if (served === undefined) {
    const [bare = "", port] = host.split(":");
    const name = port !== undefined && /^\d+$/.test(port) ? bare : host;
    const withoutQuery = path.split("?", 1)[0] ?? path;
    served = ruleSets(evidence).flatMap(
      (rules) => matchRequest(rules, name, normalPath(withoutQuery))?.primary ?? [],
    );
    known.set(key, served);
  }
  return served;
}

const answers = oncePer((_evidence: Evidence): Map<string, readonly Claim[]> => new Map());
