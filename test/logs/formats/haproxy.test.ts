import { describe, expect, test } from "vitest";
import { haproxy } from "../../../src/logs/formats/haproxy.ts";
import { readHaproxyEvent } from "../../../src/logs/formats/haproxy-events.ts";
import { community, events, lines, vendor, wrapped } from "../samples/haproxy.ts";
import { fieldsOf, outcomes } from "./outcome.ts";

const read = (line: string) => fieldsOf(haproxy, line);

test("a line gives every field; its end is its start and total time", () => {
  expect(read(community.success)).toEqual({
    endMs: Date.parse("2026-11-20T14:48:55.794Z"),
    exact: true,
    durationMs: 19,
    method: "GET",
    path: "/orders?page=2",
    request: "GET /orders?page=2 HTTP/1.1",
    status: 200,
    bodyBytes: 1893,
    client: "10.42.0.1",
    upstreamName: "shop-orders-8080",
    attempts: [
      {
        address: "shop_orders_8080/srv001",
        group: 0,
        status: 200,
        durationMs: 19,
        connectMs: 1,
        headerMs: 19,
      },
    ],
    logsUpstream: true,
  });
});

test("termination states are classes", () => {
  expect(outcomes(community, read)).toEqual({
    success: "ok",
    refused: "connect-refused by gateway",
    redispatched: "ok",
    unreachable: "unreachable by gateway",
    connectTimeout: "connect-timeout by gateway",
    noServer: "no-endpoint by gateway",
    noServerLeft: "connect-refused by gateway",
    noServerLeftInTime: "connect-timeout by gateway",
    noBackend: "config-answer by gateway",
    queue: "config-answer by gateway",
    queueOfServer: "config-answer by gateway",
    closed: "closed-before-header by gateway",
    responseTimeout: "response-timeout by gateway",
    badResponse: "bad-response by gateway",
    rewriteFailed: "config-answer by gateway",
    cut: "truncated by gateway",
    stalled: "truncated by gateway",
    badChunk: "truncated by gateway",
    app503: "app-status by application",
    app500: "ok",
    ports: "local-resource by gateway",
    sockets: "local-resource by gateway",
    markedDown: "closed-before-header by gateway",
    killed: "truncated by gateway",
    returned: "config-answer by gateway",
    denied: "ok",
    denied503: "config-answer by gateway",
    tarpit: "config-answer by gateway",
    garbage: "ok",
    neverAsked: "ok",
    left: "left",
    leftEarly: "left",
    leftQueue: "left",
    leftMidway: "left",
    webSocket: "ok",
    early: "ok",
    captures: "closed-before-header by gateway",
    tls: "closed-before-header by gateway",
    httpslog: "closed-before-header by gateway",
    ipv6: "connect-refused by gateway",
    namedByAddress: "closed-before-header by gateway",
    longRequest: "closed-before-header by gateway",
  });
});

test("the state is the reason", () => {
  expect(read(community.closed)).toMatchObject({ originReason: "SH--", message: /^SH--: the server closed/ });
  expect(read(community.captures).originReason).toBe("SHVN");
  expect(read(community.app503).originReason).toBe("---- with a response time");
});

const failures = (line: string) => read(line).attempts.map(({ address, failure }) => [address, failure]);

describe("attempts", () => {
  test("each retry is one that failed, at the server named or, after a redispatch, at another", () => {
    expect(failures(community.refused)).toEqual(
      Array.from({ length: 4 }, () => ["shop_orders_8080/srv001", "connect-refused"]),
    );
    expect(failures(community.redispatched)).toEqual([
      ["-", "connect-refused"],
      ["shop_orders_8080/srv002", undefined],
    ]);
  });

  test("without a server or behind a queue there is none", () => {
    for (const line of [community.noServer, community.noBackend, community.queue, community.queueOfServer]) {
      expect(read(line).attempts).toEqual([]);
    }
    expect(read(community.noBackend)).not.toHaveProperty("upstreamName");
    expect(read(community.leftQueue).attempts).toEqual([]);
  });

  test("stages that were not reached have no time", () => {
    expect(read(community.connectTimeout).attempts.at(-1)).toMatchObject({ connectMs: null, headerMs: null });
    expect(read(community.responseTimeout).attempts).toMatchObject([
      { durationMs: 50_001, connectMs: 0, headerMs: null },
    ]);
  });

  test("a server named by its address is known by it", () => {
    expect(read(community.ipv6).attempts[0]?.address).toBe("[fd00::17]:8080");
    expect(read(community.namedByAddress).attempts[0]?.address).toBe("10.42.3.17:8080");
  });
});

