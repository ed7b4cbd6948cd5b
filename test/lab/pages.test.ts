import { describe, expect, test } from "vitest";
import type { ServedCluster } from "../../lab/api-server/serve.ts";
import { type Body, namesOf, readJson, start } from "./clusters.ts";

const pods = "/api/v1/namespaces/shop/pods";
const next = (page: Body): string => encodeURIComponent(page.metadata.continue ?? "");

async function allPages(cluster: ServedCluster, query: string): Promise<Body[]> {
  const pages = [await readJson(cluster, `${pods}?${query}`)];
  for (let last = pages[0]; last?.metadata.continue !== undefined; last = pages.at(-1))
    pages.push(await readJson(cluster, `${pods}?${query}&continue=${next(last)}`));
  return pages;
}

describe("lists in pages", () => {
  test("the pages hold every object once and say how many are left", async () => {
    const cluster = await start();
    const pages = await allPages(cluster, "limit=2");
    expect(pages.map(namesOf)).toEqual([
      ["cart-7d9c5b6f4-aaaaa", "cart-7d9c5b6f4-bbbbb"],
      ["cart-7d9c5b6f4-ccccc"],
    ]);
    expect(pages.map((p) => p.metadata.remainingItemCount)).toEqual([1, undefined]);
  });

  test("with a selector the rest is not counted, and no page is promised when nothing more matches", async () => {
    const cluster = await start();
    const first = await readJson(cluster, `${pods}?limit=1&labelSelector=tier%3Dstable`);
    expect(first.metadata.continue).toBeDefined();
    expect(first.metadata.remainingItemCount).toBeUndefined();
    const pages = await allPages(cluster, "limit=1&labelSelector=tier%3Dstable");
    expect(pages.map(namesOf)).toEqual([["cart-7d9c5b6f4-aaaaa"], ["cart-7d9c5b6f4-bbbbb"]]);
  });

  test("a later page shows the state of the first, whatever was written between them", async () => {
    const cluster = await start();
    const first = await readJson(cluster, `${pods}?limit=2`);
    cluster.store.remove("pods", "cart-7d9c5b6f4-ccccc", "shop");
    cluster.store.put("pods", { metadata: { name: "zzz", namespace: "shop" } });
    const second = await readJson(cluster, `${pods}?limit=2&continue=${next(first)}`);
    expect(namesOf(second)).toEqual(["cart-7d9c5b6f4-ccccc"]);
    expect(second.metadata.resourceVersion).toBe(first.metadata.resourceVersion);
    expect(namesOf(await readJson(cluster, pods))).toEqual([
      "cart-7d9c5b6f4-aaaaa",
      "cart-7d9c5b6f4-bbbbb",
      "zzz",
    ]);
  });

  test("an expired token is 410 with a token for the inconsistent rest", async () => {
    let nowMs = Date.parse("2026-11-18T10:30:00Z");
    const cluster = await start({ nowMs: () => nowMs, continueTokenTtlMs: 1000 });
    const first = await readJson(cluster, `${pods}?limit=2`);
    nowMs += 1001;
    const gone = await readJson(cluster, `${pods}?limit=2&continue=${next(first)}`);
    expect(gone).toMatchObject({ kind: "Status", code: 410, reason: "Expired" });
    const rest = await readJson(cluster, `${pods}?limit=2&continue=${next(gone)}`);
    expect(namesOf(rest)).toEqual(["cart-7d9c5b6f4-ccccc"]);
  });

  test.each(["continue=nonsense", "limit=-1", "limit=x", "continue=bnVsbA", "resourceVersion=x"])(
    "%s is 400",
    async (query) => {
      const cluster = await start();
      expect(await readJson(cluster, `${pods}?${query}`)).toMatchObject({ code: 400, reason: "BadRequest" });
    },
  );

  test("a resourceVersion the cluster has not reached is a timeout, as from a real one", async () => {
    const cluster = await start();
    const answer = await readJson(cluster, `${pods}?resourceVersion=999999`);
    expect(answer).toMatchObject({ code: 504, reason: "Timeout" });
  });
});
