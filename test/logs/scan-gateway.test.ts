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
const none = { address: "-", length: "-", times: "-", statuses: "-", duration: "0.000" };

describe("classes", () => {
  test("the error log decides between refused and closed", () => {
    expect(onlyRequest(scanText(`${errorLine(refused)}\n${failedLine(502)}`))).toMatchObject({
      failure: "connect-refused",
      origin: "gateway",
      attempts: [{ failure: "connect-refused", message: refused }],
    });
    expect(onlyRequest(scanText(`${failedLine(502)}\n${errorLine(closed)}`)).failure).toBe(
      "closed-before-header",
    );
  });

  test("without it a bare 502 stays unclassified", () => {
    const scan = scanText(failedLine(502));
    expect(onlyRequest(scan)).toMatchObject({ failure: "unclassified", origin: "gateway" });
    expect(scan.hasErrorLog).toBe(false);
  });

  test.each([
    ["5.001", "connect-timeout"],
    ["60.002", "response-timeout"],
    ["30.000", "unclassified"],
  ])("a 504 after %s s is %s by the timers alone", (duration, failure) => {
    expect(onlyRequest(scanText(failedLine(504, { duration, times: duration }))).failure).toBe(failure);
  });

  test.each([
    ["an own body", { length: "31", body: 31 }],
    ["an empty body", { length: "0", body: 0 }],
  ])("a 502 with %s is the application's", (_, parts) => {
    expect(onlyRequest(scanText(failedLine(502, parts)))).toMatchObject({
      failure: "app-status",
      origin: "application",
    });
  });

  test("a 503 of an attempt is the application's", () => {
    const line = accessLine({ status: 503, statuses: "503", body: 20, length: "20" });
    expect(onlyRequest(scanText(line))).toMatchObject({ failure: "app-status", origin: "application" });
  });

  test.each([
    ["built-in page", 190, "no-endpoint"],
    ["built-in page for Chrome", 592, "no-endpoint"],
    ["page of its own", 1234, "config-answer"],
  ])("a 503 without an attempt and a %s", (_, body, failure) => {
    expect(onlyRequest(scanText(accessLine({ ...none, status: 503, body })))).toMatchObject({
      failure,
      origin: "gateway",
      attempts: [],
    });
  });

  test("a 503 of the rate limit is told by its error line", () => {
    const limiting = errorLine('limiting requests, excess: 5.620 by zone "z"', { upstream: "" });
    expect(
      onlyRequest(scanText(`${limiting}\n${accessLine({ ...none, status: 503, body: 190 })}`)),
    ).toMatchObject({
      failure: "config-answer",
      message: 'limiting requests, excess: 5.620 by zone "z"',
    });
  });

  test("a 502 without an attempt is a name that did not resolve", () => {
    const unresolved = errorLine("orders.example could not be resolved (3: Host not found)", {
      upstream: "",
    });
    expect(
      onlyRequest(scanText(`${unresolved}\n${accessLine({ ...none, status: 502, body: 150 })}`)),
    ).toMatchObject({
      failure: "no-endpoint",
      message: "orders.example could not be resolved (3: Host not found)",
    });
  });

  test("a named upstream instead of an address is one without live peers", () => {
    expect(onlyRequest(scanText(failedLine(502, { address: "shop-web", times: "0.000" }))).failure).toBe(
      "no-endpoint",
    );
  });

  test("status 009 is a peer that does not speak HTTP/1", () => {
    expect(
      onlyRequest(scanText(accessLine({ status: "009", statuses: "200", length: "9", body: 9 }))),
    ).toMatchObject({ status: 9, failure: "bad-response" });
  });

  test("a 500 counts only when no peer sent it", () => {
    const alert = errorLine("512 worker_connections are not enough while connecting to upstream", {
      level: "alert",
    });
    const own = accessLine({
      status: 500,
      body: 170,
      address: "",
      length: "0",
      times: "0.000",
      statuses: "-",
    });
    expect(onlyRequest(scanText(`${alert}\n${own}`))).toMatchObject({
      failure: "local-resource",
      origin: "gateway",
    });
    expect(scanText(accessLine({ status: 500, statuses: "500" })).kept).toEqual([]);
  });

  test("a refused auth request is the gateway's answer", () => {
    const line = errorLine("auth request unexpected status: 502", { upstream: "" });
    expect(
      onlyRequest(scanText(`${line}\n${accessLine({ ...none, status: 500, body: 170 })}`)),
    ).toMatchObject({ failure: "config-answer", message: "auth request unexpected status: 502" });
  });
});

