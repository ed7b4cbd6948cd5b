import { describe, expect, test } from "vitest";
import type { Evidence } from "../../src/evidence/evidence.ts";
import { namesOf, read, readJson, start } from "./clusters.ts";
import { shop } from "./shop.ts";
import { shopPods } from "./shop-pods.ts";

const podCount = 20_000;
const appCount = 400;

function manyPods(): Evidence {
  const pods = Array.from({ length: podCount }, (_, n) => {
    const template = shopPods[n % shopPods.length];
    const metadata = {
      ...template?.metadata,
      name: `app-${n % appCount}-${String(n).padStart(5, "0")}`,
      namespace: `team-${n % 40}`,
      labels: { app: `app-${n % appCount}` },
      resourceVersion: String(n + 1),
    };
    return { ...template, metadata };
  });
  return { ...shop, objects: { ...shop.objects, pods } };
}

async function medianMs(action: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let n = 0; n < 3; n += 1) {
    const startedMs = performance.now();
    await action();
    times.push(performance.now() - startedMs);
  }
  return times.sort((a, b) => a - b)[1] ?? Infinity;
}

describe(`${podCount} pods`, () => {
  test("a route's few pods cost a small part of the whole list, wherever one asks", async () => {
    const cluster = await start({}, manyPods());
    const selected = "/api/v1/pods?labelSelector=app%3Dapp-7";
    const within = "/api/v1/namespaces/team-7/pods?labelSelector=app%3Dapp-7";
    expect(namesOf(await readJson(cluster, selected))).toHaveLength(podCount / appCount);
    expect(namesOf(await readJson(cluster, within))).toHaveLength(podCount / appCount);
    // Against the whole list of the same run, so that a busy machine changes both.
    const wholeMs = await medianMs(() => read(cluster, "/api/v1/pods"));
    expect(await medianMs(() => read(cluster, selected))).toBeLessThan(wholeMs / 5);
    expect(await medianMs(() => read(cluster, within))).toBeLessThan(wholeMs / 10);
  });

  test("pages of 500 hold every pod once", async () => {
    const cluster = await start({}, manyPods());
    const names: string[] = [];
    for (let token: string | undefined = ""; token !== undefined;) {
      const page = await readJson(cluster, `/api/v1/pods?limit=500&continue=${encodeURIComponent(token)}`);
      names.push(...namesOf(page));
      token = page.metadata.continue;
    }
    expect(new Set(names).size).toBe(podCount);
    expect(cluster.requests).toHaveLength(podCount / 500);
  });

  test("the whole list is sent as fast as it is read, and is whole", async () => {
    const cluster = await start({}, manyPods());
    const reply = await read(cluster, "/api/v1/pods");
    expect(reply.complete).toBe(true);
    expect((JSON.parse(reply.text) as { items: unknown[] }).items).toHaveLength(podCount);
  });
});
