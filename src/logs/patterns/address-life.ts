import { corrected } from "../../base/statistics/corrected.ts";
import type { AddressStats, Traffic } from "../traffic.ts";
import { densestRun, type Run } from "./address-runs.ts";
import { isServerName } from "../server-name.ts";
import { type FailedAttempt, failedAttempts, onlyClass } from "./failed-attempts.ts";
import type { AddressLife } from "./pattern.ts";

type Life = AddressLife["life"];

/** Below this one cannot speak of a pattern. */
const fewestFailures = 3;
/** An address whose last attempt is this near to the log's end, or first to its beginning, may go on beyond it. */
const edgeMs = 10_000;
const edgeGaps = 5;
const significance = 0.01;

const words: Readonly<Record<Life, string>> = {
  recovered: "served, failed for a while and served again",
  vanished: "served, failed and were never seen again",
  "not-ready-yet": "failed from their first appearance and served later",
  "never-worked": "were asked and never served",
};

/** What became of the addresses that failed, one pattern for each kind of life. */
export function addressLives(traffic: Traffic): readonly AddressLife[] {
  const failed = failedAttempts(traffic);
  const byAddress = Map.groupBy(failed, (attempt) => attempt.address);
  const addresses = [...traffic.addresses.keys()].filter(isPlace).sort();
  const lives = addresses.flatMap((address) => {
    const stats = traffic.addresses.get(address);
    if (stats === undefined || stats.failed === 0) return [];
    const one = lifeOf(stats, byAddress.get(address) ?? [], traffic);
    return one === undefined || one.p * addresses.length >= significance ? [] : [{ address, ...one }];
  });
  const byLife = Map.groupBy(lives, (one) => one.life);
  return [...byLife.keys()].sort().flatMap((life) => {
    const pattern = patternOf(life, byLife.get(life) ?? [], addresses.length, failed.length);
    return pattern.failures < fewestFailures ? [] : [pattern];
  });
}

/** A server of HAProxy outlives its pods. */
const isPlace = (address: string): boolean =>
  address !== "other" && address !== "-" && !isServerName(address);

interface Lived {
  readonly life: Life;
  /** Failed attempts that make it one. */
  readonly attempts: readonly FailedAttempt[];
  /** Chance of such an end, beginning or run if failures fell anywhere among this address's attempts. */
  readonly p: number;
}

function lifeOf(stats: AddressStats, failed: readonly FailedAttempt[], traffic: Traffic): Lived | undefined {
  if (failed.length === 0) return undefined;
  const { firstSuccessMs, lastSuccessMs } = stats;
  const edge = Math.max(edgeMs, (edgeGaps * (stats.lastSeenMs - stats.firstSeenMs)) / stats.attempts);
  if (firstSuccessMs === undefined || lastSuccessMs === undefined)
    return { life: "never-worked", attempts: failed, p: 0 };
  const before = failed.filter((attempt) => attempt.endMs < firstSuccessMs);
  const appeared = stats.firstSeenMs - traffic.fromMs > edge;
  if (appeared && before.length > 0) {
    const p = chanceOf(before.length, stats);
    if (p < significance) return { life: "not-ready-yet", attempts: before, p };
  }
  const after = failed.filter((attempt) => attempt.endMs > lastSuccessMs);
  const left = traffic.toMs - stats.lastSeenMs > edge;
  if (left && after.length > 0)
    return { life: "vanished", attempts: after, p: chanceOf(after.length, stats) };
  if (after.length > 0) return undefined;
  const run: Run | undefined = densestRun(failed, stats);
  return run === undefined ? undefined : { life: "recovered", attempts: run.attempts, p: run.p };
}

/** Chance that these failures stand together at one end, by how often the address fails otherwise. */
function chanceOf(together: number, stats: AddressStats): number {
  const others = Math.max(0, stats.failed - together);
  const share = others / Math.max(1, stats.attempts - together);
  return others === 0 ? 0 : share ** together;
}

function patternOf(
  life: Life,
  lives: readonly (Lived & { readonly address: string })[],
  looked: number,
  of: number,
): AddressLife {
  const attempts = lives.flatMap((one) => one.attempts);
  const addresses = lives.map((one) => one.address);
  const failure = onlyClass(attempts);
  const p = corrected(Math.max(...lives.map((one) => one.p)), looked);
  return {
    kind: "address-life",
    text: `${addresses.length} of ${looked} addresses ${words[life]}, with ${attempts.length} failed attempts: ${addresses.slice(0, 3).join(", ")}${addresses.length > 3 ? " …" : ""}`,
    failures: attempts.length,
    of,
    ...(p > 0 ? { p } : {}),
    ...(failure === undefined ? {} : { class: failure }),
    life,
    addresses,
  };
}
