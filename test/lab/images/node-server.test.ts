import { connect as connectHttp2 } from "node:http2";
import { connect } from "node:net";
import { connect as connectTls, type PeerCertificate } from "node:tls";
import { expect, test } from "vitest";
import type { Route } from "../../../lab/images/node-server/config.ts";
import { ask, heldDependency, host, listening, run } from "./image.ts";

const image = "lab/node-server:1";
const routes = (...all: Route[]): string => JSON.stringify(all);

test("answers its routes, and logs like an application", async () => {
  const server = await listening(image, {
    ROUTES: routes(
      { path: "/slow", latencyMs: 300 },
      { path: "/api/*", status: 500 },
      { path: "/big", bodyBytes: 5000, headerBytes: 9000 },
      { path: "/odd", status: 503, every: 2 },
    ),
  });
  expect((await ask(server.port, "/slow?x=1")).ms).toBeGreaterThanOrEqual(299);
  expect(await ask(server.port, "/api/v1", { headers: { "x-request-id": "r-1" } })).toMatchObject({
    status: 500,
    isWhole: true,
  });
  const big = await ask(server.port, "/big");
  expect([big.body.length, big.headers["x-session"]?.length]).toEqual([5000, 9000]);
  const odd = await Promise.all([ask(server.port, "/odd"), ask(server.port, "/odd")]);
  expect(odd.map((reply) => reply.status).sort()).toEqual([200, 503]);
  expect((await ask(server.port, "/healthz")).status).toBe(200);
  await expect.poll(() => server.output()).toContain('"path":"/odd","status":503');
  const lines = server
    .output()
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as object);
  expect(lines).toContainEqual(
    expect.objectContaining({ msg: "request completed", path: "/api/v1", status: 500, requestId: "r-1" }),
  );
  // Probes are not logged.
  expect(lines).not.toContainEqual(expect.objectContaining({ path: "/healthz" }));
});

test("breaks its answers on request", async () => {
  const server = await listening(image, {
    ROUTES: routes(
      { path: "/cut", cut: true, bodyBytes: 1000 },
      { path: "/closed", closeBeforeHeader: true },
      { path: "/reset", closeBeforeHeader: "reset" },
      { path: "/status-line", malformed: "status-line" },
      { path: "/header", malformed: "header" },
      { path: "/lengths", malformed: "lengths" },
    ),
  });
  expect(await ask(server.port, "/cut")).toMatchObject({ status: 200, isWhole: false });
  await expect(ask(server.port, "/closed")).rejects.toThrow("socket hang up");
  await expect(ask(server.port, "/reset")).rejects.toThrow("ECONNRESET");
  for (const path of ["/status-line", "/header", "/lengths"])
    await expect(ask(server.port, path)).rejects.toThrow("Parse Error");
});

test("asks its dependency, and says what came of it", async () => {
  const dependency = await listening(image, {
    ROUTES: routes({ path: "/late", latencyMs: 5000 }, { path: "/bad", status: 500 }),
  });
  const url = `http://${host}:${dependency.port}`;
  const server = await listening(image, {
    LOG_FORMAT: "plain",
    ROUTES: routes(
      { path: "/fine", callsUrl: url },
      { path: "/late", callsUrl: `${url}/late`, callTimeoutMs: 200 },
      { path: "/bad", callsUrl: `${url}/bad` },
      { path: "/gone", callsUrl: "http://127.0.0.1:9", failStatus: 503 },
    ),
  });
  const statuses = await Promise.all(
    ["/fine", "/late", "/bad", "/gone"].map(async (path) => (await ask(server.port, path)).status),
  );
  expect(statuses).toEqual([200, 504, 502, 503]);
  await expect
    .poll(() => server.output())
    .toMatch(/ERROR dependency call failed url=\S+\/late error=timeout of 200ms exceeded/);
  await expect.poll(() => server.output()).toMatch(/error=connect ECONNREFUSED 127\.0\.0\.1:9/);
});

test("a pool lets the others wait, or turns them away", async () => {
  const held = await heldDependency();
  const env = { ROUTES: routes({ path: "/beside", pool: false }, { path: "/*", callsUrl: held.url }) };
  const server = await listening(image, { ...env, POOL: "1", POOL_QUEUE: "1", HEALTH_MODE: "pool" });
  const first = ask(server.port, "/1");
  await expect.poll(held.asked).toBe(1);
  const second = ask(server.port, "/2");
  await ask(server.port, "/beside");
  expect((await ask(server.port, "/3")).status).toBe(503);
  expect(held.asked()).toBe(1);
  held.release();
  expect((await first).status).toBe(200);
  await expect.poll(held.asked).toBe(2);
  let isHealthTold = false;
  const health = ask(server.port, "/healthz").finally(() => (isHealthTold = true));
  await ask(server.port, "/beside");
  expect(isHealthTold).toBe(false);
  held.release();
  expect([(await second).status, (await health).status]).toEqual([200, 200]);
  held.close();
});

