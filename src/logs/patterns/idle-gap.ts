import { chanceText, grouped, spanText } from "../../base/counts.ts";
import { binomialAtLeast } from "../../base/statistics/binomial.ts";
import { corrected } from "../../base/statistics/corrected.ts";
import type { Traffic } from "../traffic.ts";
import { countOfAll, type FailedAttempt, failedAttempts, resolutionMs } from "./failed-attempts.ts";
import type { IdleGap } from "./pattern.ts";

const leastFailures = 5;
/** Usual keep-alive times of application servers: gunicorn 2 s, Node.js 5 s, Go and Java stacks 20 to 75 s. */
const usualKeepAliveMs = [2000, 5000, 20_000, 30_000, 60_000, 65_000, 75_000];
/** A request that loses the race comes this long after the connection was given up, at most. */
const lateMs = 200;
const leastPart = 0.5;
const significance = 0.01;

/**
 * Failures that follow a pause of one keep-alive time on their address. The pause is a lower bound of how
 * long the connection was idle, and means something only when the address is asked less often than that.
 */
export function idleGap(
  traffic: Traffic,
  failed: readonly FailedAttempt[] = failedAttempts(traffic),
): readonly IdleGap[] {
  const known = failed.filter(
    (attempt): attempt is FailedAttempt & { idleMs: number } =>
      attempt.idleMs !== undefined && attempt.class === "closed-before-header",
  );
  if (known.length < leastFailures) return [];
  const step = resolutionMs(known);
  const slackMs = step === 1 ? 0 : step;
  const found = usualKeepAliveMs.flatMap((idleMs) => {
    const [low, high] = [idleMs - slackMs, idleMs + lateMs + slackMs];
    const hits = known.filter((attempt) => attempt.idleMs >= low && attempt.idleMs <= high).length;
    const expected = known.reduce(
      (sum, { address }) => sum + between(low, high, rateAt(traffic, address)),
      0,
    );
    const p = corrected(
      binomialAtLeast(hits, known.length, expected / known.length),
      usualKeepAliveMs.length,
    );
    return hits >= leastPart * known.length && isSeldomAsked(traffic, known, idleMs)
      ? [{ idleMs, hits, p }]
      : [];
  });
  const best = found.filter(({ p }) => p < significance).sort((a, b) => b.hits - a.hits || a.p - b.p)[0];
  if (best === undefined) return [];
  const scale = countOfAll(traffic, known) / known.length;
  const [failures, of] = [Math.round(best.hits * scale), Math.round(known.length * scale)];
  const text = `${grouped(failures)} of ${grouped(of)} failures came when their address had been idle for ${spanText(best.idleMs)} (${chanceText(best.p)})`;
  return [
    { kind: "idle-gap", text, failures, of, p: best.p, class: "closed-before-header", idleMs: best.idleMs },
  ];
}

/** Attempts per millisecond. */
function rateAt(traffic: Traffic, address: string): number {
  const stats = traffic.addresses.get(address);
  if (stats === undefined) return 0;
  return stats.attempts / Math.max(1, stats.lastSeenMs - stats.firstSeenMs);
}

/** Chance that a pause between attempts that come at random is of this length. */
const between = (lowMs: number, highMs: number, rate: number): number =>
  rate === 0 ? 1 : Math.exp(-rate * lowMs) - Math.exp(-rate * highMs);

/** More often than once in a keep-alive time, the pause says little of the connection. */
function isSeldomAsked(traffic: Traffic, failed: readonly FailedAttempt[], idleMs: number): boolean {
  const rates = failed.map(({ address }) => rateAt(traffic, address) * idleMs).sort((a, b) => a - b);
  return (rates[Math.floor(rates.length / 2)] ?? 0) < 1;
}
