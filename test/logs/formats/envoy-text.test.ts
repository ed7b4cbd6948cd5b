import { describe, expect, test } from "vitest";
import { envoyText } from "../../../src/logs/formats/envoy-text.ts";
import { contour, istio, lines } from "../samples/envoy-text.ts";
import { fieldsOf, outcomes } from "./outcome.ts";

const read = (line: string) => fieldsOf(envoyText, line);

test("Envoy's default line gives every field; its end is its start and duration", () => {
  expect(read(contour.success)).toEqual({
    endMs: Date.parse("2026-11-20T14:47:00.139Z"),
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
    attempts: [{ address: "10.42.3.17:8080", group: 0, status: 200, durationMs: 19, headerMs: 18 }],
    logsUpstream: true,
    format: "envoy-text",
  });
});

test("without details, flags, times and the size of Envoy's own answer decide", () => {
  expect(outcomes(contour, read)).toEqual({
    success: "ok",
    app503: "app-status by application",
    noEndpoint: "no-endpoint by gateway",
    refused: "connect-refused by gateway",
    refusedAgain: "connect-refused by gateway",
    noRoute: "unreachable by gateway",
    connectTimeout: "connect-timeout by gateway",
    unclear: "unclassified by gateway",
    closed: "closed-before-header by gateway",
    responseTimeout: "response-timeout by gateway",
    truncated: "truncated by gateway",
    left: "left",
    notFound: "ok",
    upgraded: "ok",
  });
});

test("with details, those decide", () => {
  expect(outcomes(istio, read)).toEqual({
    success: "ok",
    app503: "app-status by application",
    refused: "connect-refused by gateway",
    refusedOld: "connect-refused by gateway",
    refusedWords: "connect-refused by gateway",
    noRoute: "unreachable by gateway",
    connectTimeout: "connect-timeout by gateway",
    connectTimeoutOld: "connect-timeout by gateway",
    tls: "tls-failure by gateway",
    tlsAlert: "tls-failure by gateway",
    protocol: "bad-response by gateway",
    remoteReset: "closed-before-header by gateway",
    perTry: "response-timeout by gateway",
    overflow: "local-resource by gateway",
    noCluster: "config-answer by gateway",
    noEndpoint: "no-endpoint by gateway",
    fault: "config-answer by gateway",
    idle: "response-timeout by gateway",
    truncated: "truncated by gateway",
    left: "left",
    drained: "unclassified by gateway",
    sidecar: "connect-refused by gateway",
    before19: "connect-refused by gateway",
    tcp: "ok",
  });
});

describe("one attempt", () => {
  test("carries the class and Envoy's own words", () => {
    const { attempts, originReason } = read(istio.refused);
    expect(originReason).toBe("flag UF");
    expect(attempts).toEqual([
      {
        address: "10.42.3.17:8080",
        group: 0,
        durationMs: 2,
        failure: "connect-refused",
        message:
          "UF upstream_reset_before_response_started{remote_connection_failure|delayed_connect_error:_111}",
      },
    ]);
  });

  test("of several has no duration of its own", () => {
    expect(read(istio.refusedOld).attempts[0]).not.toHaveProperty("durationMs");
  });

  test("is missing when no upstream was found", () => {
    expect(read(istio.noEndpoint).attempts).toEqual([]);
    expect(read(contour.noEndpoint).attempts).toEqual([]);
  });

  test("of an application's own 503 names the reason for the origin", () => {
    expect(read(contour.app503).originReason).toBe("x-envoy-upstream-service-time is 4");
    expect(read(istio.app503).originReason).toBe("response_code_details is via_upstream");
  });
});

test("a Service's cluster is named as ingress-nginx names its upstreams, and a sidecar by its cluster", () => {
  expect(read(istio.success)).toMatchObject({ upstreamName: "shop-orders-80", client: "203.0.113.9" });
  expect(read(istio.success).hop).toBeUndefined();
  expect(read(istio.sidecar)).toMatchObject({ upstreamName: "inbound|8080||", hop: "mesh" });
});

describe("hostile values", () => {
  const agent = String.raw`x" "id" "evil.example" "10.9.9.9:80`;
  const imitating = contour.success.replace("okhttp/4.12", agent);

  test("in the user agent change no status, flag or upstream", () => {
    expect(read(imitating)).toMatchObject({
      status: 200,
      host: "shop.example",
      attempts: [{ address: "10.42.3.17:8080" }],
    });
    expect(read(imitating).failure).toBeUndefined();
  });

  test("a line within a user agent is no second request", () => {
    const nested = read(contour.success.replace("okhttp/4.12", contour.refused));
    expect(nested).toMatchObject({ status: 200, path: "/orders?page=2" });
  });
});

test("a cut line is not read", () => {
  const half = lines.flatMap((line) => {
    const isIstio = !line.endsWith('"');
    const needed = isIstio ? line.lastIndexOf(" ", line.lastIndexOf(" ") - 1) : line.length;
    const cuts = Array.from({ length: needed }, (_, end) => line.slice(0, end));
    return cuts.filter((cut) => envoyText.read(cut) !== undefined);
  });
  expect(half).toEqual([]);
});

test.each(["", "[", '[x] "GET / HTTP/1.1" 200', "[2026-11-20T14:47:00.120Z] hello", '[pod/a/b] "GET'])(
  "%j is another's line",
  (line) => {
    expect(envoyText.read(line)).toBeUndefined();
  },
);
