import type { Probe } from "kubernetes-types/core/v1";
import { createServer, type Server } from "node:net";
import { afterAll, expect, test } from "vitest";
import { runProbe } from "../../../lab/kubelet/probes/probe.ts";

/** What the kubelet's events say, word for word, of servers that answer in all sorts of ways. */
const servers: Server[] = [];
afterAll(() => {
  for (const server of servers) server.close();
});

const command = { file: "", args: [], env: { PATH: process.env["PATH"] ?? "" }, cwd: "/" };
const host = "127.0.0.1";

function listen(answer: string | "hang" | "close" | "reset"): Promise<number> {
  const server = createServer((socket) => {
    socket.on("error", () => {});
    socket.once("data", () => {
      if (answer === "hang") return;
      if (answer === "close") socket.destroy();
      else if (answer === "reset") socket.resetAndDestroy();
      else socket.end(answer);
    });
  });
  servers.push(server);
  return new Promise((resolve) => {
    server.listen(0, host, () => resolve((server.address() as { port: number }).port));
  });
}

const run = (probe: Probe) =>
  runProbe(
    { timeoutSeconds: 20, ...probe },
    { spec: { name: "app", ports: [] }, podIp: host, pid: process.pid, command },
  );

const ok = (status: string, headers = ""): string =>
  `HTTP/1.1 ${status}\r\n${headers}Content-Length: 2\r\n\r\nok`;

test.each([
  ["200 OK", "success", ""],
  ["399 Odd", "success", ""],
  ["404 Not Found", "failure", "HTTP probe failed with statuscode: 404"],
  ["503 Service Unavailable", "failure", "HTTP probe failed with statuscode: 503"],
])("%s is %s", async (status, result, output) => {
  const port = await listen(ok(status));
  expect(await run({ httpGet: { port, path: "/healthz" } })).toEqual({ result, output });
});

test.each([
  ["hang", "context deadline exceeded (Client.Timeout exceeded while awaiting headers)"],
  ["close", "EOF"],
  ["reset", "read tcp ADDRESS->ADDRESS: read: connection reset by peer"],
  ["SSH-2.0-x\r\n", 'net/http: HTTP/1.x transport connection broken: malformed HTTP response "SSH-2.0-x"'],
] as const)("%s instead of an answer", async (answer, said) => {
  const port = await listen(answer);
  const hasAnswer = answer !== "hang";
  const outcome = await run({ httpGet: { port, path: "/healthz" }, timeoutSeconds: hasAnswer ? 20 : 0.2 });
  expect(outcome.result).toBe("failure");
  const prefix = `Get "http://127.0.0.1:${port}/healthz": `;
  expect(outcome.output.slice(0, prefix.length)).toBe(prefix);
  expect(outcome.output.slice(prefix.length).replace(/127\.0\.0\.1:\d+/g, "ADDRESS")).toBe(said);
});

test("HTTPS asked of a server that speaks HTTP", async () => {
  const port = await listen("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
  expect(await run({ httpGet: { port, path: "/", scheme: "HTTPS" } })).toEqual({
    result: "failure",
    output: `Get "https://127.0.0.1:${port}/": http: server gave HTTP response to HTTPS client`,
  });
});

test("a redirect is followed on its own host, and passes where it leads elsewhere", async () => {
  const there = await listen(ok("500 No"));
  const inside = await listen(ok("302 Found", `Location: http://127.0.0.1:${there}/x\r\n`));
  const outside = await listen(ok("302 Found", "Location: http://login.example.com/\r\n"));
  expect((await run({ httpGet: { port: inside } })).output).toBe("HTTP probe failed with statuscode: 500");
  expect((await run({ httpGet: { port: outside } })).result).toBe("success");
});

test("nobody listens", async () => {
  const port = await listen("hang");
  await new Promise((resolve) => servers.pop()?.close(resolve));
  const refused = `dial tcp 127.0.0.1:${port}: connect: connection refused`;
  expect(await run({ tcpSocket: { port } })).toEqual({ result: "failure", output: refused });
  expect((await run({ httpGet: { port } })).output).toBe(`Get "http://127.0.0.1:${port}/": ${refused}`);
});

test("a port with a name that the container does not have", async () => {
  expect(await run({ tcpSocket: { port: "web" } })).toEqual({
    result: "error",
    output: 'couldn\'t find containerPort with name "web"',
  });
});

const exec = (script: string, timeoutSeconds = 20) =>
  run({ exec: { command: ["sh", "-c", script] }, timeoutSeconds });

test("commands", async () => {
  expect((await exec("true")).result).toBe("success");
  expect(await exec("echo not yet; exit 1")).toEqual({ result: "failure", output: "not yet\n" });
  expect(await exec("sleep 50", 0.3)).toEqual({
    result: "failure",
    output: 'command timed out: "sh -c sleep 50" timed out after 300ms',
  });
});
