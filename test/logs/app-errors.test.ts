import { describe, expect, test } from "vitest";
import type { AppSignal } from "../../src/logs/traffic.ts";
import { briefly } from "./app-text.ts";

const pool = (cause: string): string =>
  `requests.exceptions.ConnectionError: HTTPConnectionPool(host='orders', port=80): ${cause}`;

describe("names that do not resolve", () => {
  test.each<[string, string | undefined, string]>([
    ["Error: getaddrinfo EAI_AGAIN redis-cart", "redis-cart", "timeout"],
    ["Error: getaddrinfo ENOTFOUND orders.shop.svc", "orders.shop.svc", "nxdomain"],
    ["dial tcp: lookup orders on 10.96.0.10:53: no such host", "orders", "nxdomain"],
    [
      "dial tcp: lookup orders on 10.96.0.10:53: read udp 10.42.0.3:4000->10.96.0.10:53: i/o timeout",
      "orders",
      "timeout",
    ],
    ["dial tcp: lookup orders on 10.96.0.10:53: server misbehaving", "orders", "servfail"],
    ["java.net.UnknownHostException: orders", "orders", "nxdomain"],
    ["java.net.UnknownHostException: orders: Temporary failure in name resolution", "orders", "timeout"],
    [
      'psycopg2.OperationalError: could not translate host name "db" to address: Name or service not known',
      "db",
      "nxdomain",
    ],
    [
      pool(
        "Max retries exceeded (Caused by NameResolutionError(\"<x>: Failed to resolve 'orders' ([Errno -3] Temporary failure in name resolution)\"))",
      ),
      "orders",
      "timeout",
    ],
    ["socket.gaierror: [Errno -2] Name or service not known", undefined, "nxdomain"],
    ["System.Net.Http.HttpRequestException: Name or service not known (orders:80)", "orders", "nxdomain"],
    ["curl: (6) Could not resolve host: orders", "orders", "nxdomain"],
    [
      'nginx: [emerg] host not found in upstream "orders" in /etc/nginx/conf.d/a.conf:3',
      "orders",
      "nxdomain",
    ],
    [
      "PHP Warning: php_network_getaddresses: getaddrinfo for db failed: Name does not resolve",
      "db",
      "nxdomain",
    ],
    [
      "DNS resolution failed for orders:50051: C-ares status is not ARES_SUCCESS: Timeout while contacting DNS servers",
      "orders",
      "timeout",
    ],
  ])("%s", (line, peer, detail) => {
    expect(briefly(line)).toEqual([{ kind: "dns-error", ...(peer === undefined ? {} : { peer }), detail }]);
  });
});

describe("connections that fail", () => {
  test.each<[string, string | undefined, string | undefined]>([
    ["Error: connect ECONNREFUSED 10.0.0.1:5432", "10.0.0.1:5432", "refused"],
    ["Error: connect ECONNREFUSED ::1:5432", "[::1]:5432", "refused"],
    ["Error: connect ETIMEDOUT 10.0.0.1:5432", "10.0.0.1:5432", "timeout"],
    ["Error: connect EHOSTUNREACH 10.0.0.1:5432", "10.0.0.1:5432", "unreachable"],
    ["Error: read ECONNRESET", undefined, "reset"],
    ["dial tcp 10.96.3.4:3550: connect: connection refused", "10.96.3.4:3550", "refused"],
    ["dial tcp [fd00::5]:3550: connect: no route to host", "[fd00::5]:3550", "unreachable"],
    ["dial tcp 10.96.3.4:3550: i/o timeout", "10.96.3.4:3550", "timeout"],
    [
      'rpc error: code = Unavailable desc = connection error: desc = "transport: Error while dialing: dial tcp 10.96.3.4:3550: connect: connection refused"',
      "10.96.3.4:3550",
      "refused",
    ],
    ["java.net.ConnectException: Connection refused: orders/10.0.0.1:8080", "orders:8080", "refused"],
    [
      "org.postgresql.util.PSQLException: Connection to db:5432 refused. Check that the hostname and port are correct",
      "db:5432",
      "refused",
    ],
    ["java.net.SocketTimeoutException: Connect timed out", undefined, "timeout"],
    ['connection to server at "db" (10.0.0.1), port 5432 failed: Connection refused', "db:5432", "refused"],
    [
      'could not connect to server: Connection refused Is the server running on host "db" (10.0.0.1) and accepting TCP/IP connections on port 5432?',
      "db:5432",
      "refused",
    ],
    [
      pool(
        "Max retries exceeded with url: /x (Caused by NewConnectionError('<x at 0x7f>: [Errno 111] Connection refused'))",
      ),
      "orders:80",
      "refused",
    ],
    [
      "redis.exceptions.ConnectionError: Error 111 connecting to redis:6379. Connection refused.",
      "redis:6379",
      "refused",
    ],
    ['Errno::ECONNREFUSED: Connection refused - connect(2) for "redis" port 6379', "redis:6379", "refused"],
    ["System.Net.Sockets.SocketException (111): Connection refused (orders:80)", "orders:80", "refused"],
    [
      '2026/11/20 14:47:01 [error] 7#7: *1 connect() failed (111: Connection refused) while connecting to upstream, client: 10.42.0.1, server: _, request: "GET / HTTP/1.1", upstream: "http://10.0.0.1:8080/", host: "x"',
      "10.0.0.1:8080",
      "refused",
    ],
    [
      '{"level":50,"msg":"db","err":{"type":"Error","message":"connect ECONNREFUSED 10.0.0.1:5432","code":"ECONNREFUSED","stack":"Error\\n at x.js:1:2"}}',
      "10.0.0.1:5432",
      "refused",
    ],
    [
      'time="2026-11-20T14:47:01Z" level=error msg="call failed" error="Post \\"http://orders:8080/x\\": dial tcp 10.1.2.3:8080: connect: connection refused"',
      "10.1.2.3:8080",
      "refused",
    ],
  ])("%s", (line, peer, detail) => {
    expect(briefly(line)).toEqual([
      {
        kind: "connect-error",
        ...(peer === undefined ? {} : { peer }),
        ...(detail === undefined ? {} : { detail }),
      },
    ]);
  });
});

