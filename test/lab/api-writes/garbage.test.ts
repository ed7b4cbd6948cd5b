import { describe, expect, test } from "vitest";
import type { KubeObject } from "../../../lab/api-server/stored-object.ts";
import { open, refusal } from "./open-store.ts";

const owned = (name: string, kind: string, owner: KubeObject, more: object = {}): KubeObject => ({
  metadata: {
    name,
    ownerReferences: [
      { apiVersion: "v1", kind, name: owner.metadata?.name ?? "", uid: owner.metadata?.uid ?? "", ...more },
    ],
  },
});

describe("garbage", () => {
  test("dependents go after their owner, down the line; those with another owner stay", async () => {
    const { store, writes } = open();
    const top = writes.create("configmaps", { metadata: { name: "top" } });
    const other = writes.create("configmaps", { metadata: { name: "other" } });
    const middle = writes.create("configmaps", owned("middle", "ConfigMap", top));
    writes.create("configmaps", owned("leaf", "ConfigMap", middle));
    const shared = owned("shared", "ConfigMap", top);
    shared.metadata?.ownerReferences?.push(
      ...(owned("", "ConfigMap", other).metadata?.ownerReferences ?? []),
    );
    writes.create("configmaps", shared);
    writes.remove("configmaps", "top", "default");
    // Never inside the write itself.
    expect(store.list("configmaps")).toHaveLength(4);
    await expect.poll(() => store.list("configmaps").map((c) => c.name)).toEqual(["other", "shared"]);
    expect(store.get("configmaps", "shared", "default")?.object.metadata?.ownerReferences).toHaveLength(1);
    writes.stop();
  });

  test("foreground: the owner goes last", async () => {
    const { store, writes } = open();
    const gone: string[] = [];
    store.subscribe(({ type, object }) => type === "DELETED" && gone.push(object.name));
    const top = writes.create("configmaps", { metadata: { name: "top" } });
    writes.create("configmaps", owned("leaf", "ConfigMap", top, { blockOwnerDeletion: true }));
    const marked = writes.remove("configmaps", "top", "default", { propagationPolicy: "Foreground" });
    expect(marked?.metadata).toMatchObject({
      finalizers: ["foregroundDeletion"],
      deletionTimestamp: expect.any(String),
    });
    await expect.poll(() => gone).toEqual(["leaf", "top"]);
    writes.stop();
  });

  test("orphan: dependents lose the reference and stay", async () => {
    const { store, writes } = open();
    const top = writes.create("configmaps", { metadata: { name: "top" } });
    writes.create("configmaps", owned("leaf", "ConfigMap", top));
    writes.remove("configmaps", "top", "default", { propagationPolicy: "Orphan" });
    await expect.poll(() => store.list("configmaps").map((c) => c.name)).toEqual(["leaf"]);
    expect(store.get("configmaps", "leaf", "default")?.object.metadata?.ownerReferences ?? []).toEqual([]);
    writes.stop();
  });

  test("an object whose owner is not there goes; evidence that lacks owners stays", async () => {
    const { store, writes } = open();
    store.put("configmaps", owned("frozen", "ConfigMap", { metadata: { name: "x", uid: "unknown" } }));
    expect(store.list("configmaps")).toHaveLength(1);
    await expect.poll(() => store.list("configmaps")).toEqual([]);
    writes.stop();
  });

  test("a namespace takes its content along and refuses new", async () => {
    const { store, writes } = open();
    writes.create("namespaces", { metadata: { name: "shop" } });
    writes.create("configmaps", { metadata: { name: "a", namespace: "shop" } });
    writes.create("configmaps", { metadata: { name: "held", namespace: "shop", finalizers: ["lab/hold"] } });
    writes.remove("namespaces", "shop", undefined);
    const late = () => writes.create("configmaps", { metadata: { name: "b", namespace: "shop" } });
    expect(refusal(late).message).toContain("because it is being terminated");
    await expect.poll(() => store.list("configmaps", "shop").map((c) => c.name)).toEqual(["held"]);
    expect(store.get("namespaces", "shop")?.object["status"]).toEqual({ phase: "Terminating" });
    writes.patch("configmaps", "held", "shop", { type: "merge", body: { metadata: { finalizers: [] } } });
    await expect.poll(() => store.get("namespaces", "shop")).toBeUndefined();
    writes.stop();
  });
});
