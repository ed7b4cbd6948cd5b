import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import http, { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { runProgram } from "../cli/run-program.ts";
import { incident } from "./incident.ts";

const closers: (() => void)[] = [];
afterEach(() => closers.splice(0).forEach((close) => close()));

const target = "shop.example.com/cart";

const isWrite = ({ method, url = "" }: IncomingMessage): boolean =>
  method === "PATCH" && !url.includes("dryRun");

/** A way to the API server on which the answer to the first write is lost, or the write itself. */
async function lossyWay(to: string, lost: "answer" | "write"): Promise<string> {
  const state = { hasLost: false };
  const server = createServer((incoming, outgoing) => {
    const isLost = isWrite(incoming) && !state.hasLost;
    state.hasLost ||= isLost;
    if (isLost && lost === "write") return void incoming.socket.destroy();
    const { method, url, headers } = incoming;
    const passed = http.request(to + (url ?? ""), { method: method ?? "GET", headers }, (reply) => {
      reply.on("end", () => isLost && incoming.socket.destroy());
      if (isLost) return void reply.resume();
      outgoing.writeHead(reply.statusCode ?? 0, reply.headers);
      reply.pipe(outgoing);
    });
    incoming.pipe(passed);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closers.push(() => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function sceneWith(lost: "answer" | "write") {
  const scene = await incident((port) => (port === 8080 ? 200 : 502));
  const way = await lossyWay(scene.cluster.url, lost);
  const folder = mkdtempSync(join(tmpdir(), "why5xx-lossy-"));
  closers.push(() => rmSync(folder, { recursive: true }));
  const kubeconfig = join(folder, "config");
  writeFileSync(
    kubeconfig,
    readFileSync(scene.cluster.kubeconfigPath, "utf8").replaceAll(scene.cluster.url, way),
  );
  const run = (...args: string[]) =>
    runProgram(args, { env: { KUBECONFIG: kubeconfig, XDG_STATE_HOME: folder } });
  return { ...scene, run };
}

test("a write whose answer is lost is looked for, found made, and verified", async () => {
  const { run, gateway, port } = await sceneWith("answer");
  const { stdout, code } = await run(
    "fix",
    target,
    "--apply",
    "--yes",
    "--connect-to",
    gateway,
    "--rps",
    "100",
  );
  expect(stdout).toContain("✓ fixed: ");
  expect(code).toBe(0);
  expect((await run("fix", "--rollback", "--yes")).code).toBe(0);
  expect(port()).toBe(8081);
});

test("a write that is lost is told as doubtful, and taking it back finds nothing to take back", async () => {
  const { run, port } = await sceneWith("write");
  const { stderr, code } = await run("fix", target, "--apply", "--yes", "--no-verify");
  expect(stderr).toContain("the API server did not answer PATCH");
  expect(stderr).toContain("Whether the change was made is not known; it is not seen yet. Look: kubectl");
  expect(stderr).toMatch(/take it back with: why5xx fix --rollback \d{8}T\d+Z-service-shop-cart\n/);
  expect(code).toBe(2);
  const back = await run("fix", "--rollback", "--yes");
  expect(back.stderr).toContain("Nothing to take back: Service shop/cart is as it was before ");
  expect(back.code).toBe(0);
  expect(port()).toBe(8081);
  expect((await run("fix", "--rollback", "--yes")).stderr).toContain("is left to undo");
});
