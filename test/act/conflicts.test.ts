import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { makeChange, tryChange } from "../../src/act/apply-change.ts";
import { entryToUndo } from "../../src/act/journal.ts";
import { type Connection, connect } from "../../src/gather/cluster/connection.ts";
import type { KubeObject } from "../../lab/api-server/stored-object.ts";
import { startWritable, type WritableCluster } from "../lab/api-writes/clusters.ts";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const object = { kind: "Service", namespace: "shop", name: "cart" };
const service: KubeObject = {
  apiVersion: "v1",
  kind: "Service",
  metadata: { name: "cart", namespace: "shop" },
  spec: { selector: { app: "cart" }, ports: [{ name: "http", port: 80, targetPort: 8081 }] },
};
const patch = {
  object,
  type: "json",
  body: [{ op: "replace", path: "/spec/ports/0/targetPort", value: 8080 }],
};
const about = { target: "shop.example.com/", cause: "wrong-target-port-number", title: "Set it" };

let cluster: WritableCluster;
let connection: Connection;
let state: string;
beforeEach(async () => {
  state = mkdtempSync(join(tmpdir(), "why5xx-state-"));
  process.env["XDG_STATE_HOME"] = state;
  cluster = await startWritable();
  cluster.writes.create("namespaces", { apiVersion: "v1", kind: "Namespace", metadata: { name: "shop" } });
  cluster.writes.create("services", service);
  connection = await connect({ kubeconfig: cluster.kubeconfigPath });
});
afterEach(() => {
  connection.agent.destroy();
  delete process.env["XDG_STATE_HOME"];
  rmSync(state, { recursive: true, force: true });
});

const labelled = (value: string): void =>
  void cluster.writes.patch("services", "cart", "shop", {
    type: "merge",
    body: { metadata: { labels: { owner: value } } },
  });

function targetPort(): unknown {
  const { spec } = cluster.store.get("services", "cart", "shop")!.object as unknown as {
    spec: { ports: { targetPort: unknown }[] };
  };
  return spec.ports[0]?.targetPort;
}

describe.each([
  ["json", patch],
  ["merge", { object, type: "merge", body: { spec: { selector: { app: "basket" } } } }],
  ["strategic", { object, type: "strategic", body: { spec: { ports: [{ port: 80, targetPort: 8080 }] } } }],
])("a %s patch", (_, given) => {
  test("of an object that somebody changes between the dry run and the write is a conflict", async () => {
    const tried = await tryChange(connection, given, undefined);
    labelled("somebody");
    await expect(makeChange(connection, tried, about, new Date(0))).rejects.toThrow(
      /^Service shop\/cart was changed by somebody else in this moment, and nothing was written: .*\nLook at it, then run the same again: kubectl get service cart -n shop -o yaml/,
    );
    expect(targetPort()).toBe(8081);
    // What was refused is nothing to take back.
    expect(() => entryToUndo(connection.server.href, undefined)).toThrow(/^No change made by why5xx/);
  });

  test("of an object whose status alone changes meanwhile is made", async () => {
    const tried = await tryChange(connection, given, undefined);
    cluster.writes.patch("services", "cart", "shop", {
      type: "merge",
      body: { status: { loadBalancer: { ingress: [{ ip: "192.0.2.7" }] } } },
    });
    const { id } = await makeChange(connection, tried, about, new Date(0));
    expect(entryToUndo(connection.server.href, undefined)).toMatchObject({ id, state: "applied" });
  });

  test("is tried without being stored", async () => {
    const tried = await tryChange(connection, given, undefined);
    expect(tried.made).toHaveLength(1);
    expect(targetPort()).toBe(8081);
  });
});

test("an object that was changed since it was diagnosed is left alone", async () => {
  const diagnosed = structuredClone(cluster.store.get("services", "cart", "shop")!.object);
  labelled("somebody");
  await expect(tryChange(connection, patch, diagnosed)).rejects.toThrow(
    "Service shop/cart was changed by somebody else since it was diagnosed, and nothing was written.",
  );
});

test("what the API server finds wrong is told in its own words", async () => {
  const wrong = { ...patch, body: [{ op: "replace", path: "/spec/ports/0/targetPort", value: 99_999 }] };
  await expect(tryChange(connection, wrong, undefined)).rejects.toThrow(
    /refused to try a change of Service shop\/cart \(422\)/,
  );
});

test("a change whose state before cannot be kept is not made", async () => {
  const tried = await tryChange(connection, patch, undefined);
  process.env["XDG_STATE_HOME"] = "/dev/null";
  await expect(makeChange(connection, tried, about, new Date(0))).rejects.toThrow(
    /could not be kept in .*, so nothing was changed/,
  );
  expect(targetPort()).toBe(8081);
});

test("names that no object can have go into no request", async () => {
  const hostile = { ...patch, object: { ...object, name: "../../secrets/x" } };
  await expect(tryChange(connection, hostile, undefined)).rejects.toThrow(
    /is no name of a Kubernetes object/,
  );
  expect(cluster.requests).toEqual([]);
});
