import type { Pod } from "kubernetes-types/core/v1";
import { describe, expect, test } from "vitest";
import { observe } from "../../src/derive/observe.ts";
import { resolveRoutes } from "../../src/derive/routes.ts";
import { type RouteTimeline, routeTimeline } from "../../src/derive/timeline.ts";
import { type Evidence, nowMs } from "../../src/evidence/evidence.ts";
import type { ChangeOf, ChangeRecord } from "../../src/evidence/change-record.ts";
import { parseTarget } from "../../src/target/target.ts";
import { recorded } from "../support/incident-of.ts";
import { largeIncident } from "../support/large-incident.ts";

function timelineOf(evidence: Evidence): RouteTimeline {
  const { routes } = resolveRoutes(evidence, parseTarget(undefined, undefined));
  const [route] = routes;
  if (route === undefined) throw new Error("no route");
  return routeTimeline(observe(evidence, route), nowMs(evidence));
}

const states = (timeline: RouteTimeline, name: RegExp): string[] =>
  timeline.lanes.filter((l) => name.test(l.name)).map((l) => l.spans.map((s) => s.state).join(" "));

const failures = ({ bins }: RouteTimeline): Record<string, number> =>
  Object.fromEntries((bins?.series ?? []).map((s) => [s.key, s.counts.reduce((a, b) => a + b, 0)]));

describe("pods that stop before the gateway knows", () => {
  test("the old pod's failures lie in its last span, the new one has none", async () => {
    const timeline = timelineOf(await recorded("lab-shutdown-no-prestop-race"));
    const [gone, fresh] = timeline.lanes;
    expect([gone?.isGone, fresh?.isGone]).toEqual([true, false]);
    expect(gone?.spans.map((s) => s.state)).toEqual(["running", "ready", "terminating"]);
    const stop = gone?.spans.at(-1);
    // nginx stamps the end of a request by the second
    const within = gone?.failedMs.filter(
      (ms) => ms >= (stop?.fromMs ?? Infinity) - 1000 && ms <= (stop?.toMs ?? 0),
    );
    expect(within?.length).toBe(174);
    expect(gone?.failedMs.length).toBe(174);
    expect(fresh?.failedMs).toEqual([]);
    expect(fresh?.spans.map((s) => s.state)).toEqual(["not-ready", "ready"]);
  });

  test("the rollout is told in order, with what changed, before the first failure", async () => {
    const { rows } = timelineOf(await recorded("lab-shutdown-no-prestop-race"));
    const told = rows.filter((r) => r.kind === "rollout" || r.kind === "failure").map((r) => r.text);
    expect(told).toEqual([
      "Scaled up replica set orders-566fd95bc from 0 to 1",
      "Scaled up replica set orders-dbbb54b9d from 0 to 1",
      "revision 2 began: the same images",
      "first failed request: GET /orders got 502 (connect-refused)",
      "Scaled down replica set orders-566fd95bc from 1 to 0",
      "last failed request: GET /orders got 502 (connect-refused)",
    ]);
    expect(rows.filter((r) => r.kind === "rollout").every((r) => r.isChange)).toBe(true);
  });
});

const change = (at: string, type: ChangeOf<"pods">["type"], object: Pod): ChangeOf<"pods"> => ({
  atMs: Date.parse(at),
  type,
  resource: "pods",
  object,
});

