import { describe, expect, it } from "vitest";
import { deriveEvents, eventsAbout, eventViews } from "../../src/derive/events.ts";
import type { Route } from "../../src/derive/views.ts";
import { ref } from "../../src/evidence/object-ref.ts";
import { evidenceOf } from "../support/evidence.ts";
import { event, nginxPod } from "./objects.ts";

const newGroup = (fields: object): object => ({
  apiVersion: "events.k8s.io/v1",
  kind: "Event",
  metadata: { name: "e", namespace: "shop", creationTimestamp: "2026-01-01T11:00:00Z" },
  type: "Warning",
  reason: "Unhealthy",
  note: "Readiness probe failed",
  regarding: { kind: "Pod", namespace: "shop", name: "cart-0", fieldPath: "spec.containers{app}" },
  ...fields,
});

const ms = (time: string): number => Date.parse(`2026-01-01T${time}Z`);

describe("an event", () => {
  it("of core/v1 has count, times and container", () => {
    const [view] = eventViews(
      evidenceOf([
        event({
          reason: "BackOff",
          type: "Warning",
          count: 7,
          first: "2026-01-01T11:00:00Z",
          last: "2026-01-01T11:30:00Z",
          fieldPath: "spec.initContainers{wait}",
        }),
      ]),
    );
    expect(view).toMatchObject({
      about: { kind: "Pod", namespace: "shop", name: "cart-0" },
      container: "wait",
      type: "Warning",
      count: 7,
      firstMs: ms("11:00:00"),
      lastMs: ms("11:30:00"),
    });
  });

  it("of events.k8s.io/v1 has them too, from its series or the fields it took over", () => {
    const series = newGroup({
      eventTime: "2026-01-01T11:00:00.5Z",
      series: { count: 5, lastObservedTime: "2026-01-01T11:20:00Z" },
    });
    const old = newGroup({
      metadata: { name: "old", namespace: "shop" },
      deprecatedCount: 3,
      deprecatedFirstTimestamp: "2026-01-01T10:00:00Z",
      deprecatedLastTimestamp: "2026-01-01T10:10:00Z",
    });
    expect(eventViews(evidenceOf([series, old]))).toMatchObject([
      { count: 3, firstMs: ms("10:00:00"), lastMs: ms("10:10:00"), message: "Readiness probe failed" },
      { count: 5, firstMs: ms("11:00:00.5"), lastMs: ms("11:20:00"), container: "app" },
    ]);
  });

  it("with null times falls back on its creation", () => {
    const view = eventViews(
      evidenceOf([newGroup({ firstTimestamp: null, lastTimestamp: null, eventTime: null })]),
    )[0];
    expect(view).toMatchObject({ firstMs: ms("11:00:00"), lastMs: ms("11:00:00"), count: 1 });
  });

  it("served by both groups counts once", () => {
    const core = event({ reason: "Unhealthy" }) as { metadata: object };
    Object.assign(core.metadata, { uid: "same" });
    const twin = newGroup({ metadata: { name: "e", namespace: "shop", uid: "same" } });
    expect(eventViews(evidenceOf([core, twin]))).toHaveLength(1);
  });

  it("about a node has no namespace", () => {
    const [view] = eventViews(
      evidenceOf([event({ kind: "Node", about: "worker-1", reason: "NodeNotReady" })]),
    );
    expect(view?.about).toEqual({ kind: "Node", name: "worker-1" });
  });
});

describe("events about one object", () => {
  it("leave out those of an earlier object of the same name", () => {
    const evidence = evidenceOf([
      event({ name: "a", reason: "Killing", uid: "old" }),
      event({ name: "b", reason: "Started", uid: "new" }),
      event({ name: "c", reason: "Pulled" }),
    ]);
    const of = (uid?: string): string[] =>
      eventsAbout(evidence, ref("Pod", "cart-0", "shop"), uid).map((e) => e.reason);
    expect(of("new")).toEqual(["Started", "Pulled"]);
    expect(of()).toEqual(["Killing", "Started", "Pulled"]);
  });
});

const elsewhere = (namespace: string): object => ({
  ...event({ name: namespace, reason: "Killing" }),
  metadata: { name: namespace, namespace },
  involvedObject: { kind: "Pod", namespace, name: "x" },
});

describe("events of a route", () => {
  const route = { namespace: "shop" } as Route;
  it("are those of its namespace, of the gateways' and of nodes, oldest first", () => {
    const objects = [
      event({ name: "late", reason: "Killing", first: "2026-01-01T11:30:00Z" }),
      event({ name: "node", kind: "Node", about: "worker-1", reason: "NodeNotReady" }),
      event({ name: "early", reason: "Pulled", first: "2026-01-01T10:30:00Z" }),
      elsewhere("ingress-nginx"),
      elsewhere("blog"),
      nginxPod(),
    ];
    const derived = deriveEvents(evidenceOf(objects), route);
    expect(derived.state === "present" && derived.value.map((e) => e.ref.name)).toEqual([
      "early",
      "ingress-nginx",
      "node",
      "late",
    ]);
  });

  it("are unknown when they were not read", () => {
    expect(deriveEvents(evidenceOf([], { unknown: ["events"] }), route).state).toBe("unknown");
  });
});
