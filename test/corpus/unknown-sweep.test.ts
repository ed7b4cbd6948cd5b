import { expect, it } from "vitest";
import { loadedCases, supportedIn, verdictOf } from "./loaded.ts";
import { alarmingMetrics } from "./alarming-metrics.ts";
import { eachLoss } from "./unreadable.ts";

/** Whatever cannot be read: confidence may fall, nobody else is accused, nothing throws. */
it("no lost evidence accuses a cause that the whole evidence does not", () => {
  const accusations: string[] = [];
  let diagnosed = 0;
  for (const { frozen, evidence, target } of loadedCases) {
    const known = supportedIn(verdictOf(evidence, target));
    for (const id of [...frozen.expect.causes, ...(frozen.expect.acceptable ?? [])]) known.add(id);
    for (const loss of eachLoss(evidence)) {
      diagnosed += 1;
      for (const id of said(loss.evidence, target)) {
        if (!known.has(id)) accusations.push(`${frozen.id} without ${loss.what}: ${id}`);
      }
    }
  }
  expect(diagnosed).toBeGreaterThan(loadedCases.length * 12);
  expect(accusations).toEqual([]);
}, 180_000);

function said(...[evidence, target]: Parameters<typeof verdictOf>): Iterable<string> {
  try {
    return supportedIn(verdictOf(evidence, target));
  } catch (error) {
    // Without Ingresses or Services the target itself may be unknown: that is said, not guessed.
    if (error instanceof Error && error.name === "TargetNotFound") return [];
    throw error;
  }
}

/** Metrics are clues beside others; what objects, events and logs do not say, they do not say alone. */
it("metrics at their worst accuse nobody whom the rest does not", () => {
  const accusations: string[] = [];
  for (const { frozen, evidence, target } of loadedCases) {
    const expected = new Set([...frozen.expect.causes, ...(frozen.expect.acceptable ?? [])]);
    const worst = { ...evidence, metrics: alarmingMetrics(evidence) };
    const beyond = [...said(worst, target)].filter((id) => !expected.has(id));
    if (beyond.length === 0) continue;
    const known = supportedIn(verdictOf(evidence, target));
    accusations.push(...beyond.filter((id) => !known.has(id)).map((id) => `${frozen.id}: ${id}`));
  }
  expect(accusations).toEqual([]);
}, 180_000);
