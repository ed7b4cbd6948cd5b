import type { AddressStats, FailureClass, Traffic } from "../traffic.ts";
import type { Member } from "./excess.ts";

/** Addresses beyond the number that is counted apart are put together under this name. */
const overflow = "other";

/**
 * Addresses with their failures of these classes. Only traffic while failures happened is compared: a pod
 * that came or went before they began has no part in them, and its share would make the others' look small.
 */
export function addressMembers(traffic: Traffic, classes: readonly FailureClass[]): Member[] {
  const all = [...traffic.addresses].filter(([address]) => address !== overflow && address !== "-");
  const failedOf = (stats: AddressStats): number =>
    classes.reduce((sum, name) => sum + (stats.byClass[name] ?? 0), 0);
  const span = failingSpan(all.map(([, stats]) => stats).filter((stats) => failedOf(stats) > 0));
  if (span === undefined) return [];
  return all
    .map(([key, stats]) => {
      const failed = failedOf(stats);
      const during = stats.attempts * partWithin(stats, span);
      return { key, failed, traffic: Math.max(during, failed), succeeded: stats.attempts - stats.failed };
    })
    .filter((member) => member.traffic > 0);
}

interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/** Slack for logs that are stamped by the second. */
const slackMs = 1000;

function failingSpan(failing: readonly AddressStats[]): Span | undefined {
  if (failing.length === 0) return undefined;
  let fromMs = Number.POSITIVE_INFINITY;
  let toMs = Number.NEGATIVE_INFINITY;
  for (const stats of failing) {
    fromMs = Math.min(fromMs, stats.firstFailureMs ?? stats.firstSeenMs);
    toMs = Math.max(toMs, stats.lastFailureMs ?? stats.lastSeenMs);
  }
  return { fromMs: fromMs - slackMs, toMs: toMs + slackMs };
}

/** Which part of an address's life lies within the span, as if its traffic were even. */
function partWithin(stats: AddressStats, span: Span): number {
  const from = Math.max(stats.firstSeenMs, span.fromMs);
  const to = Math.min(stats.lastSeenMs, span.toMs);
  if (to < from) return 0;
  const lifeMs = stats.lastSeenMs - stats.firstSeenMs;
  return lifeMs === 0 ? 1 : Math.min(1, (to - from + 1) / (lifeMs + 1));
}
