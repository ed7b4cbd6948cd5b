import { expect, test } from "vitest";
import { traefikClf, traefikGenericClf } from "../../../src/logs/formats/traefik-clf.ts";
import { common, generic, lines } from "../samples/traefik-clf.ts";
import { samples } from "../samples/traefik-json.ts";
import { fieldsOf, jsonFields, outcomes } from "./outcome.ts";

const read = (line: string) => fieldsOf(traefikClf, line);

test("a common line gives every field; its end is its start and duration", () => {
  expect(read(common.success)).toEqual({
    endMs: Date.parse("2026-11-20T14:47:01.019Z"),
    exact: false,
    durationMs: 19,
    method: "GET",
    path: "/api?page=2",
    request: "GET /api?page=2 HTTP/2.0",
    status: 200,
    bodyBytes: 1893,
    client: "203.0.113.9",
    userAgent: "okhttp/4.12.0",
    upstreamName: "shop-shop-ingress-api@kubernetes",
    attempts: [{ address: "10.42.3.17:8080", group: 0, status: 200, durationMs: 19 }],
    logsUpstream: true,
  });
});

test("the size of the body tells Traefik's own answers", () => {
  expect(outcomes(common, read)).toEqual({
    success: "ok",
    failed: "unclassified by gateway",
    dialTimeout: "connect-timeout by gateway",
    timeout: "unclassified by gateway",
    handshake: "tls-failure by gateway",
    noServer: "no-endpoint by gateway",
    breaker: "config-answer by gateway",
    app502: "app-status by application",
    app503: "app-status by application",
    app500: "ok",
    tlsOrApp500: "unclassified by unknown",
    head: "unclassified by unknown",
    left: "ok",
    notFound: "ok",
    ipv6: "unclassified by gateway",
    forwarded: "unclassified by gateway",
    imitated: "unclassified by gateway",
  });
});

test("zones, IPv6, forwarded clients and missing values", () => {
  expect(read(common.ipv6)).toMatchObject({
    endMs: Date.parse("2026-11-20T14:47:01.003Z"),
    client: "2001:db8::9",
    attempts: [{ address: "[fd00::17]:8080" }],
  });
  expect(read(common.forwarded).client).toBe("203.0.113.9");
  const none = read(common.notFound);
  expect(none).toMatchObject({ status: 404, attempts: [] });
  expect(none).not.toHaveProperty("upstreamName");
  expect(none).not.toHaveProperty("userAgent");
});

test("an agent that imitates the end of a line moves nothing", () => {
  expect(read(common.imitated)).toMatchObject({
    durationMs: 3,
    upstreamName: "shop-shop-ingress-api@kubernetes",
    attempts: [{ address: "10.42.3.17:8080" }],
  });
});

test("a line that was cut is none", () => {
  for (const line of lines.filter((sample) => sample !== common.imitated)) {
    for (let end = 0; end < line.length; end++) expect(traefikClf.read(line.slice(0, end))).toBeUndefined();
  }
});

test("a generic line has no upstream; sizes still tell who answered", () => {
  const fields = fieldsOf(traefikGenericClf, generic);
  expect(fields).toMatchObject({
    status: 502,
    failure: "unclassified",
    origin: "gateway",
    logsUpstream: false,
  });
  const noServer = fieldsOf(traefikGenericClf, generic.replace("502 11", "503 20"));
  expect(noServer).toMatchObject({ failure: "no-endpoint", origin: "gateway" });
});

test("a JSON line gives every field, times from nanoseconds", () => {
  expect(jsonFields(samples.failed)).toEqual({
    endMs: Date.parse("2026-11-20T14:47:01.102Z"),
    exact: true,
    durationMs: 2,
    method: "GET",
    path: "/api",
    request: "GET /api HTTP/1.1",
    host: "shop.example",
    status: 502,
    bodyBytes: 11,
    requestBytes: 0,
    client: "203.0.113.9",
    upstreamName: "shop-api-80@kubernetes",
    attempts: [
      {
        address: "10.42.3.17:8080",
        group: 0,
        durationMs: 2,
        failure: "unclassified",
        message: "body of 11 bytes is Traefik's own",
      },
    ],
    logsUpstream: true,
    failure: "unclassified",
    origin: "gateway",
    originReason: "body of 11 bytes is Traefik's own",
    message: "body of 11 bytes is Traefik's own",
    format: "traefik-json",
  });
});

test("JSON: OriginStatus 0 asked no server; an errors page leaves the origin's size", () => {
  expect(outcomes(samples, jsonFields)).toEqual({
    success: "ok",
    failed: "unclassified by gateway",
    dialTimeout: "connect-timeout by gateway",
    noServer: "no-endpoint by gateway",
    breaker: "config-answer by gateway",
    errorsPage: "unclassified by gateway",
    app502: "app-status by application",
    changed: "config-answer by gateway",
    retried: "ok",
    left: "ok",
    named: "unclassified by gateway",
    few: "unclassified by unknown",
    withHeaders: "unclassified by gateway",
  });
});

test("JSON: retries are failed attempts before the last", () => {
  expect(jsonFields(samples.retried).attempts.map(({ address, failure }) => [address, failure])).toEqual([
    ["-", "unclassified"],
    ["-", "unclassified"],
    ["10.42.3.17:8080", undefined],
  ]);
});

test("JSON: names of the Ingress's Service, headers, dropped fields", () => {
  expect(jsonFields(samples.named).upstreamName).toBe("shop-api-http");
  expect(jsonFields(samples.withHeaders)).toMatchObject({ userAgent: "okhttp/4.12", requestId: "c0d24b36" });
  expect(jsonFields(samples.few)).toMatchObject({
    endMs: Date.parse("2026-11-20T14:47:01Z"),
    exact: false,
    attempts: [],
    logsUpstream: false,
  });
});
