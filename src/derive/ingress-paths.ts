import type { Claim } from "./ingress-claims.ts";
import type { GatewayKind } from "./views.ts";

/** Gateways that read ImplementationSpecific as a prefix; the load balancers of clouds read it as exact with "*". */
const exactByDefault: readonly GatewayKind[] = ["aws-lbc", "gce"];

/** Whether a claim's path takes the request, by the rules of the Ingress API. */
export function pathMatches(
  claim: Pick<Claim, "path" | "pathType">,
  kind: GatewayKind,
  path: string,
): boolean {
  switch (claim.pathType) {
    case "Exact":
      return claim.path === path;
    case "Prefix":
      return isElementPrefix(claim.path, path);
    case "ImplementationSpecific":
      if (claim.path.endsWith("/*")) return isElementPrefix(claim.path.slice(0, -2), path);
      return exactByDefault.includes(kind) ? claim.path === path : isElementPrefix(claim.path, path);
  }
}

/** "/foo" is a prefix of "/foo" and "/foo/bar" but not of "/foobar"; a slash at the end does not count. */
function isElementPrefix(prefix: string, path: string): boolean {
  const bare = prefix.replace(/\/+$/, "");
  return path === bare || path.startsWith(`${bare}/`) || bare === "";
}

/** The longest path first, Exact before Prefix before ImplementationSpecific. */
export function moreSpecific(a: Claim, b: Claim): number {
  return b.path.length - a.path.length || typeRank[a.pathType] - typeRank[b.pathType];
}

const typeRank = { Exact: 0, Prefix: 1, ImplementationSpecific: 2 } as const;

/** The path as a gateway compares it: percent-decoded, runs of slashes merged. */
export function normalPath(path: string): string {
  let decoded = path;
  try {
    decoded = decodeURIComponent(path);
  } catch {
    // A stray "%" is compared as it stands.
  }
  return decoded.replaceAll(/\/{2,}/g, "/");
}