test("clients, hosts and user agents", () => {
  expect(read(community.ipv6).client).toBe("2001:db8::9");
  expect(read(community.namedByAddress).client).toBe("203.0.113.9");
  expect(read(community.captures)).toMatchObject({
    host: "shop.example",
    userAgent: "Mozilla/5.0 (X11; {x}) Firefox/132.0",
    path: "/orders",
  });
  expect(read(community.tls)).toMatchObject({ host: "shop.example", path: "/orders" });
  expect(read(community.garbage)).toMatchObject({ method: "", path: "<BADREQ>", status: 400 });
});

test("logged at its headers, a request has no duration yet", () => {
  expect(read(community.early)).not.toHaveProperty("durationMs");
  expect(read(community.early).attempts[0]).not.toHaveProperty("durationMs");
});

test("haproxytech's controller writes the host before the path and `svc` into names", () => {
  expect(read(vendor.refused)).toMatchObject({
    method: "GET",
    path: "/orders",
    host: "shop.example",
    upstreamName: "shop-orders-http",
    failure: "connect-refused",
  });
  expect(read(vendor.standalone)).toMatchObject({ host: "shop.example", upstreamName: "shop-orders-8080" });
  expect(read(vendor.quoteInPath).path).toBe('/a"b');
});

test("what syslog puts before a line changes nothing", () => {
  for (const line of Object.values(wrapped)) expect(read(line)).toEqual(read(community.closed));
});

test("a line that was cut is none, wherever it was cut", () => {
  const whole = lines.filter((line) => line !== community.longRequest && line !== community.httpslog);
  for (const line of whole) {
    const cuts = Array.from({ length: line.length }, (_, end) => line.slice(0, end));
    expect(cuts.filter((cut) => haproxy.read(cut) !== undefined)).toEqual([]);
  }
});

test.each(["31/Feb/2026:14:48:55.775", "20/Foo/2026:14:48:55.775", "20/Nov/2026:25:48:55.775"])(
  "no such time, no line: %s",
  (time) => {
    expect(haproxy.read(community.success.replace("20/Nov/2026:14:48:55.775", time))).toBeUndefined();
  },
);

test("a user agent that imitates a line changes nothing of its own", () => {
  const imitation = `{x|a/1#22} ${community.cut}`;
  const line = community.closed.replace(' "POST', ` {${imitation.slice(1, 5)}} {} "POST`);
  expect(read(line)).toMatchObject({ status: 502, failure: "closed-before-header" });
});

test("lines about servers and the process", () => {
  const kinds = Object.entries(events).map(([name, line]) => [name, readHaproxyEvent(line)]);
  expect(Object.fromEntries(kinds)).toEqual({
    down: { kind: "server-down", about: "shop/web" },
    backupDown: { kind: "server-down", about: "shop/web" },
    up: { kind: "server-up", about: "shop/web" },
    maintenance: { kind: "server-down", about: "shop/orders" },
    wasDown: { kind: "server-down", about: "shop/orders" },
    ready: { kind: "server-up", about: "shop/orders" },
    stopping: { kind: "server-down", about: "static/web1" },
    noServer: { kind: "no-server", about: "shop/web" },
    noServerOnStderr: { kind: "no-server", about: "static" },
    noPorts: { kind: "no-local-port", about: "shop/web" },
    descriptors: { kind: "descriptors", about: "http-in" },
    badConfig: { kind: "reload-failed" },
    oldStderr: { kind: "reload" },
    worker: { kind: "started" },
    check: {},
    proxy: {},
    tcp: {},
  });
  expect(readHaproxyEvent("Server listening on 8080")).toBeUndefined();
  expect(readHaproxyEvent(community.closed)).toBeUndefined();
});

test("tries before no server was left are attempts at nobody knows which of them", () => {
  const fields = read(community.noServerLeft);
  expect(fields?.attempts.map(({ address, failure }) => [address, failure])).toEqual([
    ["-", "connect-refused"],
    ["-", "connect-refused"],
  ]);
});
