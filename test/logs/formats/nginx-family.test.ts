import { expect, test } from "vitest";
import { apisix } from "../../../src/logs/formats/apisix.ts";
import { kong } from "../../../src/logs/formats/kong.ts";
import { kongPage } from "../../../src/logs/formats/kong-pages.ts";
import { nginxF5 } from "../../../src/logs/formats/nginx-f5.ts";
import { onlyRequest, scanText } from "../log-text.ts";
import { id as apisixId, lines as apisixLines, samples as ofApisix } from "../samples/apisix.ts";
import { id as kongId, lines as kongLines, samples as ofKong } from "../samples/kong.ts";
import { lines as f5Lines, samples as ofF5 } from "../samples/nginx-f5.ts";
import { fieldsOf, outcomes } from "./outcome.ts";

test("F5's line: client, time in its zone, path; the forwarded header is not the client", () => {
  expect(fieldsOf(nginxF5, ofF5.ipv6)).toEqual({
    endMs: Date.parse("2026-11-20T14:47:01Z"),
    exact: false,
    method: "GET",
    path: "/cart",
    request: "GET /cart HTTP/1.1",
    status: 502,
    bodyBytes: 157,
    client: "2001:db8::9",
    userAgent: "curl/8.11",
    attempts: [],
    logsUpstream: false,
  });
  expect(fieldsOf(nginxF5, ofF5.quotes)).toMatchObject({ path: '/a"b', userAgent: 'x" "y' });
});

test.each([
  [ofF5.failed, "gateway"],
  [ofF5.padded, "gateway"],
  [ofF5.other, "unknown"],
])("F5's own pages are longer by their version: %s", (line, origin) => {
  expect(onlyRequest(scanText(line))).toMatchObject({ failure: "unclassified", origin });
});

const f5Error = (message: string, upstream: string): string =>
  `2026/11/20 14:47:01 [error] 25#25: *91 ${message} while connecting to upstream, client: 10.42.0.1, server: shop.example, request: "GET /cart HTTP/1.1", upstream: "${upstream}", host: "shop.example"`;

test.each([
  ["no live upstreams", "http://shop-shop-ingress-shop.example-web-80/cart"],
  [
    "connect() to unix:/var/lib/nginx/nginx-502-server.sock failed (2: No such file or directory)",
    "http://unix:/var/lib/nginx/nginx-502-server.sock/cart",
  ],
])("F5's error log gives the attempt: %s", (message, upstream) => {
  const request = onlyRequest(scanText(`${ofF5.failed}\n${f5Error(message, upstream)}`));
  expect(request).toMatchObject({ failure: "no-endpoint", origin: "gateway" });
  expect(request.attempts).toMatchObject([{ failure: "no-endpoint" }]);
});

test("Kong's line has the request's id; the size of its own bodies says what it said", () => {
  expect(outcomes(ofKong, (line) => fieldsOf(kong, line))).toEqual({
    success: "ok",
    bad: "unclassified by gateway",
    badAsText: "unclassified by gateway",
    unresolved: "no-endpoint by gateway",
    noPeer: "unclassified by gateway",
    noService: "config-answer by gateway",
    timeout: "unclassified by gateway",
    unexpected: "unclassified by gateway",
    app503: "ok",
    head: "ok",
    noId: "ok",
    ipv6: "unclassified by gateway",
  });
  expect(fieldsOf(kong, ofKong.success)).toMatchObject({ requestId: kongId, userAgent: "curl/8.11" });
  expect(fieldsOf(kong, ofKong.noId)).not.toHaveProperty("requestId");
});

test("two of Kong's answers with one size leave it open which it was", () => {
  expect(kongPage(503, `{\n  "message":"name resolution failed"\n}`.length)?.failure).toBe("no-endpoint");
  expect(fieldsOf(kong, ofKong.noPeer).message).toMatch(/currently unavailable, or failure to get a peer/);
  expect(kongPage(503, 5000)).toBeUndefined();
});

test("Kong's error line gives what the access line has not", () => {
  const error = `2026/11/20 14:47:01 [error] 1315#0: *4821 connect() failed (111: Connection refused) while connecting to upstream, client: 203.0.113.9, server: kong, request: "GET /orders HTTP/1.1", upstream: "http://10.42.3.17:8080/orders", host: "shop.example", request_id: "${kongId}"`;
  expect(onlyRequest(scanText(`${error}\n${ofKong.bad}`))).toMatchObject({
    failure: "connect-refused",
    origin: "gateway",
    attempts: [{ address: "10.42.3.17:8080", failure: "connect-refused" }],
  });
});

test("APISIX's line gives lists, host and id", () => {
  expect(fieldsOf(apisix, ofApisix.masked)).toEqual({
    endMs: Date.parse("2026-11-20T14:47:01Z"),
    exact: false,
    durationMs: 21,
    method: "GET",
    path: "/orders",
    request: "GET /orders HTTP/1.1",
    host: "shop.example",
    status: 200,
    bodyBytes: 512,
    client: "203.0.113.9",
    userAgent: "curl/8.11",
    requestId: apisixId,
    attempts: [
      { address: "10.42.3.17:8080", group: 0, status: 502, durationMs: 1 },
      { address: "10.42.5.8:8080", group: 0, status: 200, durationMs: 19 },
    ],
    logsUpstream: true,
  });
});

const addresses = (line: string) => fieldsOf(apisix, line).attempts.map(({ address }) => address);

test("a trailing empty group is no attempt", () => {
  expect(addresses(ofApisix.trailing)).toEqual(["10.42.3.17:8080", "10.42.5.8:8080"]);
  expect(addresses(ofApisix.ipv6)).toEqual(["[fd00::17]:8080"]);
  expect(addresses(ofApisix.noNode)).toEqual([]);
});

test.each([
  [ofApisix.bothFail, "unclassified", "gateway"],
  [ofApisix.older, "unclassified", "gateway"],
  [ofApisix.app502, "app-status", "application"],
  [ofApisix.noNode, "unclassified", "gateway"],
])("APISIX's own page is not the server's: %s", (line, failure, origin) => {
  expect(onlyRequest(scanText(line))).toMatchObject({ failure, origin });
});

test("APISIX's error line says that there was no node", () => {
  const error = `2026/11/20 14:47:01 [error] 48#48: *7 [lua] init.lua:646: handle_upstream(): failed to set upstream: no valid upstream node, client: 203.0.113.9, server: _, request: "GET /orders HTTP/1.1", host: "shop.example", request_id: "${apisixId}"`;
  expect(onlyRequest(scanText(`${ofApisix.noNode}\n${error}`))).toMatchObject({
    failure: "no-endpoint",
    origin: "gateway",
    message: /no valid upstream node/,
  });
});

test.each([
  ["nginx-f5", nginxF5, f5Lines],
  ["kong", kong, kongLines],
  ["apisix", apisix, apisixLines],
] as const)("a line of %s that was cut is none", (_, format, lines) => {
  const isOlder = (cut: string): boolean => format === apisix && /:\/\/\S*"$/.test(cut);
  for (const line of lines) {
    const cuts = Array.from({ length: line.length }, (_unused, end) => line.slice(0, end));
    expect(cuts.filter((cut) => format.read(cut) !== undefined && !isOlder(cut))).toEqual([]);
  }
});
