import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import type { FaultAnswer } from "../../lab/api-server/faults.ts";
import { namesOf, read, readJson, start } from "./clusters.ts";

const pods = "/api/v1/namespaces/shop/pods";

describe("faults", () => {
  test.each([401, 403, 404, 410, 429, 500] as const)("%i comes as a Status", async (answer) => {
    const cluster = await start({ faults: [{ match: { resource: "pods" }, answer }] });
    const reply = await read(cluster, pods);
    expect(reply.code).toBe(answer);
    expect(JSON.parse(reply.text)).toMatchObject({ kind: "Status", status: "Failure", code: answer });
    expect(reply.headers["retry-after"]).toBe(answer === 429 ? "1" : undefined);
    expect(cluster.requests[0]?.code).toBe(answer);
  });

  test("hit only what they match, and only the nth of it", async () => {
    const match = { resource: "pods", namespace: "shop", verb: "list", nth: 2 };
    const cluster = await start({ faults: [{ match, answer: 500 }] });
    const codes: number[] = [];
    for (const path of [pods, "/api/v1/pods", `${pods}/cart-7d9c5b6f4-aaaaa`, pods, pods])
      codes.push((await read(cluster, path)).code);
    expect(codes).toEqual([200, 200, 200, 500, 200]);
  });

  test("a path matches what is no resource", async () => {
    const cluster = await start({ faults: [{ match: { path: "/version" }, answer: 403 }] });
    expect((await read(cluster, "/version")).code).toBe(403);
    expect((await read(cluster, "/api")).code).toBe(200);
  });

  test("cut: a whole answer as HTTP, half a list as JSON", async () => {
    const cluster = await start({ faults: [{ match: { resource: "pods" }, answer: "cut" }] });
    const reply = await read(cluster, pods);
    expect(reply).toMatchObject({ code: 200, complete: true });
    expect(reply.text).toMatch(/^\{"kind":"PodList"/);
    expect(() => JSON.parse(reply.text) as unknown).toThrow(SyntaxError);
    expect(cluster.requests[0]?.bytes).toBe(reply.text.length);
  });

  test("reset: the connection ends inside the answer", async () => {
    const cluster = await start({ faults: [{ match: { resource: "pods" }, answer: "reset" }] });
    const reply = await read(cluster, pods);
    expect(reply.complete).toBe(false);
    expect(reply.text.length).toBeGreaterThan(0);
  });

  test("hang: no answer for as long as the client waits", async () => {
    const cluster = await start({ faults: [{ match: { resource: "pods" }, answer: "hang" }] });
    const waiting = fetch(cluster.url + pods, { signal: AbortSignal.timeout(300) });
    await expect(waiting).rejects.toThrow(/timeout/i);
    expect(cluster.requests[0]?.code).toBe(0);
    expect((await read(cluster, "/api/v1/nodes")).code).toBe(200);
  });

  test("delay: the same answer, late", async () => {
    const answer: FaultAnswer = { delayMs: 200 };
    const cluster = await start({ faults: [{ match: { resource: "pods" }, answer }] });
    const startedMs = performance.now();
    expect(namesOf(await readJson(cluster, pods))).toHaveLength(3);
    expect(performance.now() - startedMs).toBeGreaterThan(190);
  });
});

describe("the request log", () => {
  test("counts the bytes of the wire and of the text", async () => {
    const cluster = await start();
    for (let n = 0; n < 100; n += 1)
      cluster.store.put("configmaps", {
        metadata: { name: `big-${n}`, namespace: "shop" },
        data: { text: "x".repeat(5000) },
      });
    const plain = await read(cluster, "/api/v1/configmaps");
    const zipped = await read(cluster, "/api/v1/configmaps", { "Accept-Encoding": "gzip" });
    expect(zipped.headers["content-encoding"]).toBe("gzip");
    expect(gunzipSync(Buffer.from(zipped.text, "latin1")).toString("latin1")).toBe(plain.text);
    const [first, second] = cluster.requests;
    expect([first?.bytes, first?.plainBytes]).toEqual([plain.text.length, plain.text.length]);
    expect([second?.bytes, second?.plainBytes]).toEqual([zipped.text.length, plain.text.length]);
    expect(zipped.text.length).toBeLessThan(plain.text.length / 10);
  });

  test("small answers are not compressed, as by a real API server", async () => {
    const reply = await read(await start(), pods, { "Accept-Encoding": "gzip" });
    expect(reply.headers["content-encoding"]).toBeUndefined();
  });

  test("names the verb, the resource and the place", async () => {
    const cluster = await start();
    await read(cluster, `${pods}/cart-7d9c5b6f4-bbbbb/log?container=app&tailLines=1`);
    await read(cluster, "/apis/apps/v1/deployments?limit=5");
    expect(cluster.requests).toMatchObject([
      { verb: "get", resource: "pods/log", namespace: "shop", name: "cart-7d9c5b6f4-bbbbb", code: 200 },
      { verb: "list", resource: "deployments", code: 200 },
    ]);
    expect(cluster.requests[1]?.query.get("limit")).toBe("5");
  });
});