describe("calls that take too long", () => {
  test.each<[string, string | undefined]>([
    ["rpc error: code = DeadlineExceeded desc = context deadline exceeded", undefined],
    [pool("Read timed out. (read timeout=5)"), "orders:80"],
    ["query took 32000 ms: SELECT * FROM orders", undefined],
    ["Slow query: SELECT id FROM audit took 12.4s", undefined],
    ["LOG:  duration: 32004.118 ms  statement: SELECT * FROM orders", undefined],
    ["# Query_time: 31.204120  Lock_time: 0.000102 Rows_sent: 1", undefined],
    ["AxiosError: timeout of 5000ms exceeded", undefined],
    ["Error: ESOCKETTIMEDOUT http://pricing:8080/quote", "pricing:8080"],
    ["java.net.SocketTimeoutException: Read timed out", undefined],
    ["ERROR:  canceling statement due to statement timeout", undefined],
    [
      'Get "http://pricing.shop.svc:8080/quote": context deadline exceeded (Client.Timeout exceeded while awaiting headers)',
      "pricing.shop.svc:8080",
    ],
    ["call to https://api.payments.example/charge took 31 seconds", "api.payments.example"],
  ])("%s", (line, peer) => {
    expect(briefly(line)).toEqual([
      { kind: "slow-call", ...(peer === undefined ? {} : { peer }), detail: "timeout" },
    ]);
  });

  test.each([
    "query took 32 ms: SELECT * FROM orders",
    "LOG:  duration: 104.118 ms  statement: SELECT 1",
    "# Query_time: 0.204120  Lock_time: 0.000102",
    "call to https://api.payments.example/charge took 1.9 seconds",
  ])("but not: %s", (line) => {
    expect(briefly(line)).toEqual([]);
  });
});

