import {
  AppsV1Api,
  CoreV1Api,
  KubeConfig,
  makeInformer,
  PatchStrategy,
  setHeaderOptions,
} from "@kubernetes/client-node";
import { describe, expect, test } from "vitest";
import { startWritable, type WritableCluster } from "./clusters.ts";

function configOf(cluster: WritableCluster): KubeConfig {
  const config = new KubeConfig();
  config.loadFromFile(cluster.kubeconfigPath);
  return config;
}

const namespace = "default";
const named = (n: string) => ({ metadata: { name: "a" }, data: { n } });
const deployment = {
  metadata: { name: "web" },
  spec: {
    selector: { matchLabels: { app: "web" } },
    template: {
      metadata: { labels: { app: "web" } },
      spec: { containers: [{ name: "app", image: "shop:1" }] },
    },
  },
};

describe("@kubernetes/client-node", () => {
  test("create, replace, and a replace that comes too late", async () => {
    const apps = configOf(await startWritable()).makeApiClient(AppsV1Api);
    const created = await apps.createNamespacedDeployment({ namespace, body: deployment });
    expect(created.spec?.strategy?.type).toBe("RollingUpdate");
    const name = "web";
    const body = {
      ...created,
      spec: {
        ...created.spec,
        replicas: 3,
        selector: deployment.spec.selector,
        template: deployment.spec.template,
      },
    };
    const replaced = await apps.replaceNamespacedDeployment({ namespace, name, body });
    expect(replaced.metadata?.generation).toBe(2);
    await expect(apps.replaceNamespacedDeployment({ namespace, name, body })).rejects.toMatchObject({
      code: 409,
    });
    const patched = await apps.patchNamespacedDeployment(
      {
        namespace,
        name,
        body: { spec: { template: { spec: { containers: [{ name: "side", image: "x:1" }] } } } },
      },
      setHeaderOptions("Content-Type", PatchStrategy.StrategicMergePatch),
    );
    expect(patched.spec?.template.spec?.containers.map((c) => c.name)).toEqual(["side", "app"]);
    const scale = await apps.patchNamespacedDeploymentScale(
      { namespace, name, body: { spec: { replicas: 0 } } },
      setHeaderOptions("Content-Type", PatchStrategy.MergePatch),
    );
    expect(scale.spec?.replicas).toBe(0);
    const deleted = await apps.deleteNamespacedDeployment({
      namespace,
      name,
      propagationPolicy: "Foreground",
    });
    expect(deleted).toBeDefined();
  });

  test("an informer sees what is written, in order", async () => {
    const cluster = await startWritable();
    const config = configOf(cluster);
    const core = config.makeApiClient(CoreV1Api);
    const informer = makeInformer(config, "/api/v1/namespaces/default/configmaps", () =>
      core.listNamespacedConfigMap({ namespace }),
    );
    const seen: string[] = [];
    for (const verb of ["add", "update", "delete"] as const)
      informer.on(verb, (map) => seen.push(`${verb} ${map.metadata?.name} ${map.data?.["n"]}`));
    await informer.start();
    await expect.poll(() => cluster.requests.some((r) => r.verb === "watch" && r.code === 200)).toBe(true);
    await core.createNamespacedConfigMap({ namespace, body: named("1") });
    await core.replaceNamespacedConfigMap({ namespace, name: "a", body: named("2") });
    await core.deleteNamespacedConfigMap({ namespace, name: "a" });
    await core.createNamespacedConfigMap({ namespace, body: named("3") });
    const wanted = ["add a 1", "update a 2", "delete a 2", "add a 3"];
    await expect.poll(() => seen).toEqual(wanted);
    await informer.stop();
  });
});