test("where somebody watched the pod go, its lane ends when it was no more", async () => {
  const evidence = await recorded("lab-shutdown-no-prestop-race");
  const fresh = evidence.objects.pods?.find((p) => p.metadata?.name?.startsWith("orders-"));
  const [before, stopped, gone] = [
    "2026-11-24T15:01:59Z",
    "2026-11-24T15:02:09Z",
    "2026-11-24T15:02:11.400Z",
  ] as const;
  const pod = (ready: boolean, deleted: boolean): Pod => ({
    ...fresh,
    metadata: {
      ...fresh?.metadata,
      name: "orders-566fd95bc-pllp4",
      uid: "590f56e0-793f-4093-bc94-361e0f57d2d4",
      creationTimestamp: "2026-11-24T15:01:53Z",
      ...(deleted ? { deletionTimestamp: "2026-11-24T15:02:39Z", deletionGracePeriodSeconds: 30 } : {}),
    },
    status: {
      phase: "Running",
      podIP: "10.42.3.2",
      conditions: [
        { type: "Ready", status: ready ? "True" : "False", lastTransitionTime: ready ? before : gone },
      ],
    },
  });
  const changes: ChangeRecord = {
    fromMs: Date.parse("2026-11-24T15:01:55Z"),
    toMs: nowMs(evidence),
    skewMs: 0,
    watched: [{ resource: "pods", namespace: "store", gaps: [] }],
    changes: [
      change("2026-11-24T15:01:55Z", "listed", pod(true, false)),
      change(stopped, "modified", pod(true, true)),
      change(gone, "deleted", pod(false, true)),
    ],
    dropped: 0,
  };
  const lane = timelineOf({ ...evidence, changes }).lanes.find((l) => l.isGone);
  expect(lane).toMatchObject({ name: "orders-566fd95bc-pllp4", hasEnd: true });
  expect(lane?.spans.at(-1)).toEqual({
    state: "terminating",
    fromMs: Date.parse(stopped),
    toMs: Date.parse(gone),
  });
  expect(lane?.spans.at(-2)?.state).toBe("ready");
});

test("a killed container is a gap in a pod's life, and requests meanwhile met nobody", async () => {
  const timeline = timelineOf(await recorded("lab-oom-killed"));
  expect(states(timeline, /^cart-/)).toEqual(["not-ready ready not-ready not-ready ready"]);
  expect(timeline.lanes[0]).toMatchObject({ name: "no pod was asked", spans: [], isGone: false });
  expect(timeline.lanes.map((l) => l.failedMs.length)).toEqual([41, 12]);
  expect(failures(timeline)).toEqual({ "503 no-endpoint": 41, "502 connect-refused": 4 });
  expect(timeline.rows.map((r) => r.text)).toContain("container cart terminated: OOMKilled, exit code 137");
});

test("a new revision says which image it brought", async () => {
  const { rows, lanes } = timelineOf(await recorded("lab-rollout-bad-revision"));
  expect(rows.map((r) => r.text)).toContain(
    "revision 2 began: cart lab/node-server:1.0 → lab/node-server:1.1",
  );
  expect(lanes.filter((l) => l.failedMs.length > 0).map((l) => l.revision)).toEqual(
    Array.from({ length: 3 }, () => "5b9dc8977f"),
  );
});

test("what a retry hid is a series of its own", async () => {
  const { series } = timelineOf(await recorded("lab-hpa-lag")).bins ?? { series: [] };
  expect(series.map((s) => s.key)).toEqual([
    "504 response-timeout",
    "502 closed-before-header",
    "hidden by a retry",
  ]);
});

test("of many pods those are drawn that requests failed at, and the others are counted with theirs", () => {
  const timeline = timelineOf(largeIncident(500));
  expect(timeline.lanes.length).toBe(20);
  expect(timeline.lanes.every((lane) => lane.failedMs.length > 0)).toBe(true);
  const drawn = timeline.lanes.reduce((sum, lane) => sum + lane.failedMs.length, 0);
  expect(timeline.others).toEqual([{ state: "ready", pods: 480, failed: 310 - drawn }]);
  expect(timeline.rows.filter((r) => r.kind === "pod").map((r) => [r.text, r.count])).toEqual([
    ["pod created", 500],
    ["pod ready", 500],
  ]);
  expect(timeline.rows.filter((r) => r.kind === "scaling").map((r) => r.text)).toEqual([
    "Scaled up replica set web-7d9c8f6b5 from 0 to 480",
  ]);
});

test("without a log there are pods and no failures, and nothing later than the collection", async () => {
  const evidence = await recorded("lab-oom-killed");
  const timeline = timelineOf({ ...evidence, logs: [] });
  expect(timeline.bins).toBeUndefined();
  expect(timeline.toMs).toBe(nowMs(evidence));
  expect(states(timeline, /^cart-/)).toHaveLength(1);
});
