import { beforeEach, describe, expect, it } from "vitest";
import { openStore, type Store } from "../../../lab/api-server/store.ts";
import { openWrites } from "../../../lab/api-server/writes/open-writes.ts";
import { openEventRecorder } from "../../../lab/machine/event-recorder.ts";
import type { EventText, Machine } from "../../../lab/machine/machine.ts";
import { evidenceOf } from "../../support/evidence.ts";

const pod = {
  kind: "Pod",
  metadata: { name: "cart-1", namespace: "shop", uid: "u1" },
} as const;

let store: Store;
let record: Machine["event"];
let nowMs: number;

beforeEach(() => {
  store = openStore(evidenceOf([]));
  store.put("namespaces", { metadata: { name: "shop" } });
  nowMs = Date.parse("2026-01-01T12:00:00Z");
  record = openEventRecorder({ store, writes: openWrites(store, () => nowMs), nowMs: () => nowMs });
});

const unhealthy = (message: string): EventText => ({
  type: "Warning",
  reason: "Unhealthy",
  message,
  container: "app",
});

const recorded = (): unknown[][] =>
  store.list("events").map(({ object }) => [object["count"], object["message"], object["lastTimestamp"]]);

describe("the event recorder", () => {
  it("counts a repeat on the first", () => {
    record("kubelet", pod, unhealthy("Readiness probe failed: a"));
    nowMs += 10_000;
    record("kubelet", pod, unhealthy("Readiness probe failed: a"));
    record("kubelet", pod, unhealthy("Readiness probe failed: b"));
    expect(recorded()).toEqual([
      [2, "Readiness probe failed: a", "2026-01-01T12:00:10Z"],
      [1, "Readiness probe failed: b", "2026-01-01T12:00:10Z"],
    ]);
    expect(store.list("events")[0]?.object).toMatchObject({
      involvedObject: {
        kind: "Pod",
        namespace: "shop",
        name: "cart-1",
        uid: "u1",
        apiVersion: "v1",
        fieldPath: "spec.containers{app}",
      },
      firstTimestamp: "2026-01-01T12:00:00Z",
      source: { component: "kubelet" },
      reportingComponent: "kubelet",
      type: "Warning",
    });
  });

  it("tells many different messages as one", () => {
    for (let n = 0; n < 14; n += 1) record("kubelet", pod, unhealthy(`Readiness probe failed: ${n}`));
    const messages = recorded();
    expect(messages).toHaveLength(10);
    expect(messages).toContainEqual([
      5,
      "(combined from similar events): Readiness probe failed: 13",
      "2026-01-01T12:00:00Z",
    ]);
  });

  it("cuts a flood, and lets one more in after five minutes", () => {
    for (let n = 0; n < 40; n += 1) record("kubelet", pod, unhealthy("same"));
    expect(recorded()).toEqual([[25, "same", "2026-01-01T12:00:00Z"]]);
    nowMs += 300_000;
    record("kubelet", pod, unhealthy("same"));
    record("kubelet", pod, unhealthy("same"));
    expect(recorded()).toEqual([[26, "same", "2026-01-01T12:05:00Z"]]);
  });

  it("records about cluster-scoped objects in the namespace default, and drops what is refused", () => {
    const node = { kind: "Node", metadata: { name: "node-1" } };
    const ready = { type: "Normal", reason: "NodeReady", message: "m" } as const;
    record("node-controller", node, ready);
    expect(store.list("events")).toEqual([]);
    store.put("namespaces", { metadata: { name: "default" } });
    record("node-controller", node, ready);
    expect(store.list("events", "default")).toHaveLength(1);
  });
});
