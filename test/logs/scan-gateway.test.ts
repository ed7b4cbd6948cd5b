import { describe, expect, test } from "vitest";
import { scanGatewayLogs, trafficFor } from "../../src/logs/scan-gateway.ts";
import {
  accessLine,
  collectedMs,
  errorLine,
  failedLine,
  gatewayStream,
  onlyRequest,
  scanText,
} from "./log-text.ts";

const refused = "connect() failed (111: Connection refused) while connecting to upstream";
const closed = "upstream prematurely closed connection while reading response header from upstream";

describe("answers that look like successes", () => {
  const stalled = "upstream timed out (110: Operation timed out) while reading upstream";

  test("a cut body is a failure although its status is 200", () => {
    const scan = scanText(
      `${accessLine()}\n${accessLine({ request: "GET /other HTTP/1.1" })}\n${errorLine(stalled)}`,
    );
    expect(onlyRequest(scan)).toMatchObject({
      status: 200,
      failure: "truncated",
      origin: "gateway",
      attempts: [{ status: 200, failure: "truncated" }],
    });
    expect(scan.totals).toMatchObject({ requests: 2, failed: 1 });
    expect(scan.gatewayTraffic.failed).toBe(1);
  });

  test("only as many of identical requests as there are error lines", () => {
    const scan = scanText(
      [...Array.from({ length: 3 }, (_, i) => accessLine({ requestId: `r${i}` })), errorLine(stalled)].join(
        "\n",
      ),
    );
    expect(scan.totals).toMatchObject({ requests: 3, failed: 1 });
  });

  test("an aborted request is neither a success nor a failure", () => {
    const scan = scanText(accessLine({ status: 499, statuses: "-", duration: "9.998", times: "9.998" }));
    const traffic = trafficFor(scan, () => true);
    expect(traffic).toMatchObject({ requests: 1, failures: [], masked: [] });
    expect(traffic.aborted[0]).toMatchObject({ status: 499, durationMs: 9998 });
    expect(traffic.aborted[0]?.failure).toBeUndefined();
    expect(traffic.addresses.get("10.42.3.17:8080")).toEqual({
      attempts: 1,
      failed: 0,
      byClass: {},
      firstSeenMs: Date.parse("2026-11-20T14:47:01Z"),
      lastSeenMs: Date.parse("2026-11-20T14:47:01Z"),
      lastSentMs: Date.parse("2026-11-20T14:46:51.002Z"),
    });
  });
});

const combined = (status: number, body: number): string =>
  `203.0.113.9 - - [20/Nov/2026:14:47:01 +0000] "GET /api/orders HTTP/1.1" ${status} ${body} "-" "curl/8.11"`;

describe("plain nginx access lines", () => {
  test("get their attempts from the error log", () => {
    const errors = [errorLine(refused), errorLine(closed, { upstream: "http://10.42.5.8:8080/api/orders" })];
    const request = onlyRequest(scanText([...errors, combined(502, 157)].join("\n")));
    expect(request).toMatchObject({ failure: "closed-before-header", origin: "gateway" });
    expect(request.attempts.map((attempt) => [attempt.address, attempt.failure])).toEqual([
      ["10.42.3.17:8080", "connect-refused"],
      ["10.42.5.8:8080", "closed-before-header"],
    ]);
  });

  test("without one they stay open, and so does who answered when the page is not nginx's", () => {
    expect(onlyRequest(scanText(combined(502, 157)))).toMatchObject({
      failure: "unclassified",
      origin: "gateway",
      attempts: [],
    });
    expect(onlyRequest(scanText(combined(503, 4321)))).toMatchObject({
      failure: "unclassified",
      origin: "unknown",
    });
  });

  test("of failures need not name a route", () => {
    expect(scanText(combined(200, 5)).formats).toEqual({ "nginx-combined": 1 });
    expect(scanText(combined(200, 5)).gatewayTraffic.routes).toEqual([
      { upstreamName: "", requests: 1, failed: 0 },
    ]);
  });
});

describe("a scan", () => {
  test("of nothing is empty and spans the moment of collection", () => {
    for (const streams of [[], [gatewayStream("")], [gatewayStream("\n\n\r\n")]]) {
      expect(scanGatewayLogs(streams, { nowMs: collectedMs })).toMatchObject({
        fromMs: collectedMs,
        toMs: collectedMs,
        kept: [],
        totals: { requests: 0 },
      });
    }
  });

  test("says which streams could not be read", () => {
    const { bytes: _bytes, ...unread } = gatewayStream("");
    expect(scanGatewayLogs([{ ...unread, reason: "forbidden" }], { nowMs: collectedMs }).losses).toEqual([
      "controller-1: forbidden",
    ]);
    const shortened = gatewayStream(accessLine(), { droppedBytes: 4096 });
    expect(scanGatewayLogs([shortened], { nowMs: collectedMs }).losses).toEqual([
      "controller-1: 4096 older bytes were left out",
    ]);
  });

  test("does not depend on the order of lines", () => {
    const lines = [
      accessLine(),
      failedLine(502),
      errorLine(refused),
      failedLine(504, { time: "20/Nov/2026:14:48:01 +0000", duration: "60.001", times: "60.001" }),
      accessLine({ status: 499, statuses: "-" }),
    ];
    const forward = trafficFor(scanText(lines.join("\n")), () => true);
    expect(trafficFor(scanText(lines.toReversed().join("\n")), () => true)).toEqual(forward);
    expect(forward.failures.map((request) => request.failure)).toEqual([
      "connect-refused",
      "response-timeout",
    ]);
  });
});
