import type { Observations } from "../derive/observations.ts";
import type { LoggedRequest } from "../logs/traffic.ts";
import { type Attributed, attribute, explainsRequest, failedRequests } from "./attribute.ts";
import { chains, membersOf } from "./chain.ts";
import { type Finding, isSupported, type OtherFinding, type SupportedFinding, withdraw } from "./finding.ts";

/** The findings of one route after they were held against what really failed and against each other. */
export interface Settled {
  readonly ranked: readonly Attributed[];
  readonly others: readonly OtherFinding[];
  /** The failed requests that shares are counted over; undefined without logs. */
  readonly requests?: readonly LoggedRequest[];
}

/**
 * Withdraws what accuses without a victim: a cause that says which requests it explains and
 * explains none of those that failed is no cause of them. A route that cannot work at all needs
 * no victim. Then the better explanation of the same failures stands and the other is withdrawn.
 */
export function settle(findings: readonly Finding[], facts: Observations): Settled {
  const traffic = facts.traffic.state === "present" ? facts.traffic.value : undefined;
  const requests = traffic === undefined ? undefined : failedRequests(traffic);
  const supported: SupportedFinding[] = [];
  const others: OtherFinding[] = [];
  const counted = requests !== undefined && (requests.length > 0 || (traffic?.requests ?? 0) > 0);
  for (const finding of findings) {
    if (!isSupported(finding)) others.push(finding);
    else if (counted && !isDead(facts) && !hasVictim(finding, findings, requests)) {
      const why =
        requests.length === 0
          ? "seen, but no request failed"
          : `seen, but it explains none of the ${requests.length} failed requests`;
      others.push(withdraw(finding, why));
    } else supported.push(finding);
  }
  const ranked = attribute(chains(supported), requests ?? []);
  const kept: Attributed[] = [];
  for (const [index, entry] of ranked.entries()) {
    const better = ranked
      .slice(0, index)
      .find((b) => b.chain.root.confidence >= entry.chain.root.confidence - 0.05);
    const isCovered =
      counted && entry.counts && entry.explained === 0 && entry.couldExplain > 0 && better !== undefined;
    if (isCovered && !hasDecisive(entry.chain.root)) {
      others.push(
        ...entry.chain.members
          .filter((m) => !inAnother(m, ranked, entry))
          .map((m) => withdraw(m, `${better.chain.root.cause.id} explains the same failures better`)),
      );
    } else kept.push(entry);
  }
  return requests === undefined ? { ranked: kept, others } : { ranked: kept, others, requests };
}

/** Explains a failure itself, or through something it leads to, or does not count requests at all. */
function hasVictim(
  finding: SupportedFinding,
  all: readonly Finding[],
  requests: readonly LoggedRequest[],
): boolean {
  if (finding.leavesNoLine === true) return true;
  const byId = new Map(all.filter(isSupported).map((f) => [f.cause.id, f]));
  const counting = membersOf(finding, byId).filter((m) => m.explains !== undefined);
  if (counting.length === 0) return requests.length > 0;
  return counting.some((m) => requests.some((r) => explainsRequest(m, r)));
}

const hasDecisive = (finding: SupportedFinding): boolean =>
  finding.clues.some((c) => c.for && c.weight === "decisive");

const inAnother = (member: SupportedFinding, ranked: readonly Attributed[], except: Attributed): boolean =>
  ranked.some((r) => r !== except && r.chain.members.includes(member));

/** No request can succeed on this route as it stands, whatever the logs of the past show. */
export function isDead(facts: Observations): boolean {
  if (facts.service.state === "absent" || facts.servicePort.state === "absent") return true;
  return facts.endpoints.state === "present" && facts.endpoints.value.ready.length === 0;
}
