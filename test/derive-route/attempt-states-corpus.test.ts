import { describe, expect, it } from "vitest";
import { evidenceOf, frozenCases, targetOf } from "../../corpus/frozen-cases.ts";
import type { AttemptState, AttemptStates } from "../../src/derive/attempt-state.ts";
import { observe } from "../../src/derive/observe.ts";
import { resolveRoutes } from "../../src/derive/routes.ts";

const cases = new Map(frozenCases().map((one) => [one.id, one]));

async function statesOf(id: string): Promise<AttemptStates> {
  const frozen = cases.get(id);
  if (frozen === undefined) throw new Error(`no case ${id}`);
  const evidence = await evidenceOf(frozen);
  const [route] = resolveRoutes(evidence, targetOf(frozen)).routes;
  if (route === undefined) throw new Error(`no route in ${id}`);
  const { attemptStates } = observe(evidence, route);
  if (attemptStates.state !== "present") throw new Error(`no attempt states in ${id}`);
  return attemptStates.value;
}

type Counts = Partial<Record<AttemptState, number>>;

/** What each case's failed attempts met, as its story tells it; the rest is unexplained. */
const stories: readonly (readonly [id: string, counts: Counts, of: number])[] = [
  ["stopping-pods-caught-in-the-act", { terminating: 25 }, 25],
  ["scale-down-refuses-three-tries", { terminating: 40 }, 40],
  ["rollout-first-refuses-then-vanishes", { terminating: 60 }, 60],
  ["pause-shorter-than-propagation", { terminating: 78 }, 78],
  ["evicted-for-memory-only-replica", { terminating: 50 }, 50],
  ["application-killed-for-memory", { "oom-killed": 6 }, 6],
  ["killed-for-memory-not-by-liveness", { "oom-killed": 44 }, 44],
  ["liveness-times-out-when-throttled", { "liveness-killed": 44 }, 44],
  ["application-ends-with-code-0-under-load", { killed: 71 }, 71],
  ["application-crashes-for-a-missing-setting", { restarted: 90 }, 90],
  ["application-published-before-it-listens", { starting: 39 }, 39],
  ["node-cut-off-and-silent", { "node-lost": 12 }, 12],
  ["node-silent-connects-time-out", { "node-lost": 15 }, 15],
  ["volume-held-by-lost-node", { "node-lost": 54 }, 54],
  ["gateway-keeps-addresses-of-replaced-pods", { gone: 144 }, 144],
  ["balancer-sends-to-stopped-pods", { terminating: 9 }, 9],
  ["gateway-reloads-every-minute", { "gateway-reload": 90 }, 90],
  ["readiness-asks-the-database", { "not-ready": 54 }, 54],
  ["recreate-with-one-replica", { terminating: 36, starting: 18 }, 54],
  // What no pod's life explains: a race, a slow application, a wrong port, a policy, a limit.
  ["application-closes-idle-connections-first", {}, 5],
  ["waiting-for-partner-interface", {}, 18],
  ["target-port-nobody-listens-on", {}, 108],
  ["policy-pod-selector-means-own-namespace", {}, 36],
  ["rate-limit-one-client", {}, 100],
  ["edge-meets-a-closed-firewall", {}, 110],
  ["mesh-demands-mutual-tls", {}, 234],
  ["slow-health-and-rare-502", {}, 1],
];

describe("what failed attempts met, on cases whose truth is known", () => {
  it.for(stories)("%s", async ([id, counts, of]) => {
    const found = await statesOf(id);
    const summed: Counts = {};
    for (const { state, attempts } of found.byState) summed[state] = (summed[state] ?? 0) + attempts;
    expect({ ...summed, of: found.of }).toEqual({ ...counts, of });
    const explained = Object.values(counts).reduce((sum, n) => sum + n, 0);
    expect(found.unexplained).toBe(of - explained);
  });
});
