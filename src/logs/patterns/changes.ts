import { binomialAtLeast } from "../../base/statistics/binomial.ts";
import type { Traffic } from "../traffic.ts";

/** Something that was changed while the log ran. */
export interface KnownChange {
  readonly atMs: number;
  /** "rollout of Deployment shop/cart". */
  readonly name: string;
}

/** Clocks of a log and of objects may differ by as much. */
const slackMs = 2000;
/** A failure this long after a change may be of its making. */
const reachMs = 120_000;
/** A rollout strikes within this time. */
const strikesWithinMs = 60_000;

export interface ChangeBefore extends KnownChange {
  /** That some change lies as near by itself: 1 − e^(−changes per time · distance). */
  readonly chance: number;
}

/** The last change in the two minutes before a moment. */
export function changeBefore(
  atMs: number,
  changes: readonly KnownChange[],
  { fromMs, toMs }: Pick<Traffic, "fromMs" | "toMs">,
): ChangeBefore | undefined {
  const near = changes
    .filter((change) => change.atMs <= atMs + slackMs && change.atMs >= atMs - reachMs)
    .toSorted((a, b) => b.atMs - a.atMs || (a.name < b.name ? -1 : 1))[0];
  if (near === undefined) return undefined;
  const within = changes.filter((change) => change.atMs >= fromMs && change.atMs <= toMs).length;
  const rate = Math.max(1, within) / Math.max(1, toMs - fromMs);
  const distanceMs = Math.max(0, atMs - near.atMs) + slackMs;
  return { ...near, chance: -Math.expm1(-rate * distanceMs) };
}

/** How many of `moments` lie up to a minute after a change, and the chance of as many by themselves. */
export function afterChanges(
  moments: readonly number[],
  changes: readonly KnownChange[],
  { fromMs, toMs }: Pick<Traffic, "fromMs" | "toMs">,
): { readonly after: number; readonly p: number } {
  let covered = 0;
  let untilMs = fromMs;
  for (const { atMs } of changes.toSorted((a, b) => a.atMs - b.atMs)) {
    const start = Math.max(untilMs, atMs - slackMs);
    const end = Math.min(toMs, atMs + strikesWithinMs);
    if (end > start) covered += end - start;
    untilMs = Math.max(untilMs, end);
  }
  const after = moments.filter((moment) =>
    changes.some(({ atMs }) => moment >= atMs - slackMs && moment <= atMs + strikesWithinMs),
  ).length;
  const coverage = covered / Math.max(1, toMs - fromMs);
  return { after, p: binomialAtLeast(after, moments.length, Math.min(1, coverage)) };
}
