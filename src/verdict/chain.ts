import type { SupportedFinding } from "./finding.ts";

/** A deepest supported finding with what it leads to, outermost first; the root is the last link. */
export interface Chain {
  readonly root: SupportedFinding;
  readonly links: readonly SupportedFinding[];
  /** Everything the root leads to, directly or not, the root included. */
  readonly members: readonly SupportedFinding[];
}

/** "Why, why, why": follows `leadsTo` among supported findings; one chain for each deepest one. */
export function chains(findings: readonly SupportedFinding[]): Chain[] {
  const byId = new Map(findings.map((f) => [f.cause.id, f]));
  const led = new Set(
    findings.flatMap((f) => f.cause.leadsTo.filter((id) => id !== f.cause.id && byId.has(id))),
  );
  let roots = findings.filter((f) => !led.has(f.cause.id));
  if (roots.length === 0 && findings.length > 0) roots = [mostConfident(findings)];
  return roots.map((root) => ({ root, links: linksTo(root, byId), members: membersOf(root, byId) }));
}

function linksTo(root: SupportedFinding, byId: ReadonlyMap<string, SupportedFinding>): SupportedFinding[] {
  const links = [root];
  const seen = new Set([root.cause.id]);
  for (let at: SupportedFinding | undefined = root; at !== undefined;) {
    const outer: SupportedFinding[] = at.cause.leadsTo
      .flatMap((id) => byId.get(id) ?? [])
      .filter((f) => !seen.has(f.cause.id));
    at = outer.length === 0 ? undefined : nearest(outer);
    if (at !== undefined) {
      seen.add(at.cause.id);
      links.unshift(at);
    }
  }
  return links;
}

/** Of several outer links, one that leads to another of them comes first: the longer chain says more. */
function nearest(outer: readonly SupportedFinding[]): SupportedFinding {
  const inner = outer.filter((f) => outer.some((other) => f.cause.leadsTo.includes(other.cause.id)));
  return mostConfident(inner.length > 0 ? inner : outer);
}

/** The finding and everything it leads to among the supported ones. */
export function membersOf(
  root: SupportedFinding,
  byId: ReadonlyMap<string, SupportedFinding>,
): SupportedFinding[] {
  const members = new Set([root]);
  for (const member of members) {
    for (const id of member.cause.leadsTo) {
      const next = byId.get(id);
      if (next !== undefined) members.add(next);
    }
  }
  return [...members];
}

const mostConfident = (findings: readonly SupportedFinding[]): SupportedFinding =>
  findings.reduce((best, f) => (f.confidence > best.confidence ? f : best));
