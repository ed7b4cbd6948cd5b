import type { Attempt, FailureClass, LoggedRequest, Traffic } from "../../../src/logs/traffic.ts";
import { seeded } from "../../support/seeded.ts";

/** An hour of requests over four pods, whose failures come in a way that is known. */
export const startMs = Date.UTC(2026, 10, 20, 9, 0, 0);
export const hourMs = 3_600_000;
const pods = ["10.42.0.11:8080", "10.42.1.12:8080", "10.42.2.13:8080", "10.42.3.14:8080"] as const;
const firstPod = pods[0];

interface Simulation {
  readonly traffic: Traffic;
  /** The moment that the shape turns on, where it has one. */
  readonly atMs?: number;
}

/** A chance of failing for each request, by its moment and pod. */
interface Fault {
  readonly class: FailureClass;
  /** Part of the requests at `ms` (since the start) to `pod` that fail, when so many come per second. */
  readonly chance: (ms: number, pod: string, rps: number) => number;
  /** The chance is 0 outside of these; absent: everywhere. */
  readonly within?: readonly (readonly [fromMs: number, toMs: number])[];
  /** The chance is never more; absent: 1. */
  readonly most?: number;
  readonly address?: "-";
  readonly durationMs?: (random: () => number) => number;
}

interface World {
  readonly random: () => number;
  /** Requests per second at a moment since the start. */
  readonly rps: (ms: number) => number;
  /** Whether moments are stamped to the second, as nginx does. */
  readonly isCoarse: boolean;
  readonly spanMs: number;
  readonly binMs: number;
}

export type Shape = (seed: number) => Simulation;

function worldOf(seed: number, meanRps = 20): World {
  const random = seeded(seed);
  const phase = random() * 2 * Math.PI;
  const wobble = Array.from({ length: 1200 }, () => Math.exp(0.2 * gaussian(random)));
  const offset = random();
  const rps = (ms: number): number => {
    const place = ms / 7300 + offset;
    const [left, right] = [wobble[Math.floor(place)] ?? 1, wobble[Math.floor(place) + 1] ?? 1];
    const wave = 1 + 0.6 * Math.sin((2 * Math.PI * ms) / 710_000 + phase);
    return meanRps * wave * (left + (right - left) * (place % 1));
  };
  return { random, rps, isCoarse: seed % 2 === 1, spanMs: hourMs, binMs: 1000 };
}

const gaussian = (random: () => number): number =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

const never: Fault["chance"] = () => 0;

/** Poisson traffic with a fault; failures beyond those come as `extra` moments, one failed attempt each. */
function simulate(world: World, fault: Fault, extra: readonly number[] = []): Traffic {
  const { random, rps, isCoarse, spanMs, binMs } = world;
  const requests = Array.from({ length: spanMs / binMs }, () => 0);
  const failed = requests.map(() => 0);
  const byPod = new Map(pods.map((pod) => [pod as string, { failed: 0 }]));
  const failures: LoggedRequest[] = [];
  const fail = (ms: number, pod: string): void => {
    const bin = Math.min(failed.length - 1, Math.floor(ms / binMs));
    failed[bin] = (failed[bin] ?? 0) + 1;
    const stats = byPod.get(pod);
    if (stats !== undefined) stats.failed++;
    failures.push(failureOf(ms, pod, fault, isCoarse, random));
  };
  const most = fault.most ?? 1;
  for (let bin = 0; bin < requests.length; bin++) {
    const rate = rps(bin * binMs);
    const mean = (rate * binMs) / 1000;
    // Only requests that may fail are made one by one.
    const part = mayFail(fault, bin * binMs, (bin + 1) * binMs) ? most : 0;
    const candidates = poisson(mean * part, random);
    requests[bin] = candidates + poisson(mean * (1 - part), random);
    for (let n = candidates; n > 0; n--) {
      const ms = (bin + random()) * binMs;
      const pod = pods[Math.floor(random() * pods.length)] ?? firstPod;
      if (random() * most < fault.chance(ms, pod, rate)) fail(ms, pod);
    }
  }
  for (const ms of extra) fail(ms, pods[Math.floor(random() * pods.length)] ?? firstPod);
  return trafficOf(world, requests, failed, byPod, failures);
}

const mayFail = ({ within, chance }: Fault, fromMs: number, toMs: number): boolean =>
  chance !== never && (within === undefined || within.some(([from, to]) => from < toMs && to > fromMs));

function poisson(mean: number, random: () => number): number {
  if (mean > 200) return Math.max(0, Math.round(mean + Math.sqrt(mean) * gaussian(random)));
  // Knuth's product of even numbers.
  const limit = Math.exp(-mean);
  let count = 0;
  for (let product = random(); product > limit; product *= random()) count++;
  return count;
}

