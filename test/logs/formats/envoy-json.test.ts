import { describe, expect, test } from "vitest";
import { contour, envoyGateway, istio } from "../samples/envoy-json.ts";
import { jsonFields as read, outcomes } from "./outcome.ts";

test("Istio's keys give every field", () => {
  expect(read(istio.success)).toEqual({
    endMs: Date.parse("2026-11-20T14:47:01.507Z"),
    exact: true,
    durationMs: 19,
    method: "GET",
    path: "/orders?page=2",
    request: "GET /orders?page=2 HTTP/1.1",
    host: "shop.example",
    status: 200,
    bodyBytes: 1893,
    requestBytes: 0,
    client: "203.0.113.9",
    userAgent: "okhttp/4.12",
    requestId: "c0d24b36-5483-46aa-9d3e-1f0e5d1b7f11",
    upstreamName: "shop-orders-80",
    attempts: [{ address: "10.42.3.17:8080", group: 0, status: 200, durationMs: 19, headerMs: 18 }],
    logsUpstream: true,
    format: "envoy-json",
  });
});

test("flags and details decide", () => {
  expect(outcomes({ ...istio }, read)).toEqual({
    success: "ok",
    refused: "connect-refused by gateway",
    sidecar: "ok",
    left: "left",
  });
  expect(outcomes(envoyGateway, read)).toEqual({
    success: "ok",
    app503: "app-status by application",
    noEndpoint: "no-endpoint by gateway",
    brokenRef: "config-answer by gateway",
    unhealthy: "no-endpoint by gateway",
    retried: "ok",
  });
  expect(outcomes(contour, read)).toEqual({
    success: "ok",
    closed: "closed-before-header by gateway",
    epoch: "ok",
  });
});

describe("Envoy Gateway", () => {
  test("counts an answer of its own with its rule", () => {
    for (const line of Object.values(envoyGateway)) {
      expect(read(line).upstreamName).toBe("httproute/shop/web/rule/0");
    }
  });

  test("writes numbers as strings and addresses of IPv6", () => {
    expect(read(envoyGateway.success)).toMatchObject({
      status: 200,
      bodyBytes: 512,
      durationMs: 7,
      client: "2001:db8::9",
      path: "/orders",
    });
  });

  test("with the number of attempts logged shows what a retry saved", () => {
    expect(read(envoyGateway.retried).attempts.map(({ address, failure }) => [address, failure])).toEqual([
      ["-", "unclassified"],
      ["-", "unclassified"],
      ["10.42.3.17:8080", undefined],
    ]);
  });
});

test("where the flags are not logged a 503 beside an upstream is nobody's for certain", () => {
  const { response_flags: _flags, ...rest } = JSON.parse(contour.closed) as Record<string, unknown>;
  expect(read(JSON.stringify(rest))).toMatchObject({
    failure: "unclassified",
    origin: "unknown",
    originReason: "response flags are not logged",
    durationMs: 7,
    format: "envoy-json",
  });
});

test("Contour's cluster names its Service", () => {
  expect(read(contour.closed)).toMatchObject({ upstreamName: "shop-orders-80" });
});

test("a start in Unix seconds with a fraction is exact", () => {
  expect(read(contour.epoch)).toMatchObject({
    endMs: Date.parse("2026-11-20T14:50:00.257Z"),
    exact: true,
  });
});
