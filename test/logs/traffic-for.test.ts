import { describe, expect, test } from "vitest";
import { trafficFor } from "../../src/logs/scan-gateway.ts";
import { accessLine, errorLine, failedLine, scanText } from "./log-text.ts";

const seconds = (ms: number): string => (ms / 1000).toFixed(3);

describe("the traffic of one route", () => {
  const lines = [
    accessLine({ request: "GET /orders/17?x=1 HTTP/1.1", duration: "0.010" }),
    accessLine({ request: "GET /orders/18 HTTP/1.1", duration: "0.030", address: "10.42.5.8:8080" }),
    failedLine(502, { request: "POST /orders HTTP/1.1", time: "20/Nov/2026:14:48:00 +0000" }),
    accessLine({ request: "GET /orders/19 HTTP/1.1", status: 404, statuses: "404", duration: "9.000" }),
    accessLine({ request: "GET /cart HTTP/1.1", upstream: "shop-cart-80" }),
  ];
  const scan = scanText(lines.join("\n"));
  const orders = trafficFor(scan, (key) => key.upstreamName === "shop-orders-80");

  test("counts by status, method, address and minute", () => {
    expect(orders).toMatchObject({
      requests: 4,
      byStatus: { "200": 2, "404": 1, "502": 1 },
      byMethod: { GET: { requests: 3, failed: 0 }, POST: { requests: 1, failed: 1 } },
      perMinute: [
        { fromMs: Date.parse("2026-11-20T14:47:00Z"), requests: 3, failed: 0 },
        { fromMs: Date.parse("2026-11-20T14:48:00Z"), requests: 1, failed: 1 },
      ],
    });
    expect([...orders.addresses].map(([address, stats]) => [address, stats.attempts, stats.failed])).toEqual([
      ["10.42.3.17:8080", 3, 1],
      ["10.42.5.8:8080", 1, 0],
    ]);
  });

  test("folds ids in paths; errors of the client do not lengthen success durations", () => {
    expect(
      orders.paths.map((path) => [path.template, path.requests, path.failed, path.maxSuccessMs]),
    ).toEqual([
      ["/orders/{id}", 3, 0, 30],
      ["/orders", 1, 1, undefined],
    ]);
  });

  test("asks by name and by a real path", () => {
    const asked: string[] = [];
    trafficFor(scan, (key) => asked.push(`${key.upstreamName} ${key.path}`) > 0);
    expect(asked.sort()).toEqual([
      "shop-cart-80 /cart",
      "shop-orders-80 /orders",
      "shop-orders-80 /orders/17",
    ]);
  });

  test("spans the whole log, so that silence of one route can be seen", () => {
    const cart = trafficFor(scan, (key) => key.upstreamName === "shop-cart-80");
    expect([cart.fromMs, cart.toMs]).toEqual([
      Date.parse("2026-11-20T14:47:01Z"),
      Date.parse("2026-11-20T14:48:00Z"),
    ]);
    expect(trafficFor(scan, () => false)).toMatchObject({
      requests: 0,
      failures: [],
      paths: [],
      perMinute: [],
    });
  });

  test("has medians within a tenth", () => {
    for (const medianMs of [3, 40, 777, 61_000]) {
      const spread = [0.5, 0.8, 1, 1.2, 3].map((factor) =>
        accessLine({ duration: seconds(medianMs * factor) }),
      );
      const [path] = trafficFor(scanText(spread.join("\n")), () => true).paths;
      expect(Math.abs((path?.medianSuccessMs ?? 0) - medianMs)).toBeLessThanOrEqual(
        Math.max(1, medianMs * 0.1),
      );
    }
  });
});

const after = (duration: string): string => failedLine(504, { duration, times: duration });

describe("with the route's own timers", () => {
  const scan = scanText(
    [after("10.001"), after("2.000"), after("5.001"), after("60.001"), failedLine(502)].join("\n"),
  );
  const classes = (timers?: { connectTimeoutMs: number; readTimeoutMs: number }) => {
    const traffic = trafficFor(scan, () => true, timers);
    return {
      failures: traffic.failures.map((request) => [
        request.durationMs,
        request.failure,
        request.attempts[0]?.failure,
      ]),
      byClass: traffic.addresses.get("10.42.3.17:8080")?.byClass,
    };
  };

  test("timeouts are told by those", () => {
    const { failures, byClass } = classes({ connectTimeoutMs: 2000, readTimeoutMs: 10_000 });
    expect(failures.toSorted()).toEqual(
      [
        [10_001, "response-timeout", "response-timeout"],
        [2000, "connect-timeout", "connect-timeout"],
        [5, "unclassified", "unclassified"],
        [5001, "unclassified", "unclassified"],
        [60_001, "unclassified", "unclassified"],
      ].toSorted(),
    );
    expect(byClass).toEqual({ "response-timeout": 1, "connect-timeout": 1, unclassified: 3 });
  });

  test("equal timers decide nothing, and one route's timers leave the scan as it was", () => {
    expect(classes({ connectTimeoutMs: 5000, readTimeoutMs: 5000 }).byClass).toEqual({ unclassified: 5 });
    expect(classes().byClass).toEqual({ "connect-timeout": 1, "response-timeout": 1, unclassified: 3 });
  });

  test("an error line outweighs them", () => {
    const told = errorLine(
      "upstream timed out (110: Operation timed out) while reading response header from upstream",
    );
    const traffic = trafficFor(scanText(`${told}\n${after("5.000")}`), () => true, {
      connectTimeoutMs: 5000,
      readTimeoutMs: 60_000,
    });
    expect(traffic.failures[0]?.failure).toBe("response-timeout");
  });
});
