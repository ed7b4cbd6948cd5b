import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { LogStream } from "../../src/evidence/evidence.ts";
import { scanAppLog } from "../../src/logs/app-log.ts";
import { scanGatewayLogs, trafficFor } from "../../src/logs/scan-gateway.ts";
import { accessLine, collectedMs, errorLine, failedLine, gatewayStream } from "./log-text.ts";

const seeds = [
  accessLine(),
  failedLine(502),
  accessLine({ status: 503, address: "-", length: "-", times: "-", statuses: "-" }),
  accessLine({
    address: "10.0.0.1:80, 10.0.0.2:80 : 10.0.0.3:80",
    length: "0, 0 : 9",
    times: "0.1, - : 0.1",
    statuses: "502, - : 200",
  }),
  errorLine("connect() failed (111: Connection refused) while connecting to upstream"),
  errorLine('upstream sent invalid header: "x\\x20..." while reading response header from upstream'),
  'W1120 14:47:01.123456       7 controller.go:1225] Service "shop/web" does not have any active Endpoint.',
  '{"ts":"2026-11-20T14:47:01+00:00","method":"GET","uri":"/x","status":"502","upstream_addr":"10.0.0.1:80, 10.0.0.2:80","upstream_status":"502, 502"}',
  '{"log":"x\\n","stream":"stdout","time":"2026-11-20T14:47:01Z"}',
  "2026-11-20T14:47:01.123456789Z stdout P partial",
  "Error: connect ECONNREFUSED 10.0.0.1:5432",
  "dial tcp: lookup orders on 10.96.0.10:53: no such host",
  "INFO:     Uvicorn running on http://127.0.0.1:8000 (Press CTRL+C to quit)",
  '[GIN] 2026/11/20 - 14:47:01 | 200 |     1.2ms |  10.0.0.1 | GET      "/x"',
].map((line) => Buffer.from(line));

/** A seed with some bytes changed, left out, doubled or cut off. */
const mutated = fc
  .record({
    seed: fc.constantFrom(...seeds),
    edits: fc.array(
      fc.record({
        at: fc.double({ min: 0, max: 0.999, noNaN: true }),
        bytes: fc.uint8Array({ maxLength: 3 }),
        drop: fc.integer({ min: 0, max: 40 }),
      }),
      { maxLength: 4 },
    ),
    cut: fc.double({ min: 0.1, max: 1, noNaN: true }),
  })
  .map(({ seed, edits, cut }) => {
    let line: Buffer = seed;
    for (const { at, bytes, drop } of edits) {
      const from = Math.floor(at * line.length);
      line = Buffer.concat([line.subarray(0, from), bytes, line.subarray(from + drop)]);
    }
    return line.subarray(0, Math.ceil(line.length * cut));
  });

const log = fc
  .array(
    fc.oneof(
      { weight: 4, arbitrary: mutated },
      { weight: 1, arbitrary: fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)) },
    ),
    { maxLength: 40 },
  )
  .map((lines) => Buffer.concat(lines.flatMap((line) => [line, Buffer.from("\n")])));

const appStream = (bytes: Uint8Array): LogStream => ({
  namespace: "shop",
  pod: "web-1",
  container: "app",
  name: "web-1",
  role: "container",
  bytes,
});

describe("whatever the bytes", () => {
  test("a gateway's log is read, and its counts hold together", () => {
    fc.assert(
      fc.property(
        log,
        fc.constantFrom(
          undefined,
          '{"t":"$time_iso8601","s":"$status","a":"$upstream_addr"}',
          "$msec $status $upstream_addr$upstream_status",
        ),
        (bytes, format) => {
          const scan = scanGatewayLogs([gatewayStream(bytes), gatewayStream(bytes)], {
            nowMs: collectedMs,
            ...(format === undefined ? {} : { formats: { "*": format } }),
          });
          const { lines } = scan;
          expect(lines.access + lines.error + lines.other + lines.unrecognised).toBe(lines.total);
          expect(scan.totals.requests).toBe(lines.access);
          expect(scan.fromMs).toBeLessThanOrEqual(scan.toMs);
          const traffic = trafficFor(scan, () => true);
          expect(traffic.failures.length).toBe(scan.totals.failed);
        },
      ),
      { numRuns: 400 },
    );
  });

  test("an application's log is read, and its signals are of known shape", () => {
    fc.assert(
      fc.property(log, (bytes) => {
        for (const signal of scanAppLog(appStream(bytes), collectedMs)) {
          expect(signal.pod).toBe("web-1");
          expect(signal.port ?? 1).toBeGreaterThan(0);
          expect(Number.isFinite(signal.timeMs ?? 0)).toBe(true);
        }
      }),
      { numRuns: 400 },
    );
  });
});

/** Lines on which a careless pattern takes time that grows with the square of their length; the tests' time limit tells. */
const pathological = [
  '"'.repeat(100_000),
  "] [".repeat(40_000),
  '" "'.repeat(40_000),
  `${accessLine().slice(0, 90)}${'" 1 0.1 [x] [] '.repeat(8000)}`,
  `2026/11/20 14:47:01 [error] 1#1: *1 ${", client: x".repeat(10_000)}`,
  `2026/11/20 14:47:01 [error] 1#1: *1 ${"(".repeat(100_000)}`,
  `{"a":${"[".repeat(50_000)}`,
  `{"a": ${"1, ".repeat(40_000)}}`,
  `${"2026-11-20T14:47:01Z ".repeat(5000)}`,
  `listening ${"on ".repeat(40_000)}`,
  `Error connecting to ${"a-".repeat(50_000)}:80`,
  `method=GET ${"path=".repeat(20_000)}`,
  `dial tcp ${"1.".repeat(50_000)}`,
  `W1120 14:47:01.123456 7 a.go:1] "${"\\".repeat(100_000)}`,
];

test.each(pathological.map((line): [string, string] => [line.slice(0, 30), line]))(
  "no line takes long: %s…",
  (_, line) => {
    const bytes = Buffer.from(`${line}\n`.repeat(5));
    const scan = scanGatewayLogs([gatewayStream(bytes)], {
      nowMs: collectedMs,
      formats: {
        "*": '$remote_addr "$request" $status [$time_local] $upstream_addr $upstream_status "$http_user_agent"',
      },
    });
    expect(scan.lines.total).toBe(5);
    expect(scanAppLog(appStream(bytes), collectedMs).length).toBeLessThanOrEqual(5);
  },
);
