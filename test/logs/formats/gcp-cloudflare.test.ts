import { describe, expect, test } from "vitest";
import { cf } from "../samples/cloudflare.ts";
import { gcp } from "../samples/gcp-lb.ts";
import { jsonFields as read, outcomes } from "./outcome.ts";

describe("Google Cloud's load balancer", () => {
  test("gives every field; its time is the start", () => {
    expect(read(gcp.success)).toEqual({
      endMs: Date.parse("2026-11-20T14:47:01.104Z"),
      exact: true,
      durationMs: 4,
      method: "GET",
      path: "/report?x=1",
      request: "GET https://shop.example/report?x=1",
      host: "shop.example",
      status: 200,
      bodyBytes: 488,
      requestBytes: 301,
      client: "203.0.113.9",
      userAgent: "curl/8.11",
      requestId: "1f3a",
      upstreamName: "shop-web-80",
      attempts: [{ address: "10.8.3.17", group: 0, status: 200, durationMs: 4 }],
      logsUpstream: true,
      format: "gcp-lb",
      hop: "load-balancer",
    });
  });

  test("says what failed by statusDetails, or by proxyStatus where it is regional", () => {
    expect(outcomes(gcp, read)).toEqual({
      success: "ok",
      backend503: "app-status by application",
      closed: "closed-before-header by load-balancer",
      timeout: "response-timeout by load-balancer",
      noBackend: "no-endpoint by load-balancer",
      refused: "connect-refused by load-balancer",
      connectTimeout: "connect-timeout by load-balancer",
      tls: "tls-failure by load-balancer",
      headers: "bad-response by load-balancer",
      truncated: "truncated by load-balancer",
      left: "left",
      denied: "ok",
      direct: "config-answer by load-balancer",
      unknown: "unclassified by load-balancer",
      websocket: "ok",
      regionalTimeout: "response-timeout by load-balancer",
      regionalRefused: "connect-refused by load-balancer",
    });
    expect(read(gcp.regionalTimeout).originReason).toBe("proxyStatus is http_response_timeout");
  });

  test("another service's entry with an httpRequest is none of its", () => {
    const other = gcp.success
      .replace("http_load_balancer", "cloud_run_revision")
      .replace("statusDetails", "somethingElse");
    expect(() => read(other)).toThrow("not read");
  });
});

describe("Cloudflare", () => {
  test("gives every field", () => {
    expect(read(cf.unixNano)).toEqual({
      endMs: 1_795_186_021_500,
      exact: true,
      durationMs: 250,
      method: "GET",
      path: "/report?x=1",
      request: "GET /report?x=1 HTTP/2",
      host: "shop.example",
      status: 200,
      bodyBytes: 7100,
      requestBytes: 512,
      client: "203.0.113.9",
      requestId: "8f1c",
      attempts: [{ address: "198.51.100.20", group: 0, status: 200, durationMs: 6, connectMs: 3 }],
      logsUpstream: true,
      format: "cloudflare",
      hop: "cdn",
    });
  });

  test("reads its times in all three forms", () => {
    expect(read(cf.success)).toMatchObject({ endMs: 1_795_186_021_006, exact: false, durationMs: 6 });
    expect(read(cf.unix)).toMatchObject({ endMs: 1_795_186_022_000, exact: false, durationMs: 6 });
  });

  test("tells its own statuses from those that passed through", () => {
    expect(outcomes(cf, read)).toEqual({
      success: "ok",
      unixNano: "ok",
      unix: "ok",
      passed: "app-status by unknown",
      made502: "unclassified by cdn",
      unknown: "unclassified by cdn",
      refused: "connect-refused by cdn",
      connectTimeout: "connect-timeout by cdn",
      unreachable: "unreachable by cdn",
      timeout: "response-timeout by cdn",
      tls: "tls-failure by cdn",
      certificate: "tls-failure by cdn",
      other: "unclassified by cdn",
      earlyHints: "left",
      left: "ok",
      fewFields: "unclassified by unknown",
    });
  });
});
