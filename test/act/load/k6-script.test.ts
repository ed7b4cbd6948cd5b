import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { type K6Plan, k6Script } from "../../../src/act/load/k6-script.ts";

const folder = mkdtempSync(join(tmpdir(), "why5xx-k6-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** k6's modules as far as a script uses them; each tells what it was given. */
const stubs: Readonly<Record<string, string>> = {
  "index.js": "export const sleep = (s) => globalThis.seen.push(['sleep', s]);",
  "http.js": `export default {
    expectedStatuses: (range) => range,
    setResponseCallback: (callback) => globalThis.seen.push(['expected', callback]),
    request: (...given) => { globalThis.seen.push(['request', ...given]); return { status: 503 }; },
  };`,
  "metrics.js": `export class Counter {
    constructor(name) { this.name = name; }
    add(n) { globalThis.seen.push(['add', this.name, n]); }
  }`,
};
const modules = join(folder, "node_modules", "k6");
mkdirSync(modules, { recursive: true });
for (const [name, text] of Object.entries(stubs)) writeFileSync(join(modules, name), text);
writeFileSync(
  join(modules, "package.json"),
  JSON.stringify({
    name: "k6",
    type: "module",
    exports: { ".": "./index.js", "./http": "./http.js", "./metrics": "./metrics.js" },
  }),
);

interface Ran {
  readonly options: {
    readonly scenarios: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
    readonly thresholds: unknown;
    readonly hosts?: unknown;
  };
  readonly seen: readonly (readonly unknown[])[];
}

/** Runs every function that a scenario names, as k6 would call it. */
function ran(plan: Partial<K6Plan> & { readonly shot?: K6Plan["shot"] } = {}): Ran {
  const script = k6Script({
    shot: { method: "GET", url: new URL("https://shop.example.com/cart?a=1"), isInsecure: false },
    perSecond: 20,
    forMs: 60_000,
    answerMs: 75_000,
    restsMs: [],
    limits: { failed: { most: 0, isShare: false } },
    ...plan,
  });
  writeFileSync(join(folder, "script.mjs"), script);
  writeFileSync(
    join(folder, "run.mjs"),
    `globalThis.seen = [];
    const script = await import("./script.mjs");
    for (const { exec = "default" } of Object.values(script.options.scenarios)) script[exec]();
    console.log(JSON.stringify({ options: script.options, seen: globalThis.seen }));`,
  );
  const { stdout, stderr } = spawnSync(process.execPath, ["run.mjs"], { cwd: folder, encoding: "utf8" });
  expect(stderr).toBe("");
  return JSON.parse(stdout) as Ran;
}

describe("the script for k6", () => {
  test("sends the request at the same pace, and counts what failed", () => {
    const { options, seen } = ran();
    expect(options.scenarios["steady"]).toMatchObject({
      executor: "constant-arrival-rate",
      rate: 20,
      timeUnit: "1s",
      duration: "60s",
    });
    expect(options.thresholds).toEqual({ failed: ["count<=0"] });
    expect(seen).toEqual([
      ["expected", { min: 100, max: 499 }],
      [
        "request",
        "GET",
        "https://shop.example.com/cart?a=1",
        null,
        {
          headers: { "X-Request-ID": expect.stringMatching(/^[0-9a-f]{32}$/) as string },
          timeout: "75s",
          redirects: 0,
        },
      ],
      ["add", "failed", 1],
    ]);
  });

  test("has a scenario for each time that connections rest", () => {
    const { options, seen } = ran({ restsMs: [500, 60_000] });
    expect(Object.keys(options.scenarios)).toEqual(["steady", "rest500ms", "rest60000ms"]);
    expect(seen.filter(([what]) => what === "sleep")).toEqual([
      ["sleep", 0.5],
      ["sleep", 60],
    ]);
  });

  test.each([
    [0.5, 5, "10s"],
    [0.125, 125, "1000s"],
    [2.25, 225, "100s"],
  ])("%f a second are whole numbers", (perSecond, rate, timeUnit) => {
    expect(ran({ perSecond }).options.scenarios["steady"]).toMatchObject({ rate, timeUnit });
  });

  test("limits become thresholds", () => {
    const limits = { failed: { most: 0.001, isShare: true }, p99: { mostMs: 800 } };
    expect(ran({ limits }).options.thresholds).toEqual({
      http_req_failed: ["rate<=0.001"],
      http_req_duration: ["p(99)<=800"],
    });
  });

  const url = new URL("http://shop.example.com/cart");
  test("an address to connect to becomes a host's", () => {
    const shot = { method: "GET", url, isInsecure: false, connectTo: { host: "fd00::1", port: 8080 } };
    expect(ran({ shot }).options.hosts).toEqual({ "shop.example.com:80": "[fd00::1]:8080" });
  });

  test("a name to connect to becomes the URL's, with the Host header of the asked", () => {
    const shot = { method: "GET", url, isInsecure: false, connectTo: { host: "gw.test", port: 81 } };
    const { seen, options } = ran({ shot });
    expect(options.hosts).toBeUndefined();
    expect(seen[1]?.slice(0, 3)).toEqual(["request", "GET", "http://gw.test:81/cart"]);
    expect(seen[1]?.[4]).toMatchObject({ headers: { Host: "shop.example.com" } });
  });

  test("what was typed stays text", () => {
    const headers = { "X-Odd": '"}); process.exit(7); //`${1}`' };
    const during = { text: "rollout restart\n;process.exit(8)" };
    const { seen } = ran({ shot: { method: "GET", url, isInsecure: false, headers }, during });
    expect(seen[1]?.[4]).toMatchObject({ headers });
  });
});
