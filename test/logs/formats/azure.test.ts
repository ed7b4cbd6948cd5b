import { describe, expect, test } from "vitest";
import { appGateway, frontDoor } from "../samples/azure.ts";
import { jsonFields as read, outcomes } from "./outcome.ts";

describe("Azure Application Gateway", () => {
  test("gives every field", () => {
    expect(read(appGateway.success)).toEqual({
      endMs: Date.parse("2026-11-20T14:47:01Z"),
      exact: false,
      durationMs: 18,
      method: "GET",
      path: "/report?x=1",
      request: "GET /report?x=1 HTTP/1.1",
      host: "shop.example",
      status: 200,
      bodyBytes: 488,
      requestBytes: 301,
      client: "203.0.113.9",
      userAgent: "curl/8.11",
      upstreamName: "pool-shop-web",
      attempts: [{ address: "10.240.3.17:8080", group: 0, status: 200, durationMs: 16 }],
      logsUpstream: true,
      format: "azure-appgw",
      hop: "load-balancer",
    });
  });

  test("error_info decides; without it a server status of 502 proves nothing", () => {
    expect(outcomes(appGateway, read)).toEqual({
      success: "ok",
      noLive: "no-endpoint by load-balancer",
      timedOut: "response-timeout by load-balancer",
      connectTimeout: "connect-timeout by load-balancer",
      closed: "closed-before-header by load-balancer",
      server503: "app-status by application",
      left: "left",
      withoutErrorInfo: "unclassified by unknown",
      v1: "ok",
      v1Unquoted: "unclassified by unknown",
      table: "closed-before-header by load-balancer",
      diagnostics: "response-timeout by load-balancer",
    });
  });

  test("v2 counts seconds, v1 milliseconds and names the server in the query", () => {
    expect(read(appGateway.timedOut)).toMatchObject({ durationMs: 40_004 });
    expect(read(appGateway.v1)).toMatchObject({
      durationMs: 205,
      path: "/report",
      attempts: [{ address: "10.240.3.17", status: 200 }],
    });
    expect(read(appGateway.v1Unquoted)).toMatchObject({ status: 502, durationMs: 20_010 });
  });

  test("two members asked are two attempts, and the last has the gateway's words", () => {
    expect(read(appGateway.timedOut).attempts).toEqual([
      { address: "10.240.3.17:8080", group: 0, status: 504, durationMs: 20_001 },
      {
        address: "10.240.3.18:8080",
        group: 0,
        status: 504,
        durationMs: 20_002,
        failure: "response-timeout",
        message: "ERRORINFO_UPSTREAM_TIMED_OUT",
      },
    ]);
  });

  test("nothing routed is no attempt", () => {
    expect(read(appGateway.noLive).attempts).toEqual([]);
  });
});

describe("Azure Front Door", () => {
  test("gives every field; the time is the end", () => {
    expect(read(frontDoor.success)).toEqual({
      endMs: Date.parse("2026-11-20T14:47:31.012Z"),
      exact: true,
      durationMs: 44,
      method: "GET",
      path: "/report?x=1",
      request: "GET https://shop.example:443/report?x=1",
      host: "shop.example",
      status: 200,
      bodyBytes: 0,
      client: "203.0.113.9",
      userAgent: "curl/8.11",
      requestId: "0aBcD",
      upstreamName: "shop",
      attempts: [{ address: "20.50.1.2:443", group: 0, status: 200, durationMs: 44 }],
      logsUpstream: true,
      format: "azure-front-door",
      hop: "cdn",
    });
  });

  test("ErrorInfo decides; status 0 is a timeout", () => {
    expect(outcomes(frontDoor, read)).toEqual({
      success: "ok",
      timeout: "response-timeout by cdn",
      aborted: "closed-before-header by cdn",
      refused: "connect-refused by cdn",
      certificate: "tls-failure by cdn",
      headers: "bad-response by cdn",
      dns: "unclassified by cdn",
      passed: "app-status by unknown",
      left: "left",
      pascal: "closed-before-header by cdn",
    });
    expect(read(frontDoor.timeout)).toMatchObject({ status: 0, durationMs: 30_012 });
  });

  test("an origin that is not there is named where it can be", () => {
    expect(read(frontDoor.dns).attempts[0]?.address).toBe("ingress.shop.example:443");
  });
});