describe("attempts", () => {
  test("a retry that succeeds masks the failure", () => {
    const retried = accessLine({
      address: "10.42.3.17:8080, 10.42.5.8:8080",
      length: "0, 512",
      times: "0.000, 0.004",
      statuses: "502, 200",
    });
    const scan = scanText(`${errorLine(refused)}\n${retried}`);
    expect(scan.kept.map((entry) => entry.outcome)).toEqual(["masked"]);
    const traffic = trafficFor(scan, () => true);
    expect(traffic.masked[0]?.attempts.map((attempt) => attempt.failure)).toEqual([
      "connect-refused",
      undefined,
    ]);
    expect(traffic.failures).toEqual([]);
    expect(traffic.addresses.get("10.42.3.17:8080")).toMatchObject({
      attempts: 1,
      failed: 1,
      byClass: { "connect-refused": 1 },
    });
    expect(traffic.addresses.get("10.42.5.8:8080")).toMatchObject({ attempts: 1, failed: 0 });
  });

  test("each of several gets its own error line, in order", () => {
    const addresses = "10.0.0.1:80, 10.0.0.2:80, 10.0.0.1:80";
    const line = failedLine(504, {
      time: "20/Nov/2026:14:47:11 +0000",
      address: addresses,
      length: "0, 0, 0",
      times: "5.000, 0.001, 5.000",
      statuses: "504, 502, 504",
      duration: "10.001",
    });
    const timedOut = "upstream timed out (110: Operation timed out) while connecting to upstream";
    const stalled =
      "upstream timed out (110: Operation timed out) while reading response header from upstream";
    const errors = [
      errorLine(timedOut, { time: "2026/11/20 14:47:06", upstream: "http://10.0.0.1:80/api/orders" }),
      errorLine(refused, { time: "2026/11/20 14:47:06", upstream: "http://10.0.0.2:80/api/orders" }),
      errorLine(stalled, { time: "2026/11/20 14:47:11", upstream: "http://10.0.0.1:80/api/orders" }),
    ];
    const request = onlyRequest(scanText([line, ...errors].join("\n")));
    expect(request.attempts.map((attempt) => attempt.failure)).toEqual([
      "connect-timeout",
      "connect-refused",
      "response-timeout",
    ]);
    expect(request.attempts.map((attempt) => attempt.endMs - request.startMs)).toEqual([5000, 5001, 10_001]);
    expect(request.failure).toBe("response-timeout");
  });

  test("the class of an error page's request is its own attempt's", () => {
    const line = failedLine(502, {
      body: 1422,
      address: "10.42.3.17:8080 : 10.0.0.9:80",
      length: "0 : 1422",
      times: "0.001 : 0.003",
      statuses: "502 : 200",
    });
    expect(onlyRequest(scanText(`${errorLine(closed)}\n${line}`))).toMatchObject({
      failure: "closed-before-header",
      origin: "gateway",
    });
  });

  test("requests alike in everything but time get the line of their own time", () => {
    const first = failedLine(502, { time: "20/Nov/2026:14:47:01 +0000", requestId: "a" });
    const second = failedLine(502, { time: "20/Nov/2026:14:47:31 +0000", requestId: "b" });
    const scan = scanText([errorLine(closed, { time: "2026/11/20 14:47:31" }), second, first].join("\n"));
    expect(scan.kept.map(({ request }) => [request.requestId, request.failure])).toEqual([
      ["a", "unclassified"],
      ["b", "closed-before-header"],
    ]);
  });

  test("an error line of another client, path, peer or pod is left alone", () => {
    for (const parts of [
      { client: "203.0.113.10" },
      { request: "GET /api/other HTTP/1.1" },
      { upstream: "http://10.42.3.18:8080/api/orders" },
    ]) {
      const scan = scanText(`${errorLine(refused, parts)}\n${failedLine(502)}`);
      expect(onlyRequest(scan).failure).toBe("unclassified");
      expect(scan.unjoined).toMatchObject({ count: 1, byClass: { "connect-refused": 1 } });
    }
    const other = gatewayStream(errorLine(refused), { pod: "controller-2" });
    const scan = scanGatewayLogs([gatewayStream(failedLine(502)), other], { nowMs: collectedMs });
    expect(onlyRequest(scan).failure).toBe("unclassified");
  });

  test("an error line cut inside a long request is joined by its beginning", () => {
    const request = `GET /${"a".repeat(3000)} HTTP/1.1`;
    expect(
      onlyRequest(
        scanText(`${errorLine(refused, { request }).slice(0, 2048)}\n${failedLine(502, { request })}`),
      ).failure,
    ).toBe("connect-refused");
  });

  test("a request with quotes is joined although both logs spell it differently", () => {
    const error = errorLine(refused, { request: 'GET /a"é HTTP/1.1' });
    const access = failedLine(502, { request: String.raw`GET /a\x22\xC3\xA9 HTTP/1.1` });
    expect(onlyRequest(scanText(`${error}\n${access}`)).failure).toBe("connect-refused");
  });

  test("error lines in the writer's own zone are shifted by the access lines' zone", () => {
    const access = failedLine(502, { time: "20/Nov/2026:16:47:01 +0200" });
    const scan = scanText(`${errorLine(refused, { time: "2026/11/20 16:47:01" })}\n${access}`);
    expect(onlyRequest(scan)).toMatchObject({
      failure: "connect-refused",
      endMs: Date.parse("2026-11-20T14:47:01Z"),
    });
    expect(scan.toMs - scan.fromMs).toBe(0);
  });
});

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
    });
  });
});

describe("plain nginx access lines", () => {
  const combined = (status: number, body: number): string =>
    `203.0.113.9 - - [20/Nov/2026:14:47:01 +0000] "GET /api/orders HTTP/1.1" ${status} ${body} "-" "curl/8.11"`;

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
