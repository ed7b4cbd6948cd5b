import fc from "fast-check";
import { expect, test } from "vitest";
import type { GatewayScan } from "../../src/logs/scan-gateway.ts";
import { trafficFor } from "../../src/logs/scan-gateway.ts";
import { accessLine, errorLine, scanText } from "./log-text.ts";
import { countSlowly } from "./reference-count.ts";

const attempt = fc.record({
  address: fc.constantFrom("10.0.0.1:80", "10.0.0.2:8080", "[fd00::1]:80", "shop-web"),
  length: fc.constantFrom("0", "512", "-"),
  time: fc.constantFrom("0.000", "0.004", "5.001", "60.001", "-"),
  status: fc.constantFrom("200", "404", "500", "502", "503", "504", "-"),
  separator: fc.constantFrom(", ", ", ", " : "),
});

const two = (n: number): string => String(n).padStart(2, "0");

const access = fc
  .record({
    minute: fc.integer({ min: 0, max: 59 }),
    second: fc.integer({ min: 0, max: 59 }),
    method: fc.constantFrom("GET", "POST", "DELETE"),
    path: fc.constantFrom("/", "/a", "/a/17", "/a/18?x=1", "/b/c", "/a b"),
    status: fc.constantFrom("200", "200", "200", "301", "404", "499", "500", "502", "503", "504", "009"),
    body: fc.constantFrom(0, 150, 190, 512),
    agent: fc.constantFrom("curl", String.raw`\x22 502 1 \x22-\x22`, "] [x] [] 10.0.0.9:1 0 0.0 502"),
    upstream: fc.constantFrom("shop-orders-80", "shop-web-http", ""),
    attempts: fc.array(attempt, { minLength: 0, maxLength: 4 }),
    requestId: fc.constantFrom("abc", ", 502", ": 200 1"),
  })
  .map((r) => {
    const join = (pick: (a: (typeof r.attempts)[number]) => string): string =>
      r.attempts.length === 0
        ? "-"
        : r.attempts.map((a, i) => (i === 0 ? "" : a.separator) + pick(a)).join("");
    return accessLine({
      time: `20/Nov/2026:14:${two(r.minute)}:${two(r.second)} +0000`,
      request: `${r.method} ${r.path} HTTP/1.1`,
      status: r.status,
      body: r.body,
      agent: r.agent,
      upstream: r.upstream,
      address: join((a) => a.address),
      length: join((a) => a.length),
      times: join((a) => a.time),
      statuses: join((a) => a.status),
      requestId: r.requestId,
    });
  });

const noise = fc.constantFrom(
  errorLine("connect() failed (111: Connection refused) while connecting to upstream", {
    upstream: "http://10.9.9.9:80/",
  }),
  'I1120 14:47:01.123456       7 nginx.go:1] "x"',
  'garbage [20/Nov/2026:14:47:01 +0000] "GET / HTTP/1.1" 502',
);

const sumOf = (
  scan: GatewayScan,
  pick: (bucket: GatewayScan["buckets"][number]) => number,
  name: string,
): number =>
  scan.buckets
    .filter((bucket) => bucket.upstreamName === name)
    .reduce((sum, bucket) => sum + pick(bucket), 0);

test("the fast count agrees with a slow one", () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof({ weight: 6, arbitrary: access }, { weight: 1, arbitrary: noise }), {
        maxLength: 60,
      }),
      (lines) => {
        const text = lines.join("\n");
        const scan = scanText(text);
        const slow = countSlowly(text);
        const traffic = trafficFor(scan, () => true);
        expect(traffic.requests).toBe(slow.requests);
        expect(traffic.byStatus).toEqual(slow.byStatus);
        expect(
          Object.fromEntries([...traffic.addresses].map(([address, stats]) => [address, stats.attempts])),
        ).toEqual(slow.attemptsByAddress);
        expect(
          Object.fromEntries(
            traffic.perMinute.map((m) => [new Date(m.fromMs).toISOString().slice(11, 16), m.requests]),
          ),
        ).toEqual(slow.requestsByMinute);
        for (const [name, requests] of Object.entries(slow.requestsByUpstream)) {
          expect(sumOf(scan, (bucket) => bucket.requests, name)).toBe(requests);
          const own500 = scan.kept.filter(
            (k) => k.bucket.upstreamName === name && k.outcome === "failed" && k.request.status === 500,
          );
          expect(sumOf(scan, (bucket) => bucket.failed, name) - own500.length).toBe(
            slow.failedByUpstream[name] ?? 0,
          );
        }
      },
    ),
    { numRuns: 300 },
  );
});

test("parts sum to the whole, and lists to their counts", () => {
  fc.assert(
    fc.property(fc.array(access, { maxLength: 60 }), (lines) => {
      const scan = scanText(lines.join("\n"));
      const whole = trafficFor(scan, () => true);
      const names = ["shop-orders-80", "shop-web-http", ""];
      const parts = names.map((name) => trafficFor(scan, (key) => key.upstreamName === name));
      const total = (pick: (t: typeof whole) => number): number =>
        parts.reduce((sum, part) => sum + pick(part), 0);
      expect(total((t) => t.requests)).toBe(whole.requests);
      expect(total((t) => t.failures.length)).toBe(scan.totals.failed);
      expect(total((t) => t.masked.length)).toBe(scan.totals.masked);
      expect(total((t) => t.aborted.length)).toBe(scan.totals.aborted);
      expect(whole.paths.reduce((sum, path) => sum + path.failed, 0)).toBe(scan.totals.failed);
      expect(whole.perMinute.reduce((sum, minute) => sum + minute.failed, 0)).toBe(scan.totals.failed);
      for (const request of whole.failures) expect(request.failure).toBeDefined();
      for (const request of whole.masked)
        expect(request.attempts.some((a) => a.failure !== undefined)).toBe(true);
    }),
    { numRuns: 200 },
  );
});
