import { request as httpsRequest } from "node:https";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import type { DeniedRule } from "../../lab/api-server/access.ts";
import type { ServedCluster } from "../../lab/api-server/serve.ts";
import { shop } from "./shop.ts";
import { read, readJson, start } from "./clusters.ts";
import { lacks, openssl } from "../support/programs.ts";

async function mayI(cluster: ServedCluster, attributes: Record<string, string>): Promise<boolean> {
  const answer = await fetch(`${cluster.url}/apis/authorization.k8s.io/v1/selfsubjectaccessreviews`, {
    method: "POST",
    body: JSON.stringify({ spec: { resourceAttributes: attributes } }),
  });
  expect(answer.status).toBe(201);
  return ((await answer.json()) as { status: { allowed: boolean } }).status.allowed;
}

const asClient = (cluster: ServedCluster, options: object): Promise<number> =>
  new Promise((resolve, reject) => {
    const request = httpsRequest(`${cluster.url}/version`, { ...options, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    request.on("error", reject);
    request.end();
  });

const decoded = (text: string | undefined): Buffer => Buffer.from(text ?? "", "base64");

describe("denied rules", () => {
  test("a denied request gets the authorizer's sentence", async () => {
    const cluster = await start({ denied: [{ resource: "pods", verbs: ["list"] }], user: "jane" });
    expect(await readJson(cluster, "/api/v1/namespaces/shop/pods")).toMatchObject({
      code: 403,
      reason: "Forbidden",
      message:
        'pods is forbidden: User "jane" cannot list resource "pods" in API group "" in the namespace "shop"',
      details: { kind: "pods" },
    });
    expect((await readJson(cluster, "/api/v1/pods")).message).toContain("at the cluster scope");
    expect((await read(cluster, "/api/v1/namespaces/shop/pods/cart-7d9c5b6f4-aaaaa")).code).toBe(200);
  });

  test("who acts as another is named as that other", async () => {
    const cluster = await start({ denied: [{ resource: "nodes" }] });
    const answer = await readJson(cluster, "/api/v1/nodes", {
      "Impersonate-User": "system:serviceaccount:a:b",
    });
    expect(answer.message).toContain('User "system:serviceaccount:a:b" cannot list resource "nodes"');
    expect(cluster.requests[0]?.impersonated).toBe("system:serviceaccount:a:b");
  });

  const rows: readonly (readonly [string, DeniedRule, string, number])[] = [
    ["its namespace", { namespace: "shop" }, "/api/v1/namespaces/shop/services", 403],
    ["the whole cluster, which holds that namespace", { namespace: "shop" }, "/api/v1/services", 403],
    ["not another namespace", { namespace: "shop" }, "/api/v1/namespaces/other/services", 200],
    ["all but one namespace", { exceptNamespaces: ["shop"] }, "/api/v1/namespaces/other/services", 403],
    ["the cluster scope then", { exceptNamespaces: ["shop"] }, "/api/v1/nodes", 403],
    ["not the Namespace object of that one", { exceptNamespaces: ["shop"] }, "/api/v1/namespaces/shop", 200],
    ["not that namespace", { exceptNamespaces: ["shop"] }, "/api/v1/namespaces/shop/services", 200],
    [
      "a subresource alone",
      { resource: "pods/log" },
      "/api/v1/namespaces/shop/pods/cart-7d9c5b6f4-bbbbb/log?container=app",
      403,
    ],
    [
      "not the object of that subresource",
      { resource: "pods/log" },
      "/api/v1/namespaces/shop/pods/cart-7d9c5b6f4-bbbbb",
      200,
    ],
    ["not discovery", {}, "/apis", 200],
  ];
  test.each(rows)("cover %s", async (_, rule, path, code) => {
    expect((await read(await start({ denied: [rule] }), path)).code).toBe(code);
  });

  test("reviews say what requests will get", async () => {
    const cluster = await start({ denied: [{ resource: "pods", namespace: "shop" }] });
    expect(await mayI(cluster, { verb: "list", resource: "pods", namespace: "shop" })).toBe(false);
    expect(await mayI(cluster, { verb: "list", resource: "pods", namespace: "other" })).toBe(true);
    expect(await mayI(cluster, { verb: "get", resource: "services", namespace: "shop" })).toBe(true);
    expect(await mayI(cluster, { verb: "delete", resource: "services", namespace: "shop" })).toBe(false);
  });

  test("what the evidence could not read is forbidden on demand", async () => {
    const coverage = [{ resource: "nodes", extent: "failed", reason: "forbidden" } as const];
    const partial = { ...shop, coverage };
    expect((await read(await start({ denyUnread: true }, partial), "/api/v1/nodes")).code).toBe(403);
    expect((await read(await start({}, partial), "/api/v1/nodes")).code).toBe(200);
  });

  test("a review that is none is 400", async () => {
    const cluster = await start();
    for (const body of ["", "[", "7", "k8s\0\n\u00ff"]) {
      const path = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";
      expect((await fetch(cluster.url + path, { method: "POST", body })).status).toBe(400);
    }
  });
});

describe("authentication", () => {
  test("a wrong token or none is 401 on every path", async () => {
    const cluster = await start({ token: "right" });
    for (const path of ["/version", "/api/v1/pods", "/nothing"]) {
      expect(await readJson(cluster, path)).toMatchObject({ kind: "Status", code: 401 });
      expect((await read(cluster, path, { Authorization: "Bearer wrong" })).code).toBe(401);
    }
    expect((await read(cluster, "/api/v1/pods", { Authorization: "Bearer right" })).code).toBe(200);
  });

  test.skipIf(lacks("mutual TLS", openssl))(
    "mutual TLS lets in the client of the kubeconfig and nobody else",
    async () => {
      const cluster = await start({ tls: "mutual" });
      const config = parse(cluster.kubeconfig) as {
        clusters: { cluster: Record<string, string> }[];
        users: { user: Record<string, string> }[];
      };
      const ca = decoded(config.clusters[0]?.cluster["certificate-authority-data"]);
      const cert = decoded(config.users[0]?.user["client-certificate-data"]);
      const key = decoded(config.users[0]?.user["client-key-data"]);
      expect(await asClient(cluster, { ca, cert, key })).toBe(200);
      await expect(asClient(cluster, { ca })).rejects.toThrow(/alert|socket|ECONNRESET|EPIPE/i);
      await expect(asClient(cluster, { cert, key })).rejects.toThrow(/certificate/);
    },
  );
});
