import { describe, expect, test } from "vitest";
import { readEvents, readJson, start } from "./clusters.ts";

const pods = "/api/v1/namespaces/shop/pods";
const pod = (name: string, labels: Record<string, string>) => ({
  metadata: { name, namespace: "shop", labels },
});

describe("watch", () => {
  test("without a resourceVersion: the state, then a clean end at timeoutSeconds", async () => {
    const cluster = await start();
    const startedMs = performance.now();
    const events = await readEvents(
      cluster,
      `${pods}?watch=true&timeoutSeconds=1&labelSelector=tier%3Dcanary`,
    );
    expect(performance.now() - startedMs).toBeGreaterThan(900);
    expect(events.map((e) => [e.type, e.object.kind, e.object.metadata.name])).toEqual([
      ["ADDED", "Pod", "cart-7d9c5b6f4-ccccc"],
    ]);
  });

  test("from a list's resourceVersion: only what changes after it", async () => {
    const cluster = await start();
    const { metadata } = await readJson(cluster, pods);
    cluster.store.put("pods", pod("late", {}));
    const watching = readEvents(
      cluster,
      `${pods}?watch=1&timeoutSeconds=4&resourceVersion=${metadata.resourceVersion}`,
    );
    await expect.poll(() => cluster.requests.at(-1)?.bytes).toBeGreaterThan(0);
    cluster.store.put("pods", pod("late", { seen: "twice" }));
    cluster.store.put("services", pod("other", {}));
    cluster.store.put("pods", { metadata: { name: "elsewhere", namespace: "kube-system" } });
    cluster.store.remove("pods", "late", "shop");
    const events = await watching;
    expect(events.map((e) => e.type)).toEqual(["ADDED", "MODIFIED", "DELETED"]);
    const revisions = events.map((e) => Number(e.object.metadata.resourceVersion));
    expect(revisions).toEqual([...revisions].sort((a, b) => a - b));
  });

  test("an object that ceases to match a selector is deleted for its watcher, one that begins is added", async () => {
    const cluster = await start();
    const { metadata } = await readJson(cluster, pods);
    cluster.store.put("pods", pod("p", { app: "x" }));
    cluster.store.put("pods", pod("p", { app: "y" }));
    cluster.store.put("pods", pod("p", { app: "x" }));
    const events = await readEvents(
      cluster,
      `${pods}?watch=1&timeoutSeconds=1&labelSelector=app%3Dx&resourceVersion=${metadata.resourceVersion}`,
    );
    expect(events.map((e) => e.type)).toEqual(["ADDED", "DELETED", "ADDED"]);
  });

  test("bookmarks come only when asked for; the last one is where the client stands", async () => {
    const cluster = await start();
    const { metadata } = await readJson(cluster, pods);
    const from = `watch=1&timeoutSeconds=1&resourceVersion=${metadata.resourceVersion}`;
    expect(await readEvents(cluster, `${pods}?${from}`)).toEqual([]);
    const marked = await readEvents(cluster, `${pods}?${from}&allowWatchBookmarks=true`);
    expect(marked.at(-1)).toMatchObject({
      type: "BOOKMARK",
      object: { kind: "Pod", metadata: { resourceVersion: metadata.resourceVersion } },
    });
  });

  test("a streamed list ends its initial events with an annotated bookmark", async () => {
    const cluster = await start();
    const events = await readEvents(
      cluster,
      `${pods}?watch=1&timeoutSeconds=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true`,
    );
    expect(events.map((e) => e.type).slice(0, 4)).toEqual(["ADDED", "ADDED", "ADDED", "BOOKMARK"]);
    expect(events[3]?.object.metadata).toMatchObject({
      annotations: { "k8s.io/initial-events-end": "true" },
    });
  });

  test("too old a resourceVersion is told inside the stream as 410", async () => {
    const cluster = await start();
    const events = await readEvents(cluster, `${pods}?watch=1&resourceVersion=5`);
    expect(events).toMatchObject([
      { type: "ERROR", object: { kind: "Status", code: 410, reason: "Expired" } },
    ]);
  });

  test("more changes than are remembered are 410 too, never a gap", async () => {
    const cluster = await start();
    const { metadata } = await readJson(cluster, pods);
    for (let n = 0; n <= 1000; n += 1) cluster.store.put("pods", pod("busy", { n: String(n) }));
    const events = await readEvents(cluster, `${pods}?watch=1&resourceVersion=${metadata.resourceVersion}`);
    expect(events.map((e) => e.type)).toEqual(["ERROR"]);
  });
});
