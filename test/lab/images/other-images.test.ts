import { expect, test } from "vitest";
import { programOf } from "../../../lab/images/catalogue.ts";
import { ask, listening, run } from "./image.ts";

test("names that mean nothing here", () => {
  expect(programOf("nginx:1.27")).toBeUndefined();
  expect(programOf("lab/unheard-of:1")).toBeUndefined();
  expect(programOf("lab/shell")).toBeUndefined();
  expect(programOf("lab/node-server:2")).toEqual(programOf("lab/node-server:1"));
});

test("Python's server closes each connection, as HTTP/1.0 does, or keeps it", async () => {
  const old = await listening("lab/python-server:1", { SLOW_PATH: "/slow", SLOW_MS: "300" });
  expect(await ask(old.port, "/")).toMatchObject({ status: 200, body: "ok\n" });
  expect((await ask(old.port, "/slow")).ms).toBeGreaterThanOrEqual(299);
  await expect.poll(() => old.output()).toMatch(/"GET \/slow HTTP\/1\.1" 200 -/);
  const keep = { headers: { connection: "keep-alive" } };
  expect((await ask(old.port, "/", keep)).headers.connection).toBeUndefined();
});

test.each([
  ["graceful", 0, 200],
  ["abrupt", 143, "socket hang up"],
])("Python's server and SIGTERM: %s", async (shutdown, code, seen) => {
  const server = await listening("lab/python-server:1", { SHUTDOWN: shutdown, LATENCY_MS: "4000" });
  const inHand = ask(server.port, "/").then(
    ({ status }) => status,
    (error: Error) => error.message,
  );
  await new Promise((resolve) => setTimeout(resolve, 1000));
  server.process.signal("SIGTERM");
  expect(await server.process.exited).toBe(code);
  expect(await inHand).toBe(seen);
});

test("nginx as a backend, as it is and with a configuration", async () => {
  const plain = run("lab/nginx:1");
  const port = String(plain.port);
  await expect
    .poll(() =>
      ask(plain.port, "/").then(
        (r) => r.status,
        () => 0,
      ),
    )
    .toBe(200);
  await expect.poll(() => plain.output()).toMatch(/ "GET \/ HTTP\/1\.1" 200 2 /);
  plain.process.signal("SIGTERM");
  expect(await plain.process.exited).toBe(0);

  const conf = `server { listen $POD_IP:${port}; location / { proxy_pass http://127.0.0.1:9; } }`;
  const proxy = run("lab/nginx:1", { HTTP_CONF: conf });
  await expect
    .poll(() =>
      ask(proxy.port, "/").then(
        (r) => r.status,
        () => 0,
      ),
    )
    .toBe(0);
  await expect
    .poll(() =>
      ask(Number(port), "/").then(
        (r) => r.status,
        () => 0,
      ),
    )
    .toBe(502);
  await expect
    .poll(() => proxy.output())
    .toMatch(/\[error\] .*connect\(\) failed \(111: .* while connecting to upstream/);
  await expect.poll(() => proxy.output()).toContain("client: 127.0.0.1,");
});

test("a shell command", async () => {
  const shell = run("lab/shell:1", { GREETING: "hello" }, ["-c", "echo $GREETING; exit 4"]);
  expect(await shell.process.exited).toBe(4);
  expect(shell.output()).toBe("hello\n");
});
