import { writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { connect as connectTcp } from "node:net";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { serveCluster } from "../../lab/api-server/serve.ts";
import { connect } from "../../src/gather/cluster/connection.ts";
import { get } from "../../src/gather/cluster/http.ts";
import { proxyFromEnvironment } from "../../src/gather/cluster/proxy.ts";
import { shopCluster } from "./shop.ts";
import { lacks, openssl } from "../support/programs.ts";

const server = new URL("https://api.corp.example:6443");

test.each([
  [{ HTTPS_PROXY: "http://p:1" }, "http://p:1"],
  [{ https_proxy: "p:1" }, "http://p:1"],
  [{ HTTP_PROXY: "http://p:1" }, undefined],
  [{ HTTPS_PROXY: "http://p:1", NO_PROXY: "*" }, undefined],
  [{ HTTPS_PROXY: "http://p:1", NO_PROXY: "other, corp.example" }, undefined],
  [{ HTTPS_PROXY: "http://p:1", NO_PROXY: ".corp.example" }, undefined],
  [{ HTTPS_PROXY: "http://p:1", NO_PROXY: ".api.corp.example" }, "http://p:1"],
  [{ HTTPS_PROXY: "http://p:1", NO_PROXY: "api.corp.example:443" }, "http://p:1"],
  [{ HTTPS_PROXY: "http://p:1", no_proxy: "api.corp.example:6443" }, undefined],
  [{ HTTPS_PROXY: "http://p:1", NO_PROXY: "rp.example" }, "http://p:1"],
])("%o: the proxy for api.corp.example:6443 is %s", (environment, expected) => {
  expect(proxyFromEnvironment(server, environment)).toBe(expected);
});

test.each([
  ["https://10.1.2.3", "10.0.0.0/8", undefined],
  ["https://11.1.2.3", "10.0.0.0/8", "http://p:1"],
  ["https://[fd00::1]:6443", "fd00::/8", undefined],
  ["https://10.1.2.3", "10.1.2.3", undefined],
  ["https://10.1.2.3", "10.0.0.0/eight", "http://p:1"],
  ["https://127.0.0.1:6443", "", undefined],
])("%s with NO_PROXY=%s", (url, exempt, expected) => {
  expect(proxyFromEnvironment(new URL(url), { HTTPS_PROXY: "http://p:1", NO_PROXY: exempt })).toBe(expected);
});

/** A forward proxy that notes what it was asked to connect to. */
async function forwardProxy(asked: string[]): Promise<Server> {
  const proxy = createServer().on("connect", (request, client) => {
    asked.push(request.url ?? "");
    const [host = "", port = ""] = (request.url ?? "").split(":");
    const upstream = connectTcp(Number(port), host, () => {
      client.write("HTTP/1.1 200 OK\r\n\r\n");
      client.pipe(upstream).pipe(client);
    });
    client.on("error", () => upstream.destroy());
    upstream.on("error", () => client.destroy());
  });
  await new Promise<void>((resolve) => {
    proxy.listen(0, "127.0.0.1", resolve);
  });
  return proxy;
}

test.skipIf(lacks("proxies to TLS servers", openssl))(
  "the kubeconfig's proxy-url carries the calls, and one connection serves several",
  async () => {
    const asked: string[] = [];
    const proxy = await forwardProxy(asked);
    const served = await serveCluster(shopCluster(), { tls: "server" });
    const { port } = proxy.address() as AddressInfo;
    const withProxy = served.kubeconfig.replace(
      /^( *)server: .*$/m,
      (found, indent: string) => `${found}\n${indent}proxy-url: http://127.0.0.1:${port}`,
    );
    expect(withProxy).not.toBe(served.kubeconfig);
    writeFileSync(served.kubeconfigPath, withProxy);
    const connection = await connect({ kubeconfig: served.kubeconfigPath });
    const request = { path: "/version", accept: "application/json", deadlineMs: 2000, maxBytes: 1e6 };
    const first = await get(connection, request);
    const second = await get(connection, request);
    connection.agent.destroy();
    await served.close();
    proxy.closeAllConnections();
    proxy.close();
    expect([first.status, second.status]).toEqual([200, 200]);
    expect(asked).toEqual([`127.0.0.1:${served.port}`]);
  },
);

test("impersonation and basic credentials travel as headers", async () => {
  const seen: Record<string, unknown>[] = [];
  const api = createServer((request, response) => {
    seen.push(request.headersDistinct);
    response.end("{}");
  });
  await new Promise<void>((resolve) => {
    api.listen(0, "127.0.0.1", resolve);
  });
  const served = await serveCluster(shopCluster());
  const { port } = api.address() as AddressInfo;
  writeFileSync(
    served.kubeconfigPath,
    served.kubeconfig.replace(served.url, `http://127.0.0.1:${port}/prefix/`),
  );
  const connection = await connect({
    kubeconfig: served.kubeconfigPath,
    as: "jane",
    asGroups: ["dev", "ops"],
  });
  await get(connection, { path: "/version", accept: "application/json", deadlineMs: 2000, maxBytes: 1e6 });
  connection.agent.destroy();
  await served.close();
  api.close();
  expect(seen[0]).toMatchObject({ "impersonate-user": ["jane"], "impersonate-group": ["dev", "ops"] });
});