function failureOf(
  ms: number,
  pod: string,
  fault: Fault,
  isCoarse: boolean,
  random: () => number,
): LoggedRequest {
  const endMs = startMs + (isCoarse ? Math.floor(ms / 1000) * 1000 : Math.round(ms));
  const durationMs = fault.durationMs?.(random) ?? 1;
  const times = { startMs: endMs - durationMs, endMs, durationMs };
  const attempt: Attempt = { ...times, address: pod, status: 502, failure: fault.class };
  return {
    ...times,
    method: "GET",
    path: "/",
    status: fault.class === "no-endpoint" ? 503 : 502,
    bodyBytes: 150,
    client: "192.0.2.7",
    attempts: fault.address === "-" ? [] : [attempt],
    failure: fault.class,
    line: `${ms}`,
  };
}

function trafficOf(
  { spanMs, binMs }: World,
  requests: readonly number[],
  failed: readonly number[],
  byPod: ReadonlyMap<string, { failed: number }>,
  failures: readonly LoggedRequest[],
): Traffic {
  const total = sumOf(requests);
  const lastMs = startMs + spanMs;
  const seen = { firstSeenMs: startMs, lastSeenMs: lastMs, lastSentMs: lastMs, byClass: {} };
  return {
    fromMs: startMs,
    toMs: startMs + spanMs,
    formats: { "ingress-nginx": total },
    requests: total,
    byStatus: { "200": total - failures.length, "502": failures.length },
    byMethod: { GET: { requests: total, failed: failures.length } },
    failures: failures.toSorted((a, b) => a.endMs - b.endMs),
    masked: [],
    aborted: [],
    addresses: new Map(
      [...byPod].map(([pod, stats]) => [
        pod,
        { ...seen, ...stats, attempts: Math.round(total / byPod.size) },
      ]),
    ),
    paths: [],
    perMinute: Array.from({ length: spanMs / 60_000 }, (_, i) => {
      const [from, to] = [i * (60_000 / binMs), (i + 1) * (60_000 / binMs)];
      return {
        fromMs: startMs + i * 60_000,
        requests: sumOf(requests.slice(from, to)),
        failed: sumOf(failed.slice(from, to)),
      };
    }),
    hasErrorLog: true,
    bins: { fromMs: startMs, widthMs: binMs, requests, failed },
  };
}

const sumOf = (counts: readonly number[]): number => counts.reduce((sum, count) => sum + count, 0);

/** A keep-alive race: a few failures an hour at random, as many in a quiet minute as in a busy one. */
export const race: Shape = (seed) => {
  const world = worldOf(seed);
  const count = 30 + Math.floor(world.random() * 40);
  const moments = Array.from({ length: count }, () => world.random() * hourMs);
  return { traffic: simulate(world, { class: "closed-before-header", chance: never }, moments) };
};

/** The same over a day whose nights are quiet. */
export const raceOverDay: Shape = (seed) => {
  const hour = worldOf(seed);
  const dayMs = 24 * hourMs;
  const rps = (ms: number): number =>
    4 * (1 - 0.85 * Math.cos((2 * Math.PI * ms) / dayMs)) * (hour.rps(ms % hourMs) / 20);
  const world = { ...hour, rps, spanMs: dayMs, binMs: 60_000 };
  const moments = Array.from({ length: 60 }, () => world.random() * dayMs);
  return { traffic: simulate(world, { class: "closed-before-header", chance: never }, moments) };
};

/** A rollout: pod after pod is gone for one to three seconds, twenty seconds apart. */
export const rollout: Shape = (seed) => {
  const world = worldOf(seed);
  const atMs = 600_000 + world.random() * 2_000_000;
  const gone = pods.map((pod, i) => ({ pod, from: atMs + i * 20_000, ms: 1000 + world.random() * 2000 }));
  const within = gone.map(({ from, ms }) => [from, from + ms] as const);
  const chance: Fault["chance"] = (ms, pod) =>
    gone.some((g) => g.pod === pod && ms >= g.from && ms < g.from + g.ms) ? 1 : 0;
  return { traffic: simulate(world, { class: "connect-refused", chance, within }), atMs: startMs + atMs };
};

/** A crash loop without a readiness probe: refused for the back-off, then a few seconds of service. */
export const crashLoop: Shape = (seed) => {
  const world = worldOf(seed);
  const down = outagesOf(world, (backOffMs) => backOffMs);
  const chance: Fault["chance"] = (ms, pod) =>
    pod === firstPod && down.some(([from, to]) => ms >= from && ms < to) ? 1 : 0;
  return { traffic: simulate(world, { class: "connect-refused", chance, within: down }) };
};

