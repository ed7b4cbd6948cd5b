import { describe, expect, it } from "vitest";
import { observe } from "../../src/derive/observe.ts";
import type { PodView, Route } from "../../src/derive/views.ts";
import { evidenceOf } from "../support/evidence.ts";
import { event, pod, service } from "./objects.ts";

const route: Route = {
  target: "service/cart",
  namespace: "shop",
  gatewayKind: "unknown",
  backend: { service: { kind: "Service", namespace: "shop", name: "cart" } },
  role: "primary",
  isDefaultBackend: false,
};

function podOf(...objects: object[]): PodView {
  const { pods } = observe(evidenceOf([service("cart"), ...objects]), route);
  const [first] = pods.state === "present" ? pods.value : [];
  if (first === undefined) throw new Error("no pod");
  return first;
}

const moments = (view: PodView): string[] =>
  view.timeline.map(
    (m) => `${new Date(m.atMs).toISOString().slice(11, 19)} ${m.kind}${m.container ? ` ${m.container}` : ""}`,
  );

const t = (time: string): string => `2026-01-01T${time}Z`;

describe("the timeline of a pod", () => {
  it("puts conditions, container states, the delete call and events in order", () => {
    const view = podOf(
      pod({
        metadata: {
          creationTimestamp: t("10:00:00"),
          deletionTimestamp: t("11:30:30"),
          deletionGracePeriodSeconds: 30,
        },
        status: {
          conditions: [
            { type: "PodScheduled", status: "True", lastTransitionTime: t("10:00:01") },
            { type: "Ready", status: "False", lastTransitionTime: t("11:30:02") },
            { type: "ContainersReady", status: "False", lastTransitionTime: t("11:30:02") },
          ],
          containerStatuses: [
            {
              name: "app",
              ready: false,
              restartCount: 1,
              state: { running: { startedAt: t("10:20:05") } },
              lastState: {
                terminated: {
                  exitCode: 1,
                  reason: "Error",
                  startedAt: t("10:00:03"),
                  finishedAt: t("10:20:00"),
                },
              },
            },
          ],
        },
      }),
      event({ reason: "Scheduled", first: t("10:00:01") }),
      event({ reason: "Started", first: t("10:20:05"), fieldPath: "spec.containers{app}" }),
      event({
        reason: "Unhealthy",
        message: "Readiness probe failed: HTTP probe failed with statuscode: 500",
        first: t("10:15:00"),
        last: t("10:19:00"),
        count: 9,
        fieldPath: "spec.containers{app}",
      }),
      event({ reason: "BackOff", first: t("10:20:02"), fieldPath: "spec.containers{app}" }),
      event({ reason: "Killing", first: t("11:30:00"), fieldPath: "spec.containers{app}" }),
      event({ reason: "Pulled", first: t("10:00:02") }),
      event({ about: "cart-1", reason: "Killing", first: t("10:30:00") }),
    );
    expect(moments(view)).toEqual([
      "10:00:00 created",
      "10:00:01 scheduled",
      "10:00:03 started app",
      "10:15:00 probe-failed app",
      "10:19:00 probe-failed app",
      "10:20:00 terminated app",
      "10:20:02 back-off app",
      "10:20:05 restarted app",
      "11:30:00 delete-called",
      "11:30:00 killing app",
      "11:30:02 unready",
    ]);
  });

  it("says which probe failed and where each moment was read", () => {
    const view = podOf(
      pod(),
      event({
        name: "e1",
        reason: "Unhealthy",
        message: "Liveness probe failed: timeout",
        first: t("11:00:00"),
      }),
    );
    expect(view.timeline).toMatchObject([
      { kind: "created", source: "Pod shop/cart-0 .metadata.creationTimestamp" },
      { kind: "probe-failed", text: "Unhealthy: Liveness probe failed: timeout", source: "Event shop/e1" },
    ]);
  });

  it("leaves out an earlier pod of the same name", () => {
    const view = podOf(pod(), event({ reason: "Killing", uid: "before" }));
    expect(moments(view)).toEqual(["10:00:00 created"]);
  });

  it.each([
    ["Evicted", "The node was low on resource: memory.", "evicted"],
    ["TaintManagerEviction", "Marking for deletion Pod shop/cart-0", "evicted"],
    ["NodeNotReady", "Node is not ready", "node-lost"],
  ])("reads %s as %s → %s", (reason, message, kind) => {
    expect(moments(podOf(pod(), event({ reason, message, first: t("11:00:00") })))).toContain(
      `11:00:00 ${kind}`,
    );
  });

  it("does not take a cancelled deletion for one", () => {
    const cancelled = event({
      reason: "TaintManagerEviction",
      message: "Cancelling deletion of Pod shop/cart-0",
    });
    expect(moments(podOf(pod(), cancelled))).toEqual(["10:00:00 created"]);
  });

  it("reads an announced disruption from the pod's own condition", () => {
    const condition = {
      type: "DisruptionTarget",
      status: "True",
      reason: "EvictionByEvictionAPI",
      lastTransitionTime: t("11:00:00"),
    };
    expect(moments(podOf(pod({ status: { conditions: [condition] } })))).toContain("11:00:00 evicted");
  });
});
