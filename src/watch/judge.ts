import { chanceOfFall, type Counted, failureInterval } from "../base/statistics/fall.ts";
import { fisherAtLeast } from "../base/statistics/fisher.ts";
import type { RolloutReport, WatchVerdict } from "../report/watch-report.ts";

/** What was seen of the route, in the order in which it speaks. */
export interface Seen {
  readonly before?: Counted;
  /** Absent: nobody could count. */
  readonly during?: Counted;
  /** Why nobody could. */
  readonly uncounted?: string;
  /** Attempts that failed and that a retry made good. */
  readonly masked: number;
  readonly rollouts: readonly RolloutReport[];
  readonly stuckPods: readonly string[];
  readonly readyEndpoints?: number;
  /** Why endpoints could not be watched. */
  readonly endpointsUnread?: string;
  /** What the usual diagnosis says of something broken, where it found it. */
  readonly headline?: string;
  readonly tolerated: Tolerated;
}

/** How many failed requests are put up with, or how large a part of them: "0", "0.1%". */
export interface Tolerated {
  readonly text: string;
  readonly most: number;
  readonly isShare: boolean;
}

export interface WatchJudgement {
  readonly verdict: WatchVerdict;
  readonly why: string;
  readonly luckOfRise?: number;
}

/** Below this, luck is no explanation. */
const mostLuck = 0.01;

export function judgeWatch(seen: Seen): WatchJudgement {
  const luckOfRise = luckOf(seen);
  const luck = luckOfRise === undefined ? {} : { luckOfRise };
  const failing = failingWhy(seen, luckOfRise);
  if (failing !== undefined) return { verdict: "failing", why: failing, ...luck };
  const doubt = doubtOf(seen);
  if (doubt !== undefined) return { verdict: "cannot-tell", why: doubt, ...luck };
  return { verdict: "fine", why: fineText(seen), ...luck };
}

/** The chance that as many had failed meanwhile, were it as it was before. */
function luckOf({ before, during }: Seen): number | undefined {
  if (before === undefined || during === undefined) return undefined;
  if (before.requests === 0 || during.requests === 0) return undefined;
  return fisherAtLeast({
    a: [during.failed, during.requests - during.failed],
    b: [before.failed, before.requests - before.failed],
  });
}

function failingWhy(seen: Seen, luckOfRise: number | undefined): string | undefined {
  const { during, tolerated, rollouts, stuckPods, headline, readyEndpoints } = seen;
  if (during !== undefined && during.failed > tolerated.most * (tolerated.isShare ? during.requests : 1))
    return `${ofText(during)} requests failed${trendText(seen, luckOfRise)}`;
  if (readyEndpoints === 0) return `no endpoint is ready${headline === undefined ? "" : `: ${headline}`}`;
  const stuck = rollouts.find(({ state }) => state === "stuck");
  if (stuck !== undefined) return `the rollout of ${nameOf(stuck)} does not go on (${stuck.note})`;
  const [pod, ...others] = stuckPods;
  if (pod !== undefined)
    return `pods do not start: ${pod}${others.length === 0 ? "" : ` and ${others.length} more`}`;
  const hasTraffic = during !== undefined && during.requests > 0;
  return hasTraffic || headline === undefined ? undefined : headline;
}

function trendText({ before, during, headline }: Seen, luckOfRise: number | undefined): string {
  if (before === undefined || during === undefined || luckOfRise === undefined) return "";
  const rates = `from ${shareText(before)} before to ${shareText(during)}`;
  if (luckOfRise <= mostLuck)
    return `: the rate rose ${rates}, which luck alone does ${chanceText(luckOfRise)}`;
  const luckOfFall = chanceOfFall(before, during);
  if (luckOfFall <= mostLuck)
    return `: fewer than before (${rates}), which luck alone does ${chanceText(luckOfFall)}`;
  // What was found to be broken is no luck, however seldom it strikes.
  const isFound = headline !== undefined;
  if (before.failed === 0)
    return `, where none of ${count(before.requests)} had before${isFound ? "" : "; by the counts alone that may be luck"}`;
  return `, about as often as before (${ofText(before)})${isFound ? "" : ": the counts do not show that a change brought them"}`;
}

function doubtOf({ during, uncounted, rollouts, endpointsUnread }: Seen): string | undefined {
  if (during === undefined)
    return `requests could not be counted: ${uncounted ?? "no log of the gateway was read"}`;
  const under = rollouts.find(({ state }) => state === "under-way");
  if (under !== undefined)
    return `${during.requests === 0 ? "no request came" : `none of ${count(during.requests)} failed so far`}, but the rollout of ${nameOf(under)} is not over (${under.note}): watch on`;
  if (during.requests === 0)
    return "no request came, so nothing is known of them: watch for longer, or send some";
  return endpointsUnread === undefined ? undefined : `endpoints could not be watched: ${endpointsUnread}`;
}

function fineText({ during, before, masked, rollouts, tolerated }: Seen): string {
  const seen = during ?? { requests: 0, failed: 0 };
  const rate =
    seen.failed === 0
      ? `none of ${count(seen.requests)} requests failed: at most ${percentText(failureInterval(seen).high)} do, with 95% confidence`
      : `${ofText(seen)} requests failed, no more than --max-5xx ${tolerated.text} puts up with`;
  const fell =
    before !== undefined && before.failed > 0 && chanceOfFall(before, seen) <= mostLuck
      ? `; before it was ${shareText(before)}`
      : "";
  const hidden = masked === 0 ? "" : `; ${count(masked)} failed attempts were hidden by a retry`;
  const done = rollouts.filter(({ state }) => state === "done").map(nameOf);
  return `${rate}${fell}${hidden}${done.length === 0 ? "" : `; ${done.join(", ")} rolled out`}`;
}

const nameOf = ({ object: { kind, name } }: RolloutReport): string => `${kind} ${name}`;

const count = (n: number): string => n.toLocaleString("en-US");

const ofText = ({ failed, requests }: Counted): string => `${count(failed)} of ${count(requests)}`;

const shareText = (counted: Counted): string =>
  counted.failed === 0
    ? `none of ${count(counted.requests)}`
    : `${percentText(counted.failed / counted.requests)}`;

/** "0.013%", "4.2%", "37%". */
function percentText(share: number): string {
  const percent = share * 100;
  return `${percent === 0 ? "0" : percent >= 10 ? percent.toFixed(0) : Number(percent.toPrecision(2))}%`;
}

function chanceText(chance: number): string {
  if (chance < 1e-9) return "less than once in a billion times";
  return `once in ${count(Math.floor(1 / chance))} times`;
}
