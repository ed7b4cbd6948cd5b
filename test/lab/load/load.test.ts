import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { seededRandom } from "../../../lab/faults/random.ts";
import { missingForNginx } from "../../../lab/gateways/nginx/requirements.ts";
import { arrivalsOf } from "../../../lab/load/arrivals.ts";
import { plannedRequests } from "../../../lab/load/planned-request.ts";
import { tallyOf, tallyTable } from "../../../lab/load/tally.ts";
import type { Traffic, TriedRequest } from "../../../lab/load/tried-request.ts";
import { lacks } from "../../support/programs.ts";
import { inside, needed } from "../network/inside.ts";

const stage = fileURLToPath(new URL("load-stage.ts", import.meta.url));
const cannot = missingForNginx() !== undefined || lacks("the load", ...needed);

const traffic: Traffic = {
  host: "shop.example.com",
  paths: [
    { path: "/cart", method: "GET", weight: 3 },
    { path: "/order", method: "POST", weight: 1, bodyBytes: 10 },
  ],
  perSecond: 100,
  clients: ["198.51.100.1", "198.51.100.2"],
};

const until = (endMs: number, of: Traffic, seed = 7): number[] => {
  const seen: number[] = [];
  for (const atMs of arrivalsOf(of, seededRandom(seed))) {
    if (atMs >= endMs) break;
    seen.push(atMs);
  }
  return seen;
};

describe("arrivals", () => {
  it("come at the rate, by the seed", () => {
    const seen = until(60_000, traffic);
    // Six thousand expected; five standard deviations are 387.
    expect(Math.abs(seen.length - 6000)).toBeLessThan(387);
    expect(until(1000, traffic)).toEqual(until(1000, traffic));
    expect(until(1000, traffic)).not.toEqual(until(1000, traffic, 8));
  });

  it("are evenly spaced when they are to be", () => {
    expect(until(45, { ...traffic, arrivals: "constant" })).toEqual([10, 20, 30, 40]);
  });

  it("follow a rate that changes, and pause where it is nothing", () => {
    const shape = [
      { fromMs: 100, factor: 0 },
      { fromMs: 200, factor: 2 },
    ];
    const seen = until(231, { ...traffic, arrivals: "constant", shape });
    expect(seen.map((ms) => Math.round(ms))).toEqual([
      10, 20, 30, 40, 50, 60, 70, 80, 90, 200, 205, 210, 215, 220, 225, 230,
    ]);
    expect(until(Infinity, { ...traffic, shape: [{ fromMs: 100, factor: 0 }] }).at(-1)).toBeLessThan(100);
  });

  it("come after the gaps that are given", () => {
    expect(until(30, { ...traffic, gapsMs: [1, 9] })).toEqual([0, 1, 10, 11, 20, 21]);
  });
});

describe("planned requests", () => {
  it("have paths by weight, clients, and ids of their own", () => {
    const stream = plannedRequests({ ...traffic, freshShare: 1 }, seededRandom(3));
    const planned = Array.from({ length: 4000 }, () => stream.next().value!);
    const orders = planned.filter(({ path }) => path === "/order");
    expect(Math.abs(orders.length - 1000)).toBeLessThan(140);
    expect(orders[0]).toMatchObject({ method: "POST", bodyBytes: 10, isFresh: true, patienceMs: 75_000 });
    expect(new Set(planned.map(({ id }) => id)).size).toBe(4000);
    expect(planned.every(({ id }) => /^[0-9a-f]{32}$/.test(id))).toBe(true);
    expect(new Set(planned.map(({ client }) => client))).toEqual(new Set(traffic.clients));
  });
});

const tried = (more: Partial<TriedRequest>): TriedRequest => ({
  id: "x",
  method: "GET",
  host: "shop.example.com",
  path: "/",
  client: "198.51.100.1",
  dueMs: 1000,
  startMs: 1002,
  endMs: 1010,
  ...more,
});

describe("the tally", () => {
  it("counts by status, class and error, from when requests were due", () => {
    const tally = tallyOf([
      tried({ status: 200 }),
      tried({ status: 200, endMs: 1030 }),
      tried({ status: 502 }),
      tried({ status: 200, error: "truncated" }),
      tried({ error: "timeout" }),
    ]);
    expect(tally.byClass).toEqual({ "2xx": 3, "5xx": 1, none: 1 });
    expect(tally.outcomes.map(({ outcome, requests }) => [outcome, requests])).toEqual([
      ["200", 2],
      ["200 truncated", 1],
      ["502", 1],
      ["timeout", 1],
    ]);
    expect(tally.outcomes[0]).toMatchObject({ medianMs: 10, p99Ms: 30 });
    expect(tally.lateness).toEqual({ p50Ms: 2, p99Ms: 2, maxMs: 2 });
    expect(tallyTable(tally).split("\n")[1]).toBe("200                   2  40.0 %         10      30");
  });

  it("of nothing is empty", () => {
    expect(tallyOf([])).toMatchObject({ requests: 0, byClass: {}, outcomes: [] });
  });
});

describe.skipIf(cannot)("a load through a gateway", () => {
  it("comes from the clients' addresses and tells what became of each request", () => {
    const seen = inside<{ byPath: unknown; unnamed: number; wrongClient: number }>(stage, "outcomes");
    expect(seen).toEqual({
      byPath: {
        "/cart": [["200", 39]],
        "/cart/slow": [["timeout", 39]],
        "/cart/cut": [["200 truncated", 39]],
        "/nowhere": [["404", 39]],
      },
      unnamed: 0,
      wrongClient: 0,
    });
  });
});
