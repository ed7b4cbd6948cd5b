import { Writable } from "node:stream";
import {
  AppsV1Api,
  AuthorizationV1Api,
  CoreV1Api,
  KubeConfig,
  Log,
  makeInformer,
  NetworkingV1Api,
  VersionApi,
} from "@kubernetes/client-node";
import { describe, expect, test } from "vitest";
import type { ServedCluster } from "../../lab/api-server/serve.ts";
import { start } from "./clusters.ts";
import { lacks, openssl } from "../support/programs.ts";

function configOf(cluster: ServedCluster): KubeConfig {
  const config = new KubeConfig();
  config.loadFromFile(cluster.kubeconfigPath);
  return config;
}

describe("@kubernetes/client-node", () => {
  test("reads lists and objects as its types have them", async () => {
    const config = configOf(await start());
    const core = config.makeApiClient(CoreV1Api);
    const pods = await core.listNamespacedPod({ namespace: "shop", labelSelector: "tier=canary" });
    expect(pods.items.map((p) => p.metadata?.name)).toEqual(["cart-7d9c5b6f4-ccccc"]);
    expect(pods.items[0]?.metadata?.creationTimestamp).toEqual(new Date("2026-11-18T09:00:00Z"));
    const pages = await core.listPodForAllNamespaces({ limit: 2 });
    expect(pages.metadata?.remainingItemCount).toBe(1);
    // oxlint-disable-next-line no-underscore-dangle -- the client's own name
    const rest = await core.listPodForAllNamespaces({ limit: 2, _continue: pages.metadata?._continue ?? "" });
    expect(rest.items).toHaveLength(1);
    const ingress = await config
      .makeApiClient(NetworkingV1Api)
      .readNamespacedIngress({ namespace: "shop", name: "shop" });
    expect(ingress.spec?.rules?.[0]?.host).toBe("shop.example.com");
    const deployments = await config.makeApiClient(AppsV1Api).listDeploymentForAllNamespaces();
    expect(deployments.items[0]?.status?.unavailableReplicas).toBe(1);
    expect((await config.makeApiClient(VersionApi).getCode()).gitVersion).toBe("v1.32.4");
  });

  test("gets errors as ApiException with their Status", async () => {
    const core = configOf(await start()).makeApiClient(CoreV1Api);
    await expect(core.readNamespacedPod({ namespace: "shop", name: "nobody" })).rejects.toMatchObject({
      code: 404,
    });
  });

  test("asks what it may do", async () => {
    const cluster = await start({ denied: [{ resource: "nodes" }] });
    const access = configOf(cluster).makeApiClient(AuthorizationV1Api);
    const ask = async (resource: string) =>
      (
        await access.createSelfSubjectAccessReview({
          body: { spec: { resourceAttributes: { verb: "list", resource } } },
        })
      ).status?.allowed;
    expect([await ask("pods"), await ask("nodes")]).toEqual([true, false]);
  });

  test.skipIf(lacks("logs over mutual TLS", openssl))("reads logs", async () => {
    const config = configOf(await start({ tls: "mutual", token: "secret" }));
    const log = await config.makeApiClient(CoreV1Api).readNamespacedPodLog({
      namespace: "shop",
      name: "cart-7d9c5b6f4-bbbbb",
      container: "app",
      previous: true,
    });
    expect(log).toMatch(/killed\n$/);
    const blocks: Buffer[] = [];
    const sink = new Writable({
      write: (block: Buffer, _, done) => {
        blocks.push(block);
        done();
      },
    });
    const ended = new Promise((resolve) => sink.on("finish", resolve));
    await new Log(config).log("shop", "cart-7d9c5b6f4-ccccc", "sidecar", sink, { tailLines: 2 });
    await ended;
    expect(Buffer.concat(blocks).toString()).toBe("two\nthree\n");
  });

  test("an informer keeps up with changes", async () => {
    const cluster = await start();
    const config = configOf(cluster);
    const core = config.makeApiClient(CoreV1Api);
    const informer = makeInformer(config, "/api/v1/namespaces/shop/pods", () =>
      core.listNamespacedPod({ namespace: "shop" }),
    );
    const seen: string[] = [];
    for (const verb of ["add", "update", "delete"] as const)
      informer.on(verb, (pod) => seen.push(`${verb} ${pod.metadata?.name}`));
    await informer.start();
    await expect.poll(() => cluster.requests.some((r) => r.verb === "watch" && r.code === 200)).toBe(true);
    const added = { metadata: { name: "new", namespace: "shop" } };
    cluster.store.put("pods", added);
    cluster.store.put("pods", { ...added, status: { phase: "Running" } });
    cluster.store.remove("pods", "new", "shop");
    await expect.poll(() => seen.slice(3)).toEqual(["add new", "update new", "delete new"]);
    await informer.stop();
    expect(seen.slice(0, 3)).toEqual([
      "add cart-7d9c5b6f4-aaaaa",
      "add cart-7d9c5b6f4-bbbbb",
      "add cart-7d9c5b6f4-ccccc",
    ]);
  });
});
