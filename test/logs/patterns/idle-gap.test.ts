import { describe, expect, test } from "vitest";
import { idleGap } from "../../../src/logs/patterns/idle-gap.ts";
import type { LoggedRequest, Traffic } from "../../../src/logs/traffic.ts";
import { seeded } from "../../support/seeded.ts";
import { hourMs, noise, startMs } from "./time-worlds.ts";

const address = "10.42.0.11:8080";

/** An address that is asked `attempts` times in an hour and whose failures came after these pauses. */
function trafficOf(attempts: number, idlesMs: readonly number[], stepMs = 1): Traffic {
  const failures = idlesMs.map((idleMs, i): LoggedRequest => {
    const endMs = startMs + Math.floor((i * 101_234 + 7) / stepMs) * stepMs;
    const times = { startMs: endMs - 1, endMs, durationMs: 1 };
    const attempt = { ...times, address, idleMs, failure: "closed-before-header" as const };
    return {
      ...times,
      method: "POST",
      path: "/",
      status: 502,
      bodyBytes: 150,
      client: "192.0.2.7",
      attempts: [attempt],
      failure: "closed-before-header",
      line: String(i),
    };
  });
  const stats = { attempts, failed: failures.length, byClass: {}, firstSeenMs: startMs };
  return {
    ...noise(1).traffic,
    requests: attempts,
    failures,
    addresses: new Map([[address, { ...stats, lastSeenMs: startMs + hourMs, lastSentMs: startMs + hourMs }]]),
  };
}

/** Pauses of a Node.js server whose keep-alive ends after 5 s. */
const nodePauses = [5003, 5011, 5040, 5002, 5120, 5007, 5061, 5190];

describe("pauses before failures", () => {
  test("of the keep-alive time of a server that is seldom asked", () => {
    const [found] = idleGap(trafficOf(500, nodePauses));
    expect(found).toMatchObject({ idleMs: 5000, failures: 8, of: 8 });
    expect(found?.p).toBeLessThan(1e-6);
  });

  test("stamped to the second", () => {
    const [found] = idleGap(trafficOf(500, [5000, 5000, 6000, 5000, 6000, 5000, 5000], 1000));
    expect(found?.idleMs).toBe(5000);
  });

  test("say nothing of an address that is asked more often than that", () => {
    expect(idleGap(trafficOf(3600, nodePauses))).toEqual([]);
  });

  test("are not found among pauses at random, nor when too few", () => {
    const random = seeded(9);
    for (let i = 0; i < 100; i++) {
      const pauses = Array.from({ length: 12 }, () => -7200 * Math.log(1 - random()));
      expect(idleGap(trafficOf(500, pauses))).toEqual([]);
    }
    expect(idleGap(trafficOf(500, nodePauses.slice(0, 4)))).toEqual([]);
  });

  test("are not guessed where the log does not count them", () => {
    const { failures, ...rest } = trafficOf(500, nodePauses);
    const without = failures.map((f) => ({
      ...f,
      attempts: f.attempts.map((attempt) => {
        const { idleMs: _, ...rest } = attempt;
        return rest;
      }),
    }));
    expect(idleGap({ ...rest, failures: without })).toEqual([]);
  });
});
