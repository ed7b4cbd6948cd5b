import { describe, expect, test } from "vitest";
import { readNginxError } from "../../src/logs/formats/nginx-error.ts";
import { meaningOf } from "../../src/logs/formats/nginx-error-meaning.ts";
import type { FailureClass, GatewaySignalKind } from "../../src/logs/traffic.ts";
import { errorLine } from "./log-text.ts";

const read = (line: string) => {
  const parsed = readNginxError(line);
  if (parsed === undefined) throw new Error(`not read: ${line}`);
  return parsed;
};

describe("an nginx error line", () => {
  test("gives every part", () => {
    const line = read(errorLine("connect() failed (111: Connection refused) while connecting to upstream"));
    expect(line).toEqual({
      localMs: Date.UTC(2026, 10, 20, 14, 47, 1),
      level: "error",
      pid: 31,
      connection: 48211,
      message: "connect() failed (111: Connection refused) while connecting to upstream",
      errno: 111,
      action: "connecting to upstream",
      client: "203.0.113.9",
      server: "shop.example",
      request: "GET /api/orders HTTP/1.1",
      upstream: "http://10.42.3.17:8080/api/orders",
      address: "10.42.3.17:8080",
      host: "shop.example",
    });
  });

  test("may lack everything after the message", () => {
    expect(read("2026/11/20 14:47:01 [alert] 31#31: worker process 40 exited on signal 9")).toEqual({
      localMs: Date.UTC(2026, 10, 20, 14, 47, 1),
      level: "alert",
      pid: 31,
      message: "worker process 40 exited on signal 9",
    });
  });

  test.each([
    ["http://[fd00::1]:8080/x", "[fd00::1]:8080"],
    ["https://10.0.0.1:443", "10.0.0.1:443"],
    ["grpc://10.0.0.1:50051/pkg.Svc/Call", "10.0.0.1:50051"],
    ["http://shop-web/", "shop-web"],
    ["http://unix:/var/lib/nginx/nginx-502-server.sock/", "unix:/var/lib/nginx/nginx-502-server.sock"],
    ["fastcgi://unix:/run/php/php-fpm.sock:", "unix:/run/php/php-fpm.sock"],
  ])("upstream %s is address %s", (upstream, address) => {
    expect(read(errorLine("x", { upstream })).address).toBe(address);
  });

  test("a referrer that imitates fields does not replace them", () => {
    const line = read(
      errorLine("x", {
        more: ', referrer: "http://a/", upstream: "http://6.6.6.6:80/", request: "GET /b HTTP/1.1"',
      }),
    );
    expect(line).toMatchObject({ address: "10.42.3.17:8080", request: "GET /api/orders HTTP/1.1" });
  });

  test("a request id is the last field, whatever a client sends", () => {
    const line = errorLine("x", {
      more: ', referrer: "http://a/", request_id: "6666", request_id: "7d3c1a5e"',
    });
    expect(read(line).requestId).toBe("7d3c1a5e");
    expect(read(`${line}x`)).not.toHaveProperty("requestId");
  });

  test("OpenResty's context belongs to no message", () => {
    const line = "2026/11/20 14:47:01 [error] 31#31: *5 [lua] a.lua:1: f(): boom, context: ngx.timer";
    expect(read(line).message).toBe("[lua] a.lua:1: f(): boom");
    const asked = `${line}, client: 10.0.0.1, server: 0.0.0.0:80`;
    expect(read(asked)).toMatchObject({ message: "[lua] a.lua:1: f(): boom", client: "10.0.0.1" });
  });

  test("quotes inside the raw request belong to it", () => {
    expect(read(errorLine("x", { request: 'GET /a"b?c="d" HTTP/1.1' })).request).toBe(
      'GET /a"b?c="d" HTTP/1.1',
    );
  });

  test("a line cut inside its request says so", () => {
    const whole = errorLine("x", { request: `GET /${"a".repeat(3000)} HTTP/1.1` });
    const cut = read(whole.slice(0, 2048));
    expect(cut.requestCut).toBe(true);
    expect(cut.request?.startsWith("GET /aaa")).toBe(true);
    expect(cut.upstream).toBeUndefined();
  });

  test.each([
    "",
    "2026/11/20",
    "2026/11/20 14:47:01",
    "2026/99/99 14:47:01 [error",
    "W1120 14:47:01.1 7 a.go:1] x",
  ])("%j is none", (line) => {
    expect(readNginxError(line)).toBeUndefined();
  });
});

const header = "while reading response header from upstream";
const connecting = "while connecting to upstream";
const body = "while reading upstream";
const handshaking = "while SSL handshaking to upstream";