/** A crash loop with a readiness probe: only what was under way at each death fails. */
export const crashLoopBehindProbe: Shape = (seed) => {
  const world = worldOf(seed);
  const deaths = outagesOf(world, () => 1500);
  const chance: Fault["chance"] = (ms, pod) =>
    pod === firstPod && deaths.some(([from, to]) => ms >= from && ms < to) ? 1 : 0;
  return { traffic: simulate(world, { class: "closed-before-header", chance, within: deaths }) };
};

function outagesOf({ random }: World, lengthMs: (backOffMs: number) => number): [number, number][] {
  const runMs = 9000 + random() * 15_000;
  const outages: [number, number][] = [];
  let at = 100_000 + random() * 600_000;
  for (const backOffMs of [10_000, 20_000, 40_000, 80_000, 160_000, 300_000]) {
    outages.push([at, at + lengthMs(backOffMs)]);
    at += backOffMs + runMs + random() * 2000;
  }
  return outages;
}

/** One pod that fails for some seconds, seven times in the hour, whenever it comes. */
export const nowAndThen: Shape = (seed) => {
  const world = worldOf(seed);
  const down = Array.from({ length: 7 }, () => {
    const from = world.random() * (hourMs - 10_000);
    return [from, from + 2000 + world.random() * 6000] as const;
  });
  const chance: Fault["chance"] = (ms, pod) =>
    pod === firstPod && down.some(([from, to]) => ms >= from && ms < to) ? 1 : 0;
  return { traffic: simulate(world, { class: "closed-before-header", chance, within: down }) };
};

/** A readiness probe of 10 s that now and then finds every pod too slow, for one or two periods. */
export const flapping: Shape = (seed) => {
  const world = worldOf(seed, 8);
  const offset = world.random() * 10_000;
  const down = Array.from({ length: 15 + Math.floor(world.random() * 10) }, () => {
    const from = Math.floor(world.random() * 355) * 10_000 + offset + world.random() * 800;
    return [from, from + (world.random() < 0.5 ? 10_000 : 20_000)] as const;
  });
  const chance: Fault["chance"] = (ms) => (down.some(([from, to]) => ms >= from && ms < to) ? 1 : 0);
  return { traffic: simulate(world, { class: "no-endpoint", chance, within: down, address: "-" }) };
};

/** Pods that serve 15 requests a second: what comes beyond that fails. */
export const saturation: Shape = (seed) => ({
  traffic: simulate(worldOf(seed, 12), { class: "closed-before-header", chance: beyondCapacity, most: 0.6 }),
});

const beyondCapacity: Fault["chance"] = (_ms, _pod, rps) => Math.max(0, (rps - 15) / rps);

/** Something that runs every five minutes and spoils a third of the requests for two to four seconds. */
export const cron: Shape = (seed) => {
  const world = worldOf(seed);
  const offset = world.random() * 300_000;
  const runs = Array.from({ length: 13 }, (_, i) => {
    const from = (i - 1) * 300_000 + offset + world.random() * 3000;
    return [from, from + 2000 + world.random() * 2000] as const;
  });
  const chance: Fault["chance"] = (ms) => (runs.some(([from, to]) => ms >= from && ms < to) ? 0.33 : 0);
  return { traffic: simulate(world, { class: "closed-before-header", chance, within: runs }) };
};

/** Something that never works, or works for some requests in the same part always. */
export const constant: Shape = (seed) => {
  const world = worldOf(seed, 2);
  const part = seed % 3 === 0 ? 1 : 0.05 + 0.9 * world.random();
  return { traffic: simulate(world, { class: "connect-refused", chance: () => part }) };
};

/** A deploy after which one request in twelve fails, until the end of the log. */
export const deploy: Shape = (seed) => {
  const world = worldOf(seed, 12);
  const atMs = 600_000 + world.random() * 2_000_000;
  const chance: Fault["chance"] = (ms) => (ms < atMs ? 0.001 : 0.08);
  return {
    traffic: simulate(world, { class: "closed-before-header", chance, most: 0.08 }),
    atMs: startMs + atMs,
  };
};

/** One request in two thousand fails, whenever it comes. */
export const noise: Shape = (seed) => ({
  traffic: simulate(worldOf(seed), { class: "closed-before-header", chance: () => 0.0005, most: 0.0005 }),
});

/** Too few failures to say anything. */
export const few: Shape = (seed) => {
  const world = worldOf(seed);
  const moments = Array.from({ length: 4 }, () => world.random() * hourMs);
  return { traffic: simulate(world, { class: "closed-before-header", chance: never }, moments) };
};
