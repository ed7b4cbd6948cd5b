import { describe, expect, test } from "vitest";
import type { Fault, FaultAnswer } from "../../lab/api-server/faults.ts";
import { type Evidence, get, nameOf, namespaceOf } from "../../src/evidence/evidence.ts";
import { allResources, resources } from "../../src/evidence/kinds.ts";
import type { ClusterOptions } from "../../src/gather/cluster/options.ts";
import { type Gathered, gatherFrom } from "./gather.ts";
import { shopCluster } from "./shop.ts";

const target = "shop.example.com/cart";
const options = { deadlineMs: 300, totalDeadlineMs: 3000 };
const boundMs = 6000;
const cluster = shopCluster();

const run = (faults: readonly Fault[], limits: ClusterOptions = options): Promise<Gathered> =>
  gatherFrom(cluster, target, { serve: { faults }, options: limits });

/** Objects of the cluster that the evidence says do not exist. */
function deniedExistence(evidence: Evidence): string[] {
  return allResources.flatMap((resource) =>
    (cluster.objects[resource] ?? [])
      .filter((object) => {
        const namespace = resources[resource].namespaced ? namespaceOf(object) : undefined;
        return get(evidence, resource, nameOf(object), namespace).state === "absent";
      })
      .map((object) => `${resource} ${namespaceOf(object)}/${nameOf(object)}`),
  );
}

const traces = (evidence: Evidence): string[] => [
  ...evidence.coverage.flatMap((c) =>
    c.extent === "failed" ? [`${c.resource} ${c.namespace ?? ""}: ${c.reason}`] : [],
  ),
  ...evidence.logs.flatMap((l) => (l.reason === undefined ? [] : [`${l.name}: ${l.reason}`])),
  ...evidence.losses.map((l) => `${l.what}: ${l.why}`),
];

const lasting: readonly FaultAnswer[] = [401, 403, 404, 410, "hang"];
const passing: readonly FaultAnswer[] = [500, "cut", "reset"];

const coverageText = (evidence: Evidence | undefined): string[] =>
  (evidence?.coverage ?? [])
    .map((c) => `${c.resource} ${c.namespace ?? ""} ${c.extent} ${c.names?.join(",") ?? ""}`)
    .sort();

/** What is wrong with how a run under a fault ended; empty when nothing is. */
function complaints(
  { evidence, problem, ms }: Gathered,
  answer: FaultAnswer,
  whole: Evidence | undefined,
): string[] {
  const late = ms < boundMs ? [] : [`took ${ms} ms`];
  if (evidence === undefined) {
    return problem?.message.includes("Try: kubectl ") === true
      ? late
      : [...late, `no command to try: ${problem?.message}`];
  }
  const isSame = coverageText(evidence).join() === coverageText(whole).join();
  const silent = isSame || traces(evidence).length > 0 ? [] : ["less was read, and nothing says so"];
  // A 404 for a name is the server's word that there is no such object.
  return [...late, ...silent, ...(answer === 404 ? [] : deniedExistence(evidence))];
}

const nths = [1, 2, 3, 4, 6, 9, 12, 15, 18, 21, 24, 27, 30, 33, 36, 39];

describe("one call fails", () => {
  test.each(lasting)("with %s: the rest is read, and nothing that exists is denied", async (answer) => {
    const whole = await run([]);
    const runs = await Promise.all(nths.map((nth) => run([{ match: { nth }, answer }])));
    expect(runs.map((r) => complaints(r, answer, whole.evidence))).toEqual(nths.map(() => []));
  });

  test.each(passing)("with %s: asking again heals it", async (answer) => {
    const patient = { deadlineMs: 5000, totalDeadlineMs: 15_000 };
    const whole = await run([]);
    const runs = await Promise.all(nths.map((nth) => run([{ match: { nth }, answer }], patient)));
    expect(runs.map((r) => coverageText(r.evidence))).toEqual(nths.map(() => coverageText(whole.evidence)));
  });
});

const every = (k: number, answer: FaultAnswer): Fault[] =>
  Array.from({ length: Math.floor(200 / k) }, (_, i) => ({ match: { nth: (i + 1) * k }, answer }));

describe("every k-th call fails", () => {
  const answers: readonly FaultAnswer[] = [...lasting, ...passing, 429];
  const ks = [1, 2, 3, 5, 8];

  test.each(answers)("with %s: evidence or a problem, in bounded time", async (answer) => {
    const whole = await run([]);
    const runs = await Promise.all(ks.map((k) => run(every(k, answer))));
    expect(runs.map((r) => complaints(r, answer, whole.evidence))).toEqual(ks.map(() => []));
    expect(runs[0]?.problem, "nothing could be read").toBeDefined();
  });
});

test("a busy server is asked again after the time it names", async () => {
  const { evidence, requests, ms } = await run([{ match: { resource: "ingresses", nth: 1 }, answer: 429 }]);
  expect(requests.filter((r) => r.resource === "ingresses").map((r) => r.code)).toEqual([429, 200]);
  expect(ms).toBeGreaterThan(1000);
  expect(evidence?.objects.ingresses).toHaveLength(1);
});

test("an answer that never comes costs one deadline, and the rest is read", async () => {
  const hangs = { match: { resource: "pods", namespace: "shop" }, answer: "hang" } as const;
  const { evidence, requests } = await run([hangs]);
  expect(requests.filter((r) => r.resource === "pods" && r.namespace === "shop")).toHaveLength(1);
  expect(evidence?.objects.services?.map(nameOf)).toContain("cart");
  expect(evidence?.coverage).toContainEqual({
    resource: "pods",
    namespace: "shop",
    extent: "failed",
    reason: "no answer in 300 ms (list pods in namespace shop)",
  });
});

test("what is unread when the total deadline has passed is said to be unread", async () => {
  const slow = { match: {}, answer: { delayMs: 120 } };
  const { evidence, ms } = await gatherFrom(cluster, target, {
    serve: { faults: [slow] },
    options: { deadlineMs: 1000, totalDeadlineMs: 300 },
  });
  expect(ms).toBeLessThan(10_000);
  expect(evidence?.objects.ingresses).toHaveLength(1);
  expect(evidence === undefined ? [] : traces(evidence).join("\n")).toContain(
    "the total deadline of 0.3 s had passed",
  );
});