describe("what else goes wrong", () => {
  test.each<[string, Partial<AppSignal>]>([
    ["Error: listen EADDRINUSE: address already in use :::3000", { kind: "port-in-use", port: 3000 }],
    ["Web server failed to start. Port 8080 was already in use.", { kind: "port-in-use", port: 8080 }],
    ["listen tcp :8080: bind: address already in use", { kind: "port-in-use", port: 8080 }],
    [
      'FATAL:  password authentication failed for user "shop"',
      { kind: "dependency-refusal", peer: "shop", detail: "credentials" },
    ],
    ["NOAUTH Authentication required.", { kind: "dependency-refusal", detail: "credentials" }],
    [
      "FATAL:  sorry, too many clients already",
      { kind: "dependency-refusal", detail: "too-many-connections" },
    ],
    [
      "READONLY You can't write against a read only replica.",
      { kind: "dependency-refusal", detail: "read-only" },
    ],
    [
      'ERROR:  relation "orders" does not exist at character 15',
      { kind: "dependency-refusal", peer: "orders", detail: "schema" },
    ],
    ["FATAL: the database system is starting up", { kind: "dependency-refusal", detail: "not-serving" }],
    [
      "HikariPool-1 - Connection is not available, request timed out after 30000ms.",
      { kind: "pool-exhausted" },
    ],
    [
      "FATAL:  remaining connection slots are reserved for non-replication superuser connections",
      { kind: "dependency-refusal", detail: "too-many-connections" },
    ],
    [
      "WARNING: [pool www] server reached pm.max_children setting (5), consider raising it",
      { kind: "pool-exhausted" },
    ],
    [
      "sqlalchemy.exc.TimeoutError: QueuePool limit of size 5 overflow 10 reached, connection timed out",
      { kind: "pool-exhausted" },
    ],
    ["TimeoutError: ResourceRequest timed out", { kind: "pool-exhausted" }],
    [
      "KnexTimeoutError: Knex: Timeout acquiring a connection. The pool is probably full.",
      { kind: "pool-exhausted" },
    ],
    ["java.lang.OutOfMemoryError: Java heap space", { kind: "out-of-memory" }],
    [
      "FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory",
      { kind: "out-of-memory" },
    ],
    [
      "[2026-11-20 14:47:01 +0000] [1] [ERROR] Worker (pid:7) was sent SIGKILL! Perhaps out of memory?",
      { kind: "out-of-memory" },
    ],
    ["[2026-11-20 14:47:01 +0000] [1] [CRITICAL] WORKER TIMEOUT (pid:7)", { kind: "worker-timeout" }],
    ["[2026-11-20 14:47:01 +0000] [1] [ERROR] Worker (pid:7) was sent SIGABRT!", { kind: "worker-killed" }],
    [
      "[20-Nov-2026 14:47:01] WARNING: [pool www] child 7 exited on signal 11 (SIGSEGV) after 1.2 seconds from start",
      { kind: "worker-killed" },
    ],
    ["accept tcp [::]:8080: accept4: too many open files", { kind: "descriptors" }],
    ["Error: EMFILE, open '/tmp/x'", { kind: "descriptors" }],
    [
      "http: TLS handshake error from 10.42.0.5:4433: tls: first record does not look like a TLS handshake",
      { kind: "tls-error", peer: "10.42.0.5:4433", detail: "plaintext-to-tls" },
    ],
    [
      "code 400, message Bad request version ('\\x16\\x03\\x01')",
      { kind: "tls-error", detail: "tls-to-plaintext" },
    ],
    [
      'Get "https://orders": x509: certificate signed by unknown authority',
      { kind: "tls-error", detail: "certificate" },
    ],
    [
      "Error: EACCES: permission denied, open '/data/db.sqlite'",
      { kind: "permission-denied", peer: "/data/db.sqlite" },
    ],
    [
      "nginx: [emerg] bind() to 0.0.0.0:80 failed (13: Permission denied)",
      { kind: "permission-denied", port: 80 },
    ],
    ["KeyError: 'DATABASE_URL'", { kind: "missing-config", detail: "DATABASE_URL" }],
    [
      'panic: environment variable "CART_SERVICE_ADDR" not set',
      { kind: "missing-config", detail: "CART_SERVICE_ADDR" },
    ],
    [
      "Error: Missing required environment variable: STRIPE_KEY",
      { kind: "missing-config", detail: "STRIPE_KEY" },
    ],
    [
      "Could not resolve placeholder 'db.url' in value \"${db.url}\"",
      { kind: "missing-config", detail: "db.url" },
    ],
    ["Exceeded concurrency limit.", { kind: "overload" }],
    ['*** uWSGI listen queue of socket "0.0.0.0:8000" (fd: 3) full !!! (101/100) ***', { kind: "overload" }],
    ["SIGTERM received, shutting down", { kind: "shutdown" }],
    ["[2026-11-20 14:47:01 +0000] [1] [INFO] Handling signal: term", { kind: "shutdown" }],
    [
      "2026-11-20T14:47:01.123Z  INFO 1 --- [ionShutdownHook] o.s.b.w.e.tomcat.GracefulShutdown : Commencing graceful shutdown. Waiting for active requests to complete",
      { kind: "shutdown" },
    ],
    ["1:M 20 Nov 2026 14:47:01.123 * Ready to accept connections tcp", { kind: "started" }],
    [
      "2026-11-20T14:47:01.123Z  INFO 1 --- [main] shop.Application : Started Application in 8.301 seconds (process running for 9.1)",
      { kind: "started" },
    ],
    ["Error: Cannot find module '/app/server.js'", { kind: "start-failed" }],
    ["panic: runtime error: invalid memory address or nil pointer dereference", { kind: "start-failed" }],
    ["exec /app/server: exec format error", { kind: "start-failed" }],
    ["APPLICATION FAILED TO START", { kind: "start-failed" }],
    ["Traceback (most recent call last):", { kind: "start-failed" }],
  ])("%s", (line, signal) => {
    expect(briefly(line)).toEqual([signal]);
  });

  test("a traceback of one request, after the start, is no failed start", () => {
    const up = "INFO:     Uvicorn running on http://0.0.0.0:8000 (Press CTRL+C to quit)";
    expect(briefly(`${up}\nTraceback (most recent call last):`).map((signal) => signal.kind)).toEqual([
      "listening",
    ]);
  });

  test.each([
    "",
    "GET the order from the queue worker",
    "order 17 shipped to customer 4711 in 12 ms",
    "2026-11-20T14:47:01Z INFO cache refreshed",
    '{"level":"info","msg":"cache refreshed","took":12}',
    "user alice logged in from 10.0.0.9:51234",
  ])("an ordinary line says nothing: %j", (line) => {
    expect(briefly(line)).toEqual([]);
  });
});
