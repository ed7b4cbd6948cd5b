import { describe, expect, test } from "vitest";
import { read, readJson, start } from "./clusters.ts";

const log = (suffix: string, query: string): string =>
  `/api/v1/namespaces/shop/pods/cart-7d9c5b6f4-${suffix}/log?${query}`;
const textOf = async (suffix: string, query: string): Promise<string> =>
  (await read(await start(), log(suffix, query))).text;

const [one, two, three] = [
  "2026-11-18T10:00:00.000000001Z one\n",
  "2026-11-18T10:20:00.000000002Z two\n",
  "2026-11-18T10:29:59.123456789Z three\n",
];

describe("a log saved with the kubelet's timestamps", () => {
  test.each([
    ["", "one\ntwo\nthree\n"],
    ["&timestamps=true", `${one}${two}${three}`],
    ["&tailLines=1", "three\n"],
    ["&tailLines=0", ""],
    ["&tailLines=9", "one\ntwo\nthree\n"],
    ["&limitBytes=5", "one\nt"],
    ["&sinceSeconds=600", "two\nthree\n"],
    ["&sinceSeconds=599", "three\n"],
    ["&sinceTime=2026-11-18T10:20:00Z", "two\nthree\n"],
    ["&sinceTime=2026-11-18T10:20:01%2B00:00&timestamps=1", three],
    ["&sinceSeconds=600&tailLines=1&timestamps=true&limitBytes=10", three?.slice(0, 10)],
  ])("%s", async (query, expected) => {
    expect(await textOf("ccccc", `container=sidecar${query}`)).toBe(expected);
  });
});

describe("a log saved without timestamps", () => {
  test("comes byte for byte", async () => {
    expect(await textOf("bbbbb", "container=app")).toBe("second life\n");
  });
  test("is cut by the times its lines tell", async () => {
    expect(await textOf("aaaaa", "container=app&sinceSeconds=1200")).toBe(
      "2026-11-18T10:10:00Z listening on 8080\n2026-11-18T10:29:30Z GET /cart 200\n",
    );
  });
  test("gets timestamps of nine digits", async () => {
    expect(await textOf("aaaaa", "container=app&tailLines=1&timestamps=true")).toBe(
      "2026-11-18T10:29:30.000000000Z 2026-11-18T10:29:30Z GET /cart 200\n",
    );
  });
});

describe("what cannot be shown", () => {
  test("the previous container's log, and where there was none", async () => {
    const cluster = await start();
    expect((await read(cluster, log("bbbbb", "container=app&previous=true"))).text).toMatch(/ killed\n$/);
    expect(await readJson(cluster, log("aaaaa", "container=app&previous=true"))).toMatchObject({
      code: 400,
      message: 'previous terminated container "app" in pod "cart-7d9c5b6f4-aaaaa" not found',
    });
  });

  test.each([
    [
      "aaaaa",
      "",
      400,
      "a container name must be specified for pod cart-7d9c5b6f4-aaaaa, choose one of: [app sidecar]",
    ],
    ["aaaaa", "container=nginx", 400, "container nginx is not valid for pod cart-7d9c5b6f4-aaaaa"],
    ["zzzzz", "container=app", 404, 'pods "cart-7d9c5b6f4-zzzzz" not found'],
    [
      "ccccc",
      "container=app",
      400,
      'container "app" in pod "cart-7d9c5b6f4-ccccc" is waiting to start: CrashLoopBackOff',
    ],
    [
      "aaaaa",
      "container=sidecar",
      500,
      'Internal error occurred: the log of container "sidecar" in pod "cart-7d9c5b6f4-aaaaa" is not in the evidence',
    ],
  ])("%s?%s is %i", async (suffix, query, code, message) => {
    expect(await readJson(await start(), log(suffix, query))).toMatchObject({ code, message });
  });

  test.each([
    ["tailLines=-1", 422],
    ["limitBytes=0", 422],
    ["sinceSeconds=0", 422],
    ["sinceSeconds=5&sinceTime=2026-11-18T10:20:00Z", 422],
    ["sinceTime=yesterday", 400],
    ["tailLines=many", 400],
  ])("%s is refused with %i", async (query, code) => {
    expect((await read(await start(), log("aaaaa", `container=app&${query}`))).code).toBe(code);
  });

  test("a missing log is no bytes when the server is told so", async () => {
    const cluster = await start({ missingLogs: "empty" });
    expect(await read(cluster, log("aaaaa", "container=sidecar"))).toMatchObject({ code: 200, text: "" });
  });

  test("a followed log stays open until the server closes it", async () => {
    const cluster = await start();
    const following = read(cluster, log("bbbbb", "container=app&follow=true"));
    await expect.poll(() => cluster.requests[0]?.bytes).toBe("second life\n".length);
    await cluster.close();
    expect(await following).toMatchObject({ text: "second life\n", complete: false });
  });
});
