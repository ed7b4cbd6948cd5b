import type { Traffic } from "../../../src/logs/traffic.ts";
import type { Chance } from "./random.ts";
import { type Asked, fourPods, type Outcome, simulate, type World } from "./simulate.ts";

/** Worlds of known truth: what is true in each is in its name. */

const [, second = "", third = ""] = fourPods;

const served = (chance: Chance): Outcome => ({ durationMs: chance.logNormal(40, 0.8) });
const instantly = (chance: Chance, failure: Outcome["failure"]): Outcome => ({
  durationMs: chance.next() * 4,
  ...(failure === undefined ? {} : { failure }),
});

const world = (seed: number, answer: World["answer"], more: Partial<World> = {}): Traffic =>
  simulate({ seed, spanMs: 300_000, rps: 8, answer, ...more });

type Failing = (address: string, ms: number, asked: Asked, chance: Chance) => boolean;

/** Attempts that `fails` chooses are closed or refused at once, the others are served. */
const instant =
  (fails: Failing, failure: Outcome["failure"] = "closed-before-header"): World["answer"] =>
  (address, ms, asked, chance) =>
    fails(address, ms, asked, chance) ? instantly(chance, failure) : served(chance);

const within = (ms: number, fromMs: number, toMs: number): boolean => ms >= fromMs && ms < toMs;

export const timesOutAt = (seed: number, timerMs: number): Traffic =>
  world(seed, (_a, _ms, _asked, chance) =>
    chance.next() < 0.02
      ? { durationMs: timerMs + chance.next() * 5, failure: "response-timeout" }
      : served(chance),
  );

/** Workers are killed at 30 s; idle connections are closed, too, at once. */
export const workersKilled = (seed: number): Traffic =>
  world(seed, (_a, _ms, _asked, chance) => {
    const dice = chance.next();
    if (dice < 0.01) return { durationMs: 30_000 + chance.next() * 40, failure: "closed-before-header" };
    return dice < 0.03 ? instantly(chance, "closed-before-header") : served(chance);
  });

export const onePodFails = (seed: number): Traffic =>
  world(
    seed,
    instant((address, _ms, _asked, chance) => address === second && chance.next() < 0.03),
  );

const sixPods = [1, 2, 3, 4, 5, 6].map((i) => `10.0.1.${i}:8080`);
export const threeNodes = new Map(
  sixPods.map((address, i) => [address, { node: `node-${"abc"[i % 3]}`, revision: "old" }]),
);

export const oneNodeUnreachable = (seed: number): Traffic =>
  world(
    seed,
    (address, ms, _asked, chance) =>
      within(ms, 100_000, 140_000) && threeNodes.get(address)?.node === "node-b"
        ? { durationMs: 5000 + chance.next() * 4, failure: "connect-timeout" }
        : served(chance),
    { addresses: sixPods },
  );

const newPods = [1, 2, 3].map((i) => `10.0.2.${i}:8080`);
export const twoRevisions = new Map([
  ...fourPods.map((address): [string, object] => [address, { node: "node-a", revision: "old" }]),
  ...newPods.map((address, i): [string, object] => [address, { node: `node-${i}`, revision: "new" }]),
]);

export const newRevisionFails = (seed: number): Traffic =>
  world(
    seed,
    instant((address, _ms, _asked, chance) => newPods.includes(address) && chance.next() < 0.1),
    { addresses: (ms) => (ms < 150_000 ? fourPods : [...fourPods.slice(0, 2), ...newPods]) },
  );

export const onePathFails = (seed: number): Traffic =>
  world(
    seed,
    instant((_a, _ms, asked, chance) => asked.path === "/search" && chance.next() < 0.1, "bad-response"),
    { tries: 1 },
  );

export const oneClientFails = (seed: number): Traffic =>
  world(
    seed,
    instant((_a, _ms, asked, chance) => asked.client === "192.0.2.7" && chance.next() < 0.3),
    { tries: 1 },
  );

export const oneGatewayPodFails = (seed: number): Traffic =>
  world(
    seed,
    instant((_a, _ms, asked, chance) => asked.gatewayPod.endsWith("-a") && chance.next() < 0.03),
    { tries: 1 },
  );

/** Connections that the application closes while they are being used: any pod, few, POSTs in sight. */
export const idleRace = (seed: number): Traffic =>
  world(
    seed,
    instant((_a, _ms, _asked, chance) => chance.next() < 0.015),
  );

