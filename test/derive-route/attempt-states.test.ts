import { describe, expect, it } from "vitest";
import type { AttemptStates } from "../../src/derive/attempt-state.ts";
import { observe } from "../../src/derive/observe.ts";
import { placesOf } from "../../src/derive/places.ts";
import type { Route } from "../../src/derive/views.ts";
import { present, type Observed } from "../../src/evidence/observed.ts";
import { evidenceOf, type EvidenceOptions } from "../support/evidence.ts";
import { closed, ms, refused, type Said, served, t, trafficWith } from "./attempt-log.ts";
import { event, pod, service, slice } from "./objects.ts";

const route: Route = {
  target: "service/cart",
  namespace: "shop",
  gatewayKind: "ingress-nginx",
  backend: { service: { kind: "Service", namespace: "shop", name: "cart" } },
  role: "primary",
  isDefaultBackend: false,
};

const worker = {
  apiVersion: "v1",
  kind: "Node",
  metadata: { name: "worker-1" },
  status: { conditions: [{ type: "Ready", status: "True", lastTransitionTime: t("08:00:00") }] },
};

const factsOf = (said: readonly Said[], objects: readonly object[], options?: EvidenceOptions) =>
  observe(evidenceOf([service("cart"), worker, ...objects], options), route, {
    traffic: present(trafficWith(said)),
  });

const observed = (
  said: readonly Said[],
  objects: readonly object[],
  options?: EvidenceOptions,
): Observed<AttemptStates> => factsOf(said, objects, options).attemptStates;

/** "terminating cart-0 2", one for each state. */
function states(said: readonly Said[], objects: readonly object[], options?: EvidenceOptions): string[] {
  const found = observed(said, objects, options);
  if (found.state !== "present") return [found.state];
  const { byState, unexplained, of } = found.value;
  expect(byState.reduce((sum, s) => sum + s.attempts, unexplained)).toBe(of);
  const told = byState.map((s) =>
    [s.state, s.pod?.name, s.attempts].filter((x) => x !== undefined).join(" "),
  );
  return unexplained === 0 ? told : [...told, `unexplained ${unexplained}`];
}

const ready = (at: string, status = "True"): object => ({ type: "Ready", status, lastTransitionTime: t(at) });

/** A pod of one container with one restart. */
const restarted = (ended: object, startedAt: string, readyAt: string): object =>
  pod({
    status: {
      conditions: [ready(readyAt)],
      containerStatuses: [
        {
          name: "app",
          ready: true,
          restartCount: 1,
          state: { running: { startedAt: t(startedAt) } },
          lastState: { terminated: { startedAt: t("10:00:02"), ...ended } },
        },
      ],
    },
  });

const steady = pod({
  status: {
    conditions: [ready("10:00:10")],
    containerStatuses: [
      { name: "app", ready: true, restartCount: 0, state: { running: { startedAt: t("10:00:02") } } },
    ],
  },
});

const timedOut = (at: string): Said => ({ at, ip: "10.0.0.7", failure: "connect-timeout" });

const failing = (count: number): object =>
  event({
    about: "cart-0",
    uid: "uid-cart-0",
    reason: "Unhealthy",
    message: "Readiness probe failed: HTTP probe failed with statuscode: 500",
    first: t("10:40:00"),
    last: t("11:00:00"),
    count,
  });

const unready = (name: string, ip: string): object =>
  pod({ name, status: { podIP: ip, conditions: [ready("11:00:00", "False")] } });

const step = (set: string, at: string, from: number, to: number): object => ({
  ...(event({
    reason: "ScalingReplicaSet",
    message: `Scaled ${from < to ? "up" : "down"} replica set ${set} from ${from} to ${to}`,
    first: t(at),
  }) as object),
  metadata: { name: `cart.${set}${at}`, namespace: "shop", uid: `${set}${at}` },
  involvedObject: { kind: "Deployment", name: "cart", namespace: "shop" },
});

