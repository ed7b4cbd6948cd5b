import { StatusError } from "../../../lab/api-server/status.ts";
import type { KubeObject } from "../../../lab/api-server/stored-object.ts";
import { openStore } from "../../../lab/api-server/store.ts";
import { openWrites } from "../../../lab/api-server/writes/open-writes.ts";

/** Writes on a store with the namespace "default". */
export function open() {
  const store = openStore({
    collectedAt: "2026-11-18T10:30:00Z",
    source: { kind: "cluster", name: "lab" },
    objects: { namespaces: [{ metadata: { name: "default" } }] },
    coverage: [],
    logs: [],
    losses: [],
  });
  return { store, writes: openWrites(store) };
}

/** What a write is refused with. */
export function refusal(write: () => unknown): { code: number; message: string } {
  try {
    write();
  } catch (error) {
    if (error instanceof StatusError) return error.status;
    throw error;
  }
  throw new Error("nothing was refused");
}

export type Spec = Record<string, unknown>;
export const named = (name: string, spec: Spec): KubeObject => ({ metadata: { name }, spec });
export const container = (more: Spec = {}): Spec => ({ name: "app", image: "shop:1", ...more });
export const pod = (more: Spec = {}, spec: Spec = {}): KubeObject =>
  named("p", { containers: [container(more)], ...spec });
export const service = (spec: Spec): KubeObject => named("s", { selector: { app: "web" }, ...spec });
