import { describe, expect, test } from "vitest";
import { HeavyHitters } from "../../src/logs/scan/heavy-hitters.ts";
import { Tally } from "../../src/logs/scan/tally.ts";
import { binOf, binStartMs, shownBins } from "../../src/logs/scan/time-bins.ts";
import { scanGatewayLogs, trafficFor } from "../../src/logs/scan-gateway.ts";
import type { Traffic } from "../../src/logs/traffic.ts";
import { accessLine, collectedMs, failedLine, gatewayStream, scanText } from "./log-text.ts";

const total = (counts: readonly number[]): number => counts.reduce((sum, count) => sum + count, 0);

const minute = (m: number): string => `20/Nov/2026:14:0${m}:00 +0000`;
const word = (i: number): string => i.toString().replace(/\d/g, (d) => "abcdefghij".charAt(Number(d)));

/** Key i of the heavy ones comes 1,000 × i times, amid many that come once. */
function hittersOf(part: number): HeavyHitters {
  const hitters = new HeavyHitters();
  for (let i = 0; i < 20_000; i++) {
    hitters.addText(`rare ${part} ${i}`, 1);
    for (let key = 1; key <= 5; key++) if (i % 20 < key) hitters.addText(`heavy ${key}`, 1);
  }
  return hitters;
}

describe("the most frequent of many keys", () => {
  test("are all there, each at most as much too high as is said", () => {
    const whole = hittersOf(0);
    whole.merge(hittersOf(1).data());
    const { keys, counts, offset } = whole.data();
    expect(keys.length).toBeLessThan(1100);
    expect(offset).toBeLessThan(500);
    for (let key = 1; key <= 5; key++) {
      const at = keys.indexOf(`heavy ${key}`);
      const exact = 2000 * key;
      expect(counts[at]).toBeLessThanOrEqual(exact);
      expect(counts[at]! + offset).toBeGreaterThanOrEqual(exact);
    }
  });
});

describe("tallies", () => {
  test("put together by sum, least and greatest", () => {
    const one = new Tally("sum", "min", "max");
    const two = new Tally("sum", "min", "max");
    for (let i = 0; i < 1000; i++) {
      for (const tally of [one, two]) {
        const slot = tally.slot(i % 100, -(i % 7));
        tally.cells[slot]! += 1;
        tally.cells[slot + 1] = Math.min(tally.cells[slot + 1]!, i);
        tally.cells[slot + 2] = Math.max(tally.cells[slot + 2]!, i);
      }
    }
    two.merge(
      one.data(),
      (a) => a,
      (b) => b,
    );
    expect(two.size).toBe(700);
    const slot = two.slot(3, -3);
    expect([...two.cells.subarray(slot, slot + 3)]).toEqual([4, 3, 703]);
    expect(two.has(3, 4)).toBe(false);
  });
});

describe("bins", () => {
  test("are the finest of which there are at most 4,096", () => {
    const fromMs = Date.parse("2026-11-20T14:47:01Z");
    expect(shownBins(fromMs, fromMs + 4_095_000, 1000)).toEqual({ fromMs, widthMs: 1000, length: 4096 });
    expect(shownBins(fromMs, fromMs + 4_096_000, 1000)).toMatchObject({ widthMs: 10_000, length: 410 });
    expect(shownBins(fromMs, fromMs + 10_000, 60_000)).toMatchObject({ widthMs: 60_000, length: 1 });
    const far = shownBins(0, fromMs, 1000);
    expect(far).toMatchObject({ widthMs: 3_600_000, length: 4096 });
    expect(binOf(far.fromMs, far.widthMs) + 4095).toBe(binOf(fromMs, far.widthMs));
    expect(binStartMs(binOf(fromMs, 1000), 1000)).toBe(fromMs);
  });
});

describe("what a route's traffic says beside its failures", () => {
  const lines = [
    ...Array.from({ length: 8 }, (_, i) => accessLine({ time: minute(i), client: `10.0.0.${i % 2}` })),
    failedLine(502, { time: minute(8), client: "10.0.0.1" }),
    failedLine(504, { time: minute(9), client: "10.0.0.1", duration: "60.001", times: "60.001" }),
    accessLine({ time: minute(9), upstream: "shop-web-80", client: "10.9.9.9" }),
  ];
  const scan = scanText(lines.join("\n"));
  const orders = trafficFor(scan, (key) => key.upstreamName === "shop-orders-80");

  test("comes in bins that sum to the whole, empty ones included", () => {
    expect(orders.bins).toMatchObject({ fromMs: Date.parse("2026-11-20T14:00:00Z"), widthMs: 1000 });
    expect(orders.bins?.requests).toHaveLength(541);
    expect(total(orders.bins?.requests ?? [])).toBe(10);
    expect(total(orders.bins?.failed ?? [])).toBe(2);
    expect(total(scan.series?.requests ?? [])).toBe(11);
    expect(Object.keys(scan.series?.failedByStatus ?? {})).toEqual(["502", "504"]);
    expect(scan.series?.failedByStatus["504"]?.at(-1)).toBe(1);
  });

  test("is told by client, gateway pod, class, origin and size", () => {
    expect(orders.clients).toEqual({
      keys: [
        { key: "10.0.0.1", requests: 6, failed: 2 },
        { key: "10.0.0.0", requests: 4, failed: 0 },
      ],
      maxError: 0,
    });
    expect([...(orders.gatewayPods ?? [])]).toEqual([
      ["ingress-nginx/controller-1", { requests: 10, failed: 2 }],
    ]);
    expect(orders.byClass).toEqual({ "response-timeout": 1, unclassified: 1 });
    expect(orders.byOrigin).toEqual({ gateway: 2 });
    expect(orders.requestBytes?.failed.count).toBe(2);
    expect(orders.requestBytes?.succeeded).toMatchObject({ count: 8, maxMs: 310 });
  });

  test("does not name clients when only a part of an upstream's requests is asked for", () => {
    const mixed = scanText([accessLine(), accessLine({ request: "GET /other HTTP/1.1" })].join("\n"));
    const part: Traffic = trafficFor(mixed, ({ path }) => path === "/other");
    expect(part.requests).toBe(1);
    expect(part.clients).toBeUndefined();
  });
});

test("many paths, clients and addresses are folded, and that is said", () => {
  const lines = Array.from({ length: 9000 }, (_, i) =>
    accessLine({
      request: `GET /${word(i % 300)}/${word(i)} HTTP/1.1`,
      client: i % 3 === 0 ? "10.0.0.1" : `10.${i % 250}.${Math.floor(i / 250)}.9`,
      upstream: `shop-${word(i % 4)}-80`,
      address: `10.1.${i % 250}.${Math.floor(i / 250)}:80`,
    }),
  );
  const scan = scanGatewayLogs([gatewayStream(lines.join("\n"))], { nowMs: collectedMs });
  const traffic = trafficFor(scan, () => true);
  expect(traffic.requests).toBe(9000);
  expect(scan.buckets.length).toBeLessThan(7600);
  expect(traffic.cut).toContain("path templates");
  const [first] = traffic.clients?.keys ?? [];
  const maxError = traffic.clients?.maxError ?? 0;
  expect(first?.key).toBe("10.0.0.1");
  expect(first?.requests).toBeGreaterThanOrEqual(3000);
  expect(first?.requests).toBeLessThanOrEqual(3000 + maxError);
  expect(maxError).toBeGreaterThan(0);
});
