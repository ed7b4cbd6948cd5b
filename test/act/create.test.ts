import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { makeChange, tryChange } from "../../src/act/apply-change.ts";
import { entryToUndo } from "../../src/act/journal.ts";
import { makeUndo, tryUndo } from "../../src/act/undo-change.ts";
import { type Connection, connect } from "../../src/gather/cluster/connection.ts";
import { startWritable, type WritableCluster } from "../lab/api-writes/clusters.ts";

const object = { kind: "Service", namespace: "shop", name: "cart" };
const body = {
  apiVersion: "v1",
  kind: "Service",
  metadata: { name: "cart", namespace: "shop" },
  spec: { selector: { app: "cart" }, ports: [{ name: "http", port: 80, targetPort: "http" }] },
};
const patch = { object, type: "create", body };
const about = { target: "shop.example.com/", cause: "service-missing", title: "Make it" };

let cluster: WritableCluster;
let connection: Connection;
let state: string;
beforeEach(async () => {
  state = mkdtempSync(join(tmpdir(), "why5xx-state-"));
  process.env["XDG_STATE_HOME"] = state;
  cluster = await startWritable();
  cluster.writes.create("namespaces", { apiVersion: "v1", kind: "Namespace", metadata: { name: "shop" } });
  connection = await connect({ kubeconfig: cluster.kubeconfigPath });
});
afterEach(() => {
  connection.agent.destroy();
  delete process.env["XDG_STATE_HOME"];
  rmSync(state, { recursive: true, force: true });
});

const there = () => cluster.store.get("services", "cart", "shop")?.object;
const made = async () =>
  makeChange(connection, await tryChange(connection, patch, undefined), about, new Date(0));
const undone = async () => {
  const entry = entryToUndo(connection.server.href, undefined);
  await makeUndo(connection, await tryUndo(connection, entry), entry);
};
const changed = (change: object): void =>
  void cluster.writes.patch("services", "cart", "shop", { type: "merge", body: change });

test("a new object is tried first, shown as it would be, made, and taken away again", async () => {
  const tried = await tryChange(connection, patch, undefined);
  expect(there()).toBeUndefined();
  expect(tried.diff.filter((line) => line.startsWith("-") && !line.startsWith("---"))).toEqual([]);
  expect(tried.diff).toContain("+    app: cart");
  const entry = await makeChange(connection, tried, about, new Date(0));
  expect(there()).toMatchObject({ spec: { ports: [{ port: 80, targetPort: "http" }] } });
  expect(entry).toMatchObject({ state: "applied", uid: there()?.metadata?.uid });
  await undone();
  expect(there()).toBeUndefined();
  expect(() => entryToUndo(connection.server.href, undefined)).toThrow(/is left to undo/);
});

test("one that somebody made meanwhile is left alone", async () => {
  const tried = await tryChange(connection, patch, undefined);
  cluster.writes.create("services", body);
  await expect(makeChange(connection, tried, about, new Date(0))).rejects.toThrow(/already exists/);
  expect(() => entryToUndo(connection.server.href, undefined)).toThrow(/^No change made by why5xx/);
  await expect(tryChange(connection, patch, undefined)).rejects.toThrow(
    "Service shop/cart was made by somebody else since it was diagnosed as missing",
  );
});

test("one that somebody has changed since is not taken away, unless beside what was made", async () => {
  await made();
  changed({ spec: { selector: { app: "basket" } } });
  await expect(undone()).rejects.toThrow("Not undone: somebody has changed the same of Service shop/cart");
  changed({ spec: { selector: { app: "cart" } }, metadata: { labels: { team: "web" } } });
  await undone();
  expect(there()).toBeUndefined();
});

test("one that is gone is nothing to take back", async () => {
  await made();
  cluster.writes.remove("services", "cart", "shop");
  await expect(undone()).rejects.toThrow("Nothing to take back: Service shop/cart is as it was before ");
});

test("what the API server refuses of it is told, with the right that is lacking", async () => {
  const bad = { ...patch, body: { ...body, spec: { ports: [{ port: 99_999 }] } } };
  await expect(tryChange(connection, bad, undefined)).rejects.toThrow(
    /refused to try to create Service shop\/cart \(422\)/,
  );
});
