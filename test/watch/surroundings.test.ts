import { describe, expect, test } from "vitest";
import { changeTeller } from "../../src/watch/happened.ts";
import { watchedState } from "../../src/watch/surroundings.ts";
import { change, newPod, oldPod, podAs, recordOf } from "./shop-record.ts";

const slice = (
  name: string,
  addressType: string,
  endpoints: readonly (readonly [string, boolean | undefined])[],
): object => ({
  kind: "EndpointSlice",
  metadata: { name, namespace: "shop" },
  addressType,
  endpoints: endpoints.map(([pod, ready]) => ({
    addresses: [addressType === "IPv6" ? "fd00::1" : "10.0.0.1"],
    conditions: ready === undefined ? {} : { ready },
    targetRef: { kind: "Pod", name: pod },
  })),
});

const deployment = (status: object, conditions: readonly object[] = []): object => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "web", namespace: "shop", generation: 2 },
  spec: { replicas: 2 },
  status: { observedGeneration: 2, conditions, ...status },
});

const whole = { replicas: 2, updatedReplicas: 2, availableReplicas: 2 };
const half = { replicas: 3, updatedReplicas: 1, availableReplicas: 2 };

describe("how things stand", () => {
  test("pods are ready, not ready, going, gone and over", () => {
    const { pods, stuckPods } = watchedState(
      recordOf([
        change(0, "listed", podAs()),
        change(0, "listed", podAs({ name: "web-b", ready: false, restarts: 7 })),
        change(0, "listed", { ...podAs({ name: "job" }), status: { phase: "Succeeded" } }),
        change(1, "added", podAs({ name: newPod, ready: false })),
        change(
          2,
          "modified",
          podAs({ name: "web-b", ready: false, restarts: 9, waiting: "CrashLoopBackOff" }),
        ),
        change(3, "modified", podAs({ deletedMs: 1 })),
        change(4, "added", podAs({ name: "web-c" })),
        change(5, "deleted", podAs({ name: "web-c" })),
      ]),
    );
    expect(pods).toEqual({ ready: 0, notReady: 2, terminating: 1, created: 2, deleted: 2, restarts: 2 });
    expect(stuckPods).toEqual(["web-b: CrashLoopBackOff"]);
  });

  test.each([
    [
      "a pod that stands in a slice of each family counts once",
      [slice("four", "IPv4", [["a", true]]), slice("six", "IPv6", [["a", true]])],
      1,
    ],
    ["one of IPv6 alone counts", [slice("six", "IPv6", [["a", true]])], 1],
    [
      "what is not said to be ready is ready",
      [
        slice("four", "IPv4", [
          ["a", undefined],
          ["b", false],
        ]),
      ],
      1,
    ],
    ["an empty slice is none ready", [slice("four", "IPv4", [])], 0],
    ["no slice says nothing", [], undefined],
  ])("endpoints: %s", (_, slices, ready) => {
    const record = recordOf(slices.map((each) => change(0, "listed", each, "endpointslices")));
    expect(watchedState(record).pods.readyEndpoints).toBe(ready);
  });

  test.each([
    ["none", [deployment(whole)]],
    ["under-way", [deployment(whole), deployment(half)]],
    ["done", [deployment(half), deployment(whole)]],
    ["under-way", [deployment({ ...whole, observedGeneration: 1 })]],
    [
      "stuck",
      [
        deployment(half, [
          {
            type: "Progressing",
            status: "False",
            reason: "ProgressDeadlineExceeded",
            message: "it took too long",
          },
        ]),
      ],
    ],
  ])("a rollout is %s", (state, objects) => {
    const record = recordOf(
      objects.map((each, i) => change(i, i === 0 ? "listed" : "modified", each, "deployments")),
    );
    expect(watchedState(record).rollouts).toMatchObject([
      { state, object: { kind: "Deployment", name: "web" } },
    ]);
  });
});

const event = (type: string, reason: string): object => ({
  metadata: { name: reason, namespace: "shop" },
  type,
  reason,
  message: "it said so",
  involvedObject: { kind: "Pod", name: oldPod },
});

test("changes are told in a few words, each once", () => {
  const tell = changeTeller();
  const told = [
    change(0, "listed", podAs()),
    change(1, "modified", podAs({ ready: false })),
    change(2, "modified", podAs({ restarts: 1, ready: true })),
    change(3, "modified", podAs({ restarts: 1, waiting: "CrashLoopBackOff", ready: false })),
    change(4, "modified", podAs({ restarts: 1, deletedMs: 4000, ready: false })),
    change(5, "deleted", podAs({ restarts: 1, deletedMs: 4000 })),
    change(6, "added", { metadata: { name: "web-2", namespace: "shop" } }, "replicasets"),
    change(7, "modified", deployment(half), "deployments"),
    change(8, "modified", deployment({ ...half, readyReplicas: 9 }), "deployments"),
    change(9, "modified", deployment(whole), "deployments"),
    change(10, "added", event("Normal", "Pulled"), "events"),
    change(11, "added", event("Warning", "Unhealthy"), "events"),
  ].map(tell);
  expect(told).toEqual([
    undefined,
    `pod ${oldPod} not ready`,
    `pod ${oldPod} restart 1, ready`,
    `pod ${oldPod} CrashLoopBackOff, not ready`,
    `pod ${oldPod} deleted`,
    `pod ${oldPod} is gone`,
    "new revision: ReplicaSet web-2",
    "web rolling out: 1 of 2 updated, 2 available",
    undefined,
    "web rolled out: 2 of 2",
    undefined,
    `Pod ${oldPod}: Unhealthy: it said so`,
  ]);
});
