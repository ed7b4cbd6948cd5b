import { describe, expect, it } from "vitest";
import { whyNotReady } from "../../src/causes/service/why-not-ready.ts";
import type { EventView, PodView } from "../../src/derive/views.ts";
import { ref } from "../../src/evidence/object-ref.ts";
import { absent, type Observed, present } from "../../src/evidence/observed.ts";

const gate = "example.com/synced";
const owner = ref("Deployment", "web", "shop");
const podRef = ref("Pod", "web-1", "shop");
const noEvents = absent("no events");

interface Options {
  readonly conditions?: readonly object[];
  readonly startedMs?: number;
}

function pod({ conditions = [], startedMs = 0 }: Options): PodView {
  const probe = { exec: { command: ["cat", "/var/run/ready"] } };
  const spec = { readinessGates: [{ conditionType: gate }] };
  const containers = [{ name: "app", role: "main", spec: { name: "app", readinessProbe: probe }, startedMs }];
  return {
    ref: podRef,
    ready: false,
    spec,
    containers,
    pod: { status: { conditions } },
  } as unknown as PodView;
}

const containersReady = { type: "ContainersReady", status: "True" };

const unhealthy = (lastMs: number): EventView =>
  ({
    about: podRef,
    reason: "Unhealthy",
    message: "Readiness probe failed: cat: /var/run/ready: No such file or directory",
    lastMs,
  }) as EventView;

const textsOf = (pods: readonly PodView[], events: Observed<readonly EventView[]> = noEvents): string[] =>
  whyNotReady(pods, events).map(({ clue }) => clue.text);

const patchOf = (...conditions: object[]): unknown => {
  const own = { ...pod({ conditions: [containersReady, ...conditions] }), owner };
  return whyNotReady([own], noEvents)[0]?.fix?.patch?.body;
};

describe("what pods that are not ready wait for", () => {
  it("is a readiness gate that nobody has set", () => {
    const [text] = textsOf([pod({ conditions: [containersReady] })]);
    expect(text).toContain(`readiness gate ${gate}: nobody has set that condition`);
  });

  it("is a readiness gate whose controller says why", () => {
    const said = { type: gate, status: "False", reason: "Syncing", message: "3 of 9 shards" };
    const [text] = textsOf([pod({ conditions: [containersReady, said] })]);
    expect(text).toContain("the condition is False (Syncing: 3 of 9 shards)");
  });

  it("is mended by taking out a gate that nobody ever set, and by its controller where there is one", () => {
    expect(patchOf()).toEqual({ spec: { template: { spec: { readinessGates: null } } } });
    expect(patchOf({ type: gate, status: "False" })).toBeUndefined();
  });

  it("is no gate that is met, nor one of a pod whose containers are not ready", () => {
    expect(textsOf([pod({ conditions: [containersReady, { type: gate, status: "True" }] })])).toEqual([]);
    expect(textsOf([pod({ conditions: [{ type: "ContainersReady", status: "False" }] })])).toEqual([]);
  });

  it("is what the command of an exec probe says", () => {
    const [text] = textsOf([pod({})], present([unhealthy(5000)]));
    expect(text).toContain("(cat /var/run/ready): cat: /var/run/ready: No such file or directory");
  });

  it("is no probe that failed before the container last started", () => {
    expect(textsOf([pod({ startedMs: 9000 })], present([unhealthy(5000)]))).toEqual([]);
  });
});
