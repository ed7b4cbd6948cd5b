import { binomialAtLeast } from "../../base/statistics/binomial.ts";
import { corrected } from "../../base/statistics/corrected.ts";

/** One member of a group that failures may sit on. */
export interface Member {
  readonly key: string;
  /** Its traffic while failures happened: the denominator. */
  readonly traffic: number;
  readonly failed: number;
  readonly succeeded: number;
}

export interface Excess {
  readonly members: readonly Member[];
  readonly failures: number;
  readonly of: number;
  /** Part of the traffic that those members have. */
  readonly trafficShare: number;
  /** The largest of the members' chances, corrected for the number of members. */
  readonly p: number;
}

const significance = 0.01;
/** Members are named only when they have nearly all of the failures. */
const explainedShare = 0.9;
/** How much likelier a request of theirs fails than another, at least: with many requests the slightest skew is significant. */
const leastOddsRatio = 4;
/** Members that have most of the traffic are no place. */
const largestTrafficShare = 0.75;

/**
 * The members that have nearly all failures, each more than its share of the traffic explains (binomial
 * tail, corrected for the number of members). For k failures on one of N equal members that is N^(1−k).
 */
export function excessOf(members: readonly Member[]): Excess | undefined {
  const failed = members.reduce((sum, m) => sum + m.failed, 0);
  const traffic = members.reduce((sum, m) => sum + m.traffic, 0);
  if (members.length < 2 || failed === 0 || traffic === 0) return undefined;
  const affected = members.flatMap((member) => {
    // What has no more than its share is not tested: with many members that is most of the work.
    if (member.failed * traffic <= member.traffic * failed) return [];
    const p = corrected(binomialAtLeast(member.failed, failed, member.traffic / traffic), members.length);
    return p < significance ? [{ member, p }] : [];
  });
  const p = affected.reduce((most, a) => Math.max(most, a.p), 0);
  return excessIn(
    affected.map((a) => a.member),
    failed,
    traffic,
    p,
  );
}

/** The same question of members that are looked at as one. */
export function excessTogether(
  group: readonly Member[],
  all: readonly Member[],
  groups: number,
): Excess | undefined {
  const failed = all.reduce((sum, m) => sum + m.failed, 0);
  const traffic = all.reduce((sum, m) => sum + m.traffic, 0);
  if (failed === 0 || traffic === 0) return undefined;
  const own = group.reduce((sum, m) => sum + m.failed, 0);
  const share = group.reduce((sum, m) => sum + m.traffic, 0) / traffic;
  const p = corrected(binomialAtLeast(own, failed, share), groups);
  return p < significance ? excessIn(group, failed, traffic, p) : undefined;
}

function excessIn(
  members: readonly Member[],
  failed: number,
  traffic: number,
  p: number,
): Excess | undefined {
  const failures = members.reduce((sum, m) => sum + m.failed, 0);
  const trafficShare = members.reduce((sum, m) => sum + m.traffic, 0) / traffic;
  if (failures === 0 || failures < explainedShare * failed || trafficShare > largestTrafficShare)
    return undefined;
  // Half a failure more elsewhere keeps the ratio finite when there is none.
  const odds = failures / (failed - failures + 0.5) / (trafficShare / (1 - trafficShare));
  return odds < leastOddsRatio ? undefined : { members, failures, of: failed, trafficShare, p };
}