describe("the pod of a failed attempt", () => {
  it("leaves it unexplained when nothing is known", () => {
    expect(states([served("10:30:00"), refused("11:00:00"), served("11:30:00")], [steady])).toEqual([
      "unexplained 1",
    ]);
  });

  it("had a process that did not listen yet, or was not ready yet", () => {
    expect(states([refused("10:00:03"), refused("10:00:09"), served("10:00:20")], [steady])).toEqual([
      "starting cart-0 2",
    ]);
    // One that answers late is up.
    expect(states([{ at: "10:00:30", ip: "10.0.0.7", failure: "response-timeout" }], [steady])).toEqual([
      "unexplained 1",
    ]);
  });

  it("was told to stop", () => {
    const going = pod({
      metadata: { deletionTimestamp: t("11:00:30"), deletionGracePeriodSeconds: 30 },
      status: { conditions: [ready("10:00:10")] },
    });
    const said = [served("10:30:00"), refused("10:50:00"), refused("11:00:00"), refused("11:00:05")];
    expect(states(said, [going])).toEqual(["terminating cart-0 2", "unexplained 1"]);
  });

  it("was killed for its memory, was down, and came up again", () => {
    const oom = restarted(
      { reason: "OOMKilled", exitCode: 137, finishedAt: t("11:00:00") },
      "11:00:08",
      "11:00:20",
    );
    const said = [
      served("10:30:00"),
      closed("10:59:59"),
      refused("11:00:04"),
      refused("11:00:15"),
      closed("11:05:00"),
      served("11:10:00"),
    ];
    expect(states(said, [oom])).toEqual(["oom-killed cart-0 2", "restarted cart-0 1", "unexplained 1"]);
  });

  it("was killed by a probe, or ended for another reason", () => {
    const ended = restarted(
      { reason: "Error", exitCode: 137, finishedAt: t("11:00:00") },
      "11:00:02",
      "11:00:09",
    );
    const said = [served("10:30:00"), closed("11:00:00"), served("11:10:00")];
    const killing = event({
      about: "cart-0",
      uid: "uid-cart-0",
      reason: "Killing",
      message: "Container app failed liveness probe, will be restarted",
      first: t("10:59:31"),
    });
    expect(states(said, [ended])).toEqual(["killed cart-0 1"]);
    expect(states(said, [ended, killing])).toEqual(["liveness-killed cart-0 1"]);
  });

  it("lost its node, from before the control plane noticed", () => {
    const node = {
      ...worker,
      metadata: { name: "worker-2" },
      status: { conditions: [{ ...ready("11:00:00", "Unknown"), reason: "NodeStatusUnknown" }] },
    };
    const there = { ...steady, spec: { nodeName: "worker-2", containers: [] } };
    const said = [served("10:30:00"), timedOut("10:50:00"), timedOut("10:59:20"), timedOut("11:05:00")];
    expect(states(said, [there, node])).toEqual(["node-lost cart-0 2", "unexplained 1"]);
  });

  it("failed its probes: near a report, and amid many that follow each other closely", () => {
    const said = [served("10:30:00"), closed("10:50:00"), closed("11:00:04"), served("11:10:00")];
    expect(states(said, [steady, failing(3)])).toEqual(["probe-failing cart-0 1", "unexplained 1"]);
    expect(states(said, [steady, failing(100)])).toEqual(["probe-failing cart-0 2"]);
  });

  it("has an address that was another pod's before: it counts from its creation on", () => {
    const stop = event({ about: "cart-6d4cf56db6-x7k2p", reason: "Killing", first: t("09:59:00") });
    const said = [refused("09:59:01")];
    const deployment = {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: "cart", namespace: "shop" },
      spec: { template: { metadata: { labels: { app: "cart" } }, spec: { containers: [] } } },
    };
    expect(states(said, [steady, deployment, stop])).toEqual(["terminating cart-6d4cf56db6-x7k2p 1"]);
    expect(states([refused("09:30:00")], [steady, deployment, stop])).toEqual(["gone 1"]);
  });

  it("is gone, when everything was read", () => {
    const endpoints = slice({ endpoints: [{ addresses: ["10.0.0.7"] }] });
    const said = [served("10:30:00", "10.0.0.9"), refused("11:00:00", "10.0.0.9")];
    expect(states(said, [steady, endpoints])).toEqual(["gone 1"]);
    expect(states([...said, served("11:30:00", "10.0.0.9")], [steady, endpoints])).toEqual(["unexplained 1"]);
    expect(states([said[0]!, closed("11:00:00", "10.0.0.9")], [steady, endpoints])).toEqual([
      "unexplained 1",
    ]);
    expect(states(said, [steady, endpoints], { unknown: ["endpointslices", "endpoints"] })).toEqual([
      "unexplained 1",
    ]);
    expect(states(said, [steady, endpoints], { unknown: ["pods"] })).toEqual(["unknown"]);
  });

  it("is none when nobody was asked: then something was the matter with each", () => {
    const nobody: Said = { at: "11:00:30", failure: "no-endpoint" };
    const both = [unready("cart-0", "10.0.0.7"), unready("cart-1", "10.0.0.8")];
    expect(states([nobody], both)).toEqual(["not-ready cart-0 1"]);
    expect(states([nobody], [both[0]!, pod({ name: "cart-1", status: steadyStatus })])).toEqual([
      "unexplained 1",
    ]);
  });

  it("was well while its workload was rolled out", () => {
    const deployment = {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: "cart", namespace: "shop" },
      spec: { template: { metadata: { labels: { app: "cart" } }, spec: { containers: [] } } },
    };
    const owned = pod({
      name: "cart-6d4cf56db6-x7k2p",
      metadata: {
        ownerReferences: [
          { apiVersion: "apps/v1", kind: "ReplicaSet", name: "cart-6d4cf56db6", controller: true },
        ],
      },
      labels: { app: "cart", "pod-template-hash": "6d4cf56db6" },
      status: steadyStatus,
    });
    const said = [
      served("10:30:00", "10.0.0.8"),
      closed("11:00:05", "10.0.0.8"),
      closed("11:30:00", "10.0.0.8"),
      served("11:40:00", "10.0.0.8"),
    ];
    const up = step("cart-6d4cf56db6", "11:00:00", 1, 2);
    const down = step("cart-5c9d7f8b4d", "11:00:10", 2, 1);
    expect(states(said, [deployment, owned, up])).toEqual(["scaling 1", "unexplained 1"]);
    expect(states(said, [deployment, owned, up, down])).toEqual(["rollout 1", "unexplained 1"]);
  });

  it("is named with when, what and where it was read", () => {
    const oom = restarted(
      { reason: "OOMKilled", exitCode: 137, finishedAt: t("11:00:00") },
      "11:00:08",
      "11:00:20",
    );
    const found = observed([served("10:30:00"), refused("11:00:04")], [oom]);
    expect(found.state === "present" ? found.value.byState[0]?.example : undefined).toEqual({
      timeMs: ms("11:00:04"),
      text: "connect-refused at 10.0.0.7:8080, 4 s after this: container app terminated: OOMKilled, exit code 137",
      source: "Pod shop/cart-0 .status.containerStatuses[app]",
    });
  });
});

const steadyStatus = {
  podIP: "10.0.0.8",
  conditions: [ready("10:00:10")],
  containerStatuses: [
    { name: "app", ready: true, restartCount: 0, state: { running: { startedAt: t("10:00:02") } } },
  ],
};

describe("where an address is", () => {
  it("is the node and revision of the pod that had it, and unknown for an address of two pods", () => {
    const { pods } = factsOf([], [pod({ labels: { app: "cart", "pod-template-hash": "abc" } })]);
    const list = pods.state === "present" ? pods.value : [];
    const places = (said: readonly Said[]) => [...placesOf(trafficWith(said), list, [])];
    expect(places([served("10:30:00"), refused("11:00:00")])).toEqual([
      ["10.0.0.7:8080", { node: "worker-1", revision: "abc" }],
    ]);
    expect(places([refused("09:00:00"), refused("11:00:00")])).toEqual([]);
    expect(places([refused("11:00:00", "10.0.0.9")])).toEqual([]);
  });
});