/** Requests take seconds, and one pod is killed and away for 8 s. */
export const podKilled = (seed: number): Traffic =>
  world(
    seed,
    (address, ms, _asked, chance) => {
      const durationMs = chance.logNormal(2000, 0.7);
      if (address !== third) return { durationMs };
      const killedMs = 50_000;
      if (within(ms, killedMs, killedMs + 8000)) return instantly(chance, "connect-refused");
      const cut = ms < killedMs && ms + durationMs > killedMs;
      return cut
        ? { durationMs: killedMs - ms + chance.next() * 20, failure: "closed-before-header" }
        : { durationMs };
    },
    { rps: 20, spanMs: 100_000 },
  );

/** A pod is replaced; the gateway knows the old one for six more seconds. */
export const oldPodsRefuse = (seed: number): Traffic =>
  world(
    seed,
    instant((address, ms) => address === second && ms >= 120_000, "connect-refused"),
    { addresses: (ms) => (ms < 126_000 ? fourPods : [...fourPods.filter((a) => a !== second), ...newPods]) },
  );

export const newPodsRefuse = (seed: number): Traffic =>
  world(
    seed,
    instant((address, ms) => newPods.includes(address) && ms < 126_000, "connect-refused"),
    { addresses: (ms) => (ms < 120_000 ? fourPods : [...fourPods, ...newPods]) },
  );

export const newPodNeverServes = (seed: number): Traffic =>
  world(
    seed,
    instant((address) => address === newPods[0], "connect-refused"),
    { addresses: (ms) => (ms < 120_000 ? fourPods : [...fourPods, newPods[0] ?? ""]) },
  );

/** A report takes 20 s as a rule and often longer than the timer. */
export const slowReports = (seed: number): Traffic =>
  world(
    seed,
    (_a, _ms, asked, chance) => {
      if (asked.path !== "/report") return served(chance);
      const durationMs = chance.logNormal(20_000, 0.8);
      return durationMs < 60_000 ? { durationMs } : { durationMs: 60_002, failure: "response-timeout" };
    },
    { tries: 1, ask: (_ms, chance) => (chance.next() < 0.1 ? { path: "/report" } : {}) },
  );

export const largeHeadersFail = (seed: number): Traffic =>
  world(
    seed,
    instant((_a, _ms, asked) => asked.requestBytes > 8300, "bad-response"),
    {
      tries: 1,
      ask: (_ms, chance) =>
        chance.next() < 0.02 ? { requestBytes: Math.round(chance.logNormal(14_000, 0.3)) } : {},
    },
  );

/** The whole service fails for half a minute; requests end when they end. */
export const everythingDown = (seed: number): Traffic =>
  world(
    seed,
    (_a, ms, _asked, chance) =>
      within(ms, 100_000, 130_000)
        ? { durationMs: chance.exponential(700), failure: "closed-before-header" }
        : served(chance),
    { tries: 1 },
  );

/** Pods of very unequal traffic that fail alike. */
export const unequalPods = (seed: number): Traffic =>
  world(
    seed,
    instant((_a, _ms, _asked, chance) => chance.next() < 0.03),
    {
      addresses: fourPods.flatMap((address, i) => Array.from({ length: 1 + 3 * i }, () => address)),
      tries: 1,
    },
  );

/** Pods are replaced cleanly; a minute later everything fails for a while. */
export const outageAfterRollout = (seed: number): Traffic =>
  world(
    seed,
    instant((_a, ms, _asked, chance) => within(ms, 210_000, 240_000) && chance.next() < 0.5),
    { addresses: (ms) => (ms < 150_000 ? fourPods : [...fourPods.slice(0, 1), ...newPods]), tries: 1 },
  );

/** Failures of any length, from tenths of seconds to minutes. */
export const anyDuration = (seed: number): Traffic =>
  world(
    seed,
    (_a, _ms, _asked, chance) =>
      chance.next() < 0.03
        ? { durationMs: chance.logNormal(3000, 1), failure: "closed-before-header" }
        : served(chance),
    { tries: 1 },
  );

/** A fast application that hangs for a minute: timeouts, and no success near the timer but at its end. */
export const hangs = (seed: number): Traffic =>
  world(
    seed,
    (_a, ms, _asked, chance) => {
      if (!within(ms, 100_000, 160_000)) return served(chance);
      const untilMs = 160_000 - ms + chance.logNormal(40, 0.8);
      return untilMs < 10_000 ? { durationMs: untilMs } : { durationMs: 10_003, failure: "response-timeout" };
    },
    { tries: 1 },
  );