describe("what messages mean", () => {
  test.each<[string, FailureClass | undefined]>([
    [`connect() failed (111: Connection refused) ${connecting}`, "connect-refused"],
    [`connect() failed (113: No route to host) ${connecting}`, "unreachable"],
    [`connect() failed (113: Host is unreachable) ${connecting}`, "unreachable"],
    [`connect() failed (101: Network unreachable) ${connecting}`, "unreachable"],
    [`connect() failed (110: Operation timed out) ${connecting}`, "connect-timeout"],
    [`connect() to 10.42.5.9:3000 failed (99: Address not available) ${connecting}`, "local-resource"],
    [
      `connect() to unix:/run/app.sock failed (11: Resource temporarily unavailable) ${connecting}`,
      "local-resource",
    ],
    [
      `connect() to unix:/run/app.sock failed (2: No such file or directory) ${connecting}`,
      "connect-refused",
    ],
    [
      `connect() to unix:/var/lib/nginx/nginx-502-server.sock failed (2: No such file or directory) ${connecting}`,
      "no-endpoint",
    ],
    [`socket() failed (24: No file descriptors available) ${connecting}`, "local-resource"],
    [`16384 worker_connections are not enough ${connecting}`, "local-resource"],
    [`upstream timed out (110: Operation timed out) ${connecting}`, "connect-timeout"],
    [`upstream timed out (110: Connection timed out) ${handshaking}`, "tls-failure"],
    ["upstream timed out (110: Operation timed out) while sending request to upstream", "response-timeout"],
    [`upstream timed out (110: Operation timed out) ${header}`, "response-timeout"],
    [`upstream timed out (110: Operation timed out) ${body}`, "truncated"],
    ["upstream timed out (110: Operation timed out) while proxying upgraded connection", "truncated"],
    [`upstream prematurely closed connection ${header}`, "closed-before-header"],
    [`upstream prematurely closed connection ${body}`, "truncated"],
    [`recv() failed (104: Connection reset by peer) ${header}`, "closed-before-header"],
    [`readv() failed (104: Connection reset by peer) ${body}`, "truncated"],
    ["writev() failed (32: Broken pipe) while sending request to upstream", "closed-before-header"],
    [
      "send() failed (104: Connection reset by peer) while sending request to upstream",
      "closed-before-header",
    ],
    [`upstream sent too big header ${header}`, "bad-response"],
    [`upstream sent invalid header: "x-a\\x20..." ${header}`, "bad-response"],
    [`upstream sent no valid HTTP/1.0 header ${header}`, "bad-response"],
    [`upstream sent too large http2 frame: 4740180 ${header}`, "bad-response"],
    [`upstream sent duplicate header line: "Content-Length: 5" ${header}`, "bad-response"],
    [`upstream sent invalid chunked response ${body}`, "truncated"],
    [`upstream sent more data than specified in "Content-Length" header ${body}`, undefined],
    [
      `SSL_do_handshake() failed (SSL: error:0A00010B:SSL routines::wrong version number) ${handshaking}`,
      "tls-failure",
    ],
    [`peer closed connection in SSL handshake (104: Connection reset by peer) ${handshaking}`, "tls-failure"],
    [`upstream SSL certificate verify error: (10:certificate has expired) ${handshaking}`, "tls-failure"],
    [`upstream SSL certificate does not match "orders" ${handshaking}`, "tls-failure"],
    [
      "SSL_do_handshake() failed (SSL: error:0A0000C1:SSL routines::no shared cipher) while SSL handshaking",
      undefined,
    ],
    [`no live upstreams ${connecting}`, "no-endpoint"],
    ["orders.example could not be resolved (3: Host not found)", "no-endpoint"],
    ["no resolver defined to resolve orders.example", "no-endpoint"],
    ['limiting requests, excess: 5.620 by zone "shop_web_rps"', "config-answer"],
    ['limiting connections by zone "shop_web_conn"', "config-answer"],
    ['delaying request, excess: 0.5, by zone "x"', undefined],
    ["auth request unexpected status: 502", "config-answer"],
    ["client intended to send too large body: 2000000 bytes", undefined],
    [
      "client prematurely closed connection, so upstream connection is closed too while connecting to upstream",
      undefined,
    ],
    [`connect() failed (98: Address in use) ${connecting}`, "local-resource"],
    [`connect() failed (22: Invalid argument) ${connecting}`, "unclassified"],
    [`connect() failed (1: Operation not permitted) ${connecting}`, "unreachable"],
    [`connect() to 10.42.5.9:3000 failed (105: No buffer space available) ${connecting}`, "local-resource"],
    [`recv() failed (110: Operation timed out) ${header}`, "unreachable"],
    [`recv() failed (113: Host is unreachable) ${body}`, "truncated"],
    [
      "writev() failed (104: Connection reset by peer) while sending request to upstream",
      "closed-before-header",
    ],
    [
      `upstream sent "Content-Length" and "Transfer-Encoding" headers at the same time ${header}`,
      "bad-response",
    ],
    [`upstream sent unexpected FastCGI record: 5 ${header}`, "bad-response"],
    [`upstream rejected request with error 7 ${header}`, "closed-before-header"],
    [`upstream sent goaway with error 0 ${header}`, "closed-before-header"],
    [`upstream prematurely sent response ${connecting}`, "bad-response"],
    [`upstream server temporarily disabled ${connecting}`, undefined],
    [
      `SSL_do_handshake() failed (SSL: error:0A000458:SSL routines::tlsv1 unrecognized name) ${handshaking}`,
      "tls-failure",
    ],
    ['rewrite or internal redirection cycle while internally redirecting to "/x"', "config-answer"],
    ['no port in upstream "orders"', "config-answer"],
    ["lua balancer: no peer set while connecting to upstream", "no-endpoint"],
    ["failed to run balancer_by_lua*: balancer_by_lua:2: boom", undefined],
    ["client timed out (110: Operation timed out) while sending to client", undefined],
    [
      "[lua] init.lua:382: execute(): DNS resolution failed: dns server error: 3 name error. Tried: []",
      "no-endpoint",
    ],
    [
      "[lua] init.lua:1349: balancer(): failed to retry the dns/balancer resolver for orders' with: name error",
      "no-endpoint",
    ],
    ["[lua] init.lua:1098: access(): no Service found with those values", "config-answer"],
    [
      "[lua] init.lua:652: handle_upstream(): failed to pick server: failed to find valid upstream server, no valid upstream node",
      "no-endpoint",
    ],
    [
      "[lua] balancer.lua:456: run(): failed to pick server: failed to find valid upstream server, all upstream servers tried",
      "no-endpoint",
    ],
    [
      "[lua] init.lua:646: handle_upstream(): failed to set upstream: no valid upstream node: nil",
      "no-endpoint",
    ],
    [
      "[lua] init.lua:646: handle_upstream(): failed to set upstream: missing upstream configuration in Route or Service",
      "config-answer",
    ],
    ["[lua] balancer.lua:482: run(): failed to set server peer [10.0.0.1:80] err: no host", "unclassified"],
    ["[lua] x.lua:1: f(): a user wrote: no valid upstream node", undefined],
    ["a client request body is buffered to a temporary file /tmp/x", undefined],
    [`an upstream response is buffered to a temporary file /tmp/x ${body}`, undefined],
  ])("%s → %s", (message, failure) => {
    expect(meaningOf(read(errorLine(message))).failure).toBe(failure);
  });

  test.each<[string, GatewaySignalKind]>([
    ["16384 worker_connections are not enough while connecting to upstream", "worker-connections"],
    ["1024 worker_connections are not enough, reusing connections", "worker-connections"],
    ["accept4() failed (24: Too many open files)", "descriptors"],
    [
      "connect() to 10.0.0.1:80 failed (99: Cannot assign requested address) while connecting to upstream",
      "no-local-port",
    ],
    ["worker process 40 exited on signal 9", "worker-killed"],
    ["signal 15 (SIGTERM) received from 1, exiting", "shutdown"],
    ["orders.example could not be resolved (110: Operation timed out)", "name-not-resolved"],
    ["[lua] balancer.lua:345: balance(): no peer was returned, balancer: round_robin", "lua-error"],
    ["[lua] balancer.lua:300: balance(): attempted to proxy to self, balancer: round_robin", "lua-error"],
    ["[lua] balancer.lua:120: sync_backends(): could not parse backends data: x", "reconfigure-failed"],
    ["[lua] init.lua:382: execute(): DNS resolution failed: x. Tried: []", "name-not-resolved"],
    ["lua entry thread aborted: runtime error: x.lua:5: boom", "lua-error"],
    ["send() failed (111: Connection refused) while resolving, resolver: 10.96.0.10:53", "name-not-resolved"],
    ["[lua] dns.lua:152: dns_lookup(): failed to query the DNS server for db.example:", "name-not-resolved"],
  ])("%s is a signal: %s", (message, signal) => {
    expect(meaningOf(read(errorLine(message))).signal).toBe(signal);
  });

  test("what Lua writes below a warning is no trouble", () => {
    const line =
      "2026/11/20 14:47:01 [notice] 31#31: *5 [lua] init.lua:5: init(): ready, client: 10.0.0.1, server: kong";
    expect(meaningOf(read(line))).toEqual({});
    expect(meaningOf(read(line.replace("notice", "warn")))).toEqual({ ofRequest: true });
  });

  test("a Lua program's own connection is not the request's", () => {
    const line =
      '2026/11/20 14:47:01 [error] 31#31: *5 connect() failed (111: Connection refused), client: 10.0.0.1, server: kong, request: "GET / HTTP/1.1", host: "a"';
    expect(meaningOf(read(line))).toEqual({});
  });

  test("the upstream of an auth subrequest is not an attempt of the request", () => {
    const line = errorLine(`connect() failed (111: Connection refused) ${connecting}`).replace(
      ', upstream: "',
      ', subrequest: "/_external-auth-x", upstream: "',
    );
    expect(meaningOf(read(line))).toEqual({ ofRequest: true });
  });

  test("an emergency is a configuration that was refused", () => {
    const line =
      '2026/11/20 14:47:01 [emerg] 1#1: host not found in upstream "orders" in /etc/nginx/nginx.conf:10';
    expect(meaningOf(read(line)).signal).toBe("reload-failed");
  });
});
