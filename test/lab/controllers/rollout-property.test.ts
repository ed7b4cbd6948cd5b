import fc from "fast-check";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { pause, play, roll, scale, shape, wait, watchAvailable, watchTotal } from "./rollout-world.ts";

beforeEach(() => void vi.useFakeTimers({ now: Date.parse("2026-11-24T10:00:00Z") }));
afterEach(() => void vi.useRealTimers());

const runs = { numRuns: 60, seed: 20261124 };

test("rollouts, one over the other, never go below desired - maxUnavailable or above desired + maxSurge", async () => {
  const steps = fc.array(fc.oneof({ arbitrary: roll, weight: 3 }, { arbitrary: wait, weight: 4 }, scale), {
    maxLength: 12,
  });
  const holds = fc.assert(
    fc.asyncProperty(fc.record({ shape, steps }), (given) =>
      play(
        given,
        (machine, limits) => {
          watchTotal(machine, limits);
          watchAvailable(machine, limits);
        },
        true,
      ),
    ),
    runs,
  );
  await expect(holds).resolves.toBeUndefined();
}, 600_000);

test("scaled and paused in the middle of rollouts, it keeps its limit above and ends as asked", async () => {
  const steps = fc.array(fc.oneof(roll, { arbitrary: wait, weight: 2 }, scale, pause), { maxLength: 14 });
  const holds = fc.assert(
    fc.asyncProperty(fc.record({ shape, steps }), (given) => play(given, watchTotal, false)),
    runs,
  );
  await expect(holds).resolves.toBeUndefined();
}, 600_000);
