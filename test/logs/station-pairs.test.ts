import { expect, test } from "vitest";
import { scanGatewayLogs } from "../../src/logs/scan-gateway.ts";
import { stationPairs } from "../../src/logs/station-pairs.ts";

/** The load balancer stamps the end in milliseconds, nginx in seconds. */
const alb = (time: string, path: string, status: number, elapsed: string): string =>
  `https 2026-11-20T${time}.500000Z app/k8s-shop/50dc6c495c0c9188 203.0.113.9:2817 10.0.3.17:8080 0.001 -1 -1 ${status} - 512 282 "GET https://shop.example:443${path}?x=1 HTTP/1.1" "curl/8" TLS_AES_128_GCM_SHA256 TLSv1.3 arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/k8s-shop-web-7d2e/73e2d6bc24d8a067 "Root=1-67405a11" "shop.example" "-" 12 2026-11-20T${elapsed}.500000Z "forward" "-" "-" "10.0.3.17:8080" "-" "-" "-"`;
const nginx = (time: string, path: string, status: number, seconds: string, upstream: string): string =>
  `10.0.3.1 - - [20/Nov/2026:${time} +0000] "GET ${path}?x=1 HTTP/1.1" ${status} 150 "-" "curl/8" 80 ${seconds} [shop-web-80] [] ${upstream} 5e0f3f0c8f5b4a2a9b1d2c3e4f506172`;

const scanOf = (outer: readonly string[], inner: readonly string[]) =>
  scanGatewayLogs(
    [outer, inner].map((lines, i) => ({
      name: `${i}.log`,
      role: "access-log" as const,
      bytes: Buffer.from(`${lines.join("\n")}\n`),
    })),
    { nowMs: Date.UTC(2026, 10, 21) },
  );

const outer = [
  alb("14:47:01", "/pay", 502, "14:47:01"),
  alb("14:48:01", "/report", 504, "14:47:01"),
  alb("14:49:01", "/cart", 502, "14:49:01"),
];
const inner = [
  nginx("14:47:01", "/pay", 502, "0.001", "10.42.3.17:8080 0 0.001 502"),
  nginx("14:48:01", "/report", 499, "60.000", "10.42.3.17:8080 0 60.000 -"),
  nginx("14:49:01", "/other", 502, "0.001", "10.42.3.17:8080 0 0.001 502"),
];

test("what failed in front is found inside: failed as well, left by the one in front, or nothing", () => {
  expect(stationPairs(scanOf(outer, inner))).toEqual([
    { outer: "load-balancer", of: 3, failedInside: 1, leftInside: 1 },
  ]);
});

test("a request that two stations logged counts once, as the inner one saw it", () => {
  const scan = scanOf(outer, inner);
  expect(scan.totals).toMatchObject({ requests: 3, failed: 2, aborted: 1 });
  expect(scan.stations).toEqual([
    { requests: 3, failed: 2, byStatus: { "499": 1, "502": 2 } },
    { hop: "load-balancer", requests: 3, failed: 3, byStatus: { "502": 2, "504": 1 } },
  ]);
  const failed = Object.values(scan.series?.failedByStatus ?? {}).flat();
  expect(failed.reduce((sum, count) => sum + count, 0)).toBe(2);
});

test("one failure inside answers for one outside only", () => {
  const twice = [alb("14:47:01", "/pay", 502, "14:47:01"), alb("14:47:02", "/pay", 502, "14:47:02")];
  expect(stationPairs(scanOf(twice, inner.slice(0, 1)))).toMatchObject([{ of: 2, failedInside: 1 }]);
});

test("with one station there is nothing to compare", () => {
  expect(stationPairs(scanOf([], inner))).toEqual([]);
  expect(scanOf(outer, []).totals).toMatchObject({ requests: 3, failed: 3 });
});