test("a request that waits too long for a worker is turned away, and the next one has its place", async () => {
  const held = await heldDependency();
  const env = { ROUTES: routes({ path: "/1", callsUrl: held.url }) };
  const server = await listening(image, { ...env, POOL: "1", POOL_WAIT_MS: "200" });
  const first = ask(server.port, "/1");
  await expect.poll(held.asked).toBe(1);
  expect((await ask(server.port, "/2")).status).toBe(503);
  held.release();
  expect((await first).status).toBe(200);
  expect((await ask(server.port, "/3")).status).toBe(200);
  held.close();
});

/** Uses a connection once and waits until the server closes it; `onEnd` hears that it did. */
const idle = async (port: number, onEnd: () => void, path = "/"): Promise<void> => {
  const socket = connect({ host, port });
  socket.write(`GET ${path} HTTP/1.1\r\nHost: shop\r\n\r\n`);
  await new Promise((resolve) => socket.once("data", resolve));
  await new Promise((resolve) => socket.once("end", resolve));
  onEnd();
  socket.destroy();
};

test("closes an idle connection after its keep-alive time", async () => {
  const closed: string[] = [];
  await Promise.all(
    // 5 s are Node's own.
    ["9000", undefined, "1000"].map(async (keepAlive = "own") => {
      const env = keepAlive === "own" ? {} : { KEEP_ALIVE_MS: keepAlive };
      const server = await listening(image, env);
      await idle(server.port, () => closed.push(keepAlive));
    }),
  );
  expect(closed).toEqual(["1000", "own", "9000"]);
});

test.each([
  ["graceful", 0, 200],
  ["exit-at-once", 0, "socket hang up"],
  ["abrupt", 143, "socket hang up"],
])("SIGTERM with SHUTDOWN=%s", async (shutdown, code, seen) => {
  const held = await heldDependency();
  const server = await listening(image, {
    SHUTDOWN: shutdown,
    ROUTES: routes({ path: "/*", callsUrl: held.url }),
  });
  const inHand = ask(server.port, "/").then(
    ({ status }) => status,
    (error: Error) => error.message,
  );
  await expect.poll(held.asked).toBe(1);
  server.process.signal("SIGTERM");
  await expect.poll(() => server.output()).toContain("SIGTERM received, shutting down");
  held.release();
  expect(await server.process.exited).toBe(code);
  expect(await inHand).toBe(seen);
  held.close();
  expect(server.output().includes("shutdown complete")).toBe(shutdown === "graceful");
});

test("SIGTERM is ignored, or answered after a drain", async () => {
  const deaf = await listening(image, { SHUTDOWN: "ignore" });
  const draining = await listening(image, { DRAIN_MS: "4000" });
  deaf.process.signal("SIGTERM");
  draining.process.signal("SIGTERM");
  await expect.poll(() => draining.output()).toContain("SIGTERM received");
  expect((await ask(deaf.port, "/")).status).toBe(200);
  expect((await ask(draining.port, "/")).status).toBe(200);
  expect(await draining.process.exited).toBe(0);
  await expect(ask(draining.port, "/")).rejects.toThrow("ECONNREFUSED");
});

test("starts late, warms up, and is ready later still", async () => {
  const server = run(image, { START_DELAY_MS: "1500", WARM_UP_MS: "100000", READY_AFTER_MS: "100000" });
  await expect(ask(server.port, "/")).rejects.toThrow("ECONNREFUSED");
  await expect.poll(() => server.output()).toContain("listening on");
  expect((await ask(server.port, "/")).ms).toBeGreaterThanOrEqual(300);
  expect((await ask(server.port, "/healthz")).status).toBe(503);
});

test("ends itself", async () => {
  const missing = run(image, { REQUIRED_ENV: "DATABASE_URL" });
  expect(await missing.process.exited).toBe(1);
  await expect.poll(() => missing.output()).toContain("configuration error: DATABASE_URL is not set");
  const crashing = await listening(image, { CRASH_AFTER_REQUESTS: "2", CRASH_CODE: "7" });
  expect((await ask(crashing.port, "/")).status).toBe(200);
  await expect(ask(crashing.port, "/")).rejects.toThrow("socket hang up");
  expect(await crashing.process.exited).toBe(7);
  const timed = run(image, { CRASH_AFTER_MS: "100" });
  expect(await timed.process.exited).toBe(1);
});

