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
