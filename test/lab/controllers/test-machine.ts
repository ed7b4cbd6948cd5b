import { expect, vi } from "vitest";
import type { Evidence } from "../../../src/evidence/evidence.ts";
import { openStore } from "../../../lab/api-server/store.ts";
import type { StoredResource } from "../../../lab/api-server/stored-kinds.ts";
import type { EventText, Machine, Stop } from "../../../lab/machine/machine.ts";
import type { Writes } from "../../../lab/api-server/writes.ts";
import { openWrites } from "../../../lab/api-server/writes/open-writes.ts";
import type { KubeObject } from "../../../lab/api-server/stored-object.ts";

/** Called before an object is created; may throw a StatusError, as quotas do. */
export type Admission = (resource: StoredResource, object: KubeObject) => void;

export interface TestMachine extends Machine {
  /** Events in the order they were recorded. */
  readonly events: readonly (EventText & { readonly component: string; readonly about: string })[];
  create(resource: StoredResource, object: object): void;
  /** Merges a patch into an object of namespace "shop", or of none. */
  patch(resource: StoredResource, name: string, body: object): void;
  setStatus(resource: StoredResource, name: string, status: object): void;
}

const empty: Evidence = {
  collectedAt: "2026-11-24T10:00:00Z",
  source: { kind: "cluster", name: "lab" },
  objects: {},
  coverage: [],
  logs: [],
  losses: [],
};

const absent = (): never => {
  throw new Error("not in this test");
};

/** A store and its writes on vitest's clock; nothing runs and nothing listens. Call `vi.useFakeTimers()` first. */
export function openTestMachine(admit?: Admission): TestMachine {
  const store = openStore(empty);
  const real = openWrites(store, Date.now);
  const writes: Writes = {
    ...real,
    create: (resource, object, options) => {
      admit?.(resource, object);
      return real.create(resource, object, options);
    },
  };
  writes.create("namespaces", { metadata: { name: "shop" } });
  const events: (EventText & { component: string; about: string })[] = [];
  const namespaceOf = (resource: StoredResource, name: string): string | undefined =>
    store.get(resource, name, "shop")?.namespace;
  return {
    folder: "",
    store,
    writes,
    network: {
      attach: absent,
      detach: absent,
      spawn: absent,
      cut: absent,
      isolate: absent,
      close: absent,
    } as never,
    programOf: () => undefined,
    nowMs: Date.now,
    event: (component, about, text) =>
      void events.push({ ...text, component, about: `${about.kind}/${about.metadata?.name}` }),
    events,
    create: (resource, object) => {
      const { name = "", namespace } = writes.create(resource, object as KubeObject).metadata ?? {};
      // As a client would have to: what creates an object does not set its status.
      const { status } = object as { readonly status?: Record<string, unknown> };
      if (status === undefined) return;
      writes.updateStatus(resource, name, namespace, (before) => ({ ...before, ...status }));
    },
    patch: (resource, name, body) =>
      void writes.patch(resource, name, namespaceOf(resource, name), { type: "merge", body }),
    setStatus: (resource, name, status) =>
      void writes.updateStatus(resource, name, namespaceOf(resource, name), (before) => ({
        ...before,
        ...status,
      })),
  };
}

/** Runs controllers for as long as `body` takes, on a clock that only `pass` moves. A controller that broke fails the test. */
export async function whileRunning(
  machine: TestMachine,
  starts: readonly ((machine: Machine) => Stop)[],
  body: () => Promise<void>,
): Promise<void> {
  const warned = vi.spyOn(process, "emitWarning").mockImplementation(() => {});
  const stops = starts.map((start) => start(machine));
  try {
    await body();
    expect(warned.mock.calls).toEqual([]);
  } finally {
    await Promise.all(stops.map((stop) => stop()));
    warned.mockRestore();
  }
}

/** Lets time go by, and everything that is due in it happen. */
export const pass = (ms: number): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);