test("stands still", async () => {
  const server = await listening(image, { PAUSE: "400/500" });
  const times = await Promise.all(
    [0, 150, 300, 450, 600, 750].map(async (waitMs) => {
      await new Promise((resolve) => setTimeout(resolve, waitMs));
      return (await ask(server.port, "/")).ms;
    }),
  );
  expect(Math.max(...times)).toBeGreaterThanOrEqual(100);
});

test("leaks and burns", async () => {
  const server = await listening(image, { ROUTES: routes({ path: "/*", allocMb: 20, cpuMs: 300 }) });
  // Its other threads use some of that time beside it.
  expect((await ask(server.port, "/")).ms).toBeGreaterThanOrEqual(150);
});

const certificateOf = (port: number): Promise<PeerCertificate> =>
  new Promise((resolve, reject) => {
    const socket = connectTls({ host, port, rejectUnauthorized: false }, () => {
      resolve(socket.getPeerCertificate());
      socket.destroy();
    });
    socket.on("error", reject);
  });

test.each([
  ["1", "localhost", true],
  ["expired", "localhost", false],
  ["other-name", "legacy.internal.example", true],
])("TLS=%s", async (tls, name, isInTime) => {
  const server = await listening(image, { TLS: tls });
  const certificate = await certificateOf(server.port);
  expect(certificate.subject.CN).toBe(name);
  expect(Date.parse(certificate.valid_to) > Date.now()).toBe(isInTime);
  await expect(ask(server.port, "/")).rejects.toThrow("socket hang up");
});

test("HTTP/2 without TLS", async () => {
  const server = await listening(image, { H2C: "1" });
  const client = connectHttp2(`http://${host}:${server.port}`);
  const status = await new Promise((resolve) => {
    const stream = client.request({ ":path": "/cart" });
    stream.on("response", (headers) => resolve(headers[":status"])).resume();
  });
  client.close();
  expect(status).toBe(200);
  // Who speaks HTTP/1.1 gets a frame for an answer.
  await expect(ask(server.port, "/")).rejects.toThrow("Parse Error");
  server.process.signal("SIGTERM");
  expect(await server.process.exited).toBe(0);
});

test("more connections than allowed are closed", async () => {
  const server = await listening(image, { MAX_CONNECTIONS: "1" });
  const first = connect({ host, port: server.port });
  await new Promise((resolve) => first.once("connect", resolve));
  await expect(ask(server.port, "/")).rejects.toThrow(/ECONNRESET|socket hang up/);
  first.destroy();
});

test("a worker that dies takes its requests along, and another takes its place", async () => {
  const server = await listening(image, {
    WORKERS: "2",
    ROUTES: routes({ path: "/bad", crash: true }),
    LOG_FORMAT: "plain",
  });
  await expect.poll(() => server.output().match(/listening on/g)?.length).toBe(2);
  await expect(ask(server.port, "/bad")).rejects.toThrow("socket hang up");
  expect((await ask(server.port, "/")).status).toBe(200);
  await expect.poll(() => server.output()).toMatch(/ERROR worker died, starting another pid=\d+ code=1/);
  await expect
    .poll(() => server.output())
    .toContain("TypeError: Cannot read properties of undefined (reading 'items')");
  await expect.poll(() => server.output().match(/listening on/g)?.length).toBe(3);
  server.process.signal("SIGTERM");
  expect(await server.process.exited).toBe(0);
});

test("closes connections after an answer, announced or not", async () => {
  const server = await listening(image, {
    MAX_REQUESTS_PER_CONNECTION: "1",
    BACKLOG: "4",
  });
  const announced = await ask(server.port, "/", { headers: { connection: "keep-alive" } });
  expect(announced.headers.connection).toBe("close");
  const other = await listening(image, { ROUTES: routes({ path: "/silent", closeAfter: true }) });
  const silent = await ask(other.port, "/silent", { headers: { connection: "keep-alive" } });
  expect(silent.headers.connection).toBe("keep-alive");
  const closed: string[] = [];
  const ways = ["/", "/silent"].map((path) => idle(other.port, () => closed.push(path), path));
  await Promise.all(ways);
  expect(closed).toEqual(["/silent", "/"]);
});
