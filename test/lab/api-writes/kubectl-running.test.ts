import { describe, expect, test } from "vitest";
import type { KubeObject } from "../../../lab/api-server/stored-object.ts";
import { kubectls, rowsOf, run } from "../kubectls.ts";
import { addPod, startSwiftKubelet, startWritable, web, type WritableCluster } from "./clusters.ts";

const programs = kubectls.length === 0 ? ["kubectl"] : kubectls;

function addNode({ writes }: WritableCluster, name: string): void {
  const ready = { type: "Ready", status: "True" };
  const allocatable = { cpu: "2", memory: "4Gi", pods: "110" };
  writes.create("nodes", {
    metadata: { name },
    status: { conditions: [ready], allocatable, capacity: allocatable },
  });
}

/** The ReplicaSet that the Deployment controller would make of a revision. */
function addRevision({ writes }: WritableCluster, owner: KubeObject, revision: number, image: string): void {
  const labels = { app: "web", "pod-template-hash": `h${revision}` };
  writes.create("replicasets", {
    metadata: {
      name: `web-h${revision}`,
      labels,
      annotations: { "deployment.kubernetes.io/revision": String(revision) },
      ownerReferences: [
        {
          apiVersion: "apps/v1",
          kind: "Deployment",
          name: "web",
          uid: owner.metadata?.uid ?? "",
          controller: true,
        },
      ],
    },
    spec: {
      replicas: revision === 2 ? 2 : 0,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: "app", image }] } },
    },
  });
}

describe.skipIf(kubectls.length === 0).each(programs.map((program) => ({ program })))(
  "$program",
  ({ program }) => {
    const begin = async (options = {}) => {
      const cluster = await startWritable(options);
      return { cluster, kubectl: (command: string) => run(program, cluster, command) };
    };

    test("rollout restart, status, history and undo", async () => {
      const { cluster, kubectl } = await begin();
      const { writes, store } = cluster;
      const created = writes.create("deployments", web());
      expect((await kubectl("rollout restart deployment web")).stdout).toBe(
        "deployment.apps/web restarted\n",
      );
      const template = () =>
        (store.get("deployments", "web", "default")?.object["spec"] as { template: KubeObject } | undefined)
          ?.template;
      expect(template()?.metadata?.annotations?.["kubectl.kubernetes.io/restartedAt"]).toMatch(/^\d{4}-/);
      addRevision(cluster, created, 1, "shop:0");
      addRevision(cluster, created, 2, "shop:1");
      const counts = {
        observedGeneration: 2,
        replicas: 2,
        updatedReplicas: 2,
        readyReplicas: 2,
        availableReplicas: 2,
      };
      writes.updateStatus("deployments", "web", "default", () => counts);
      writes.patch("deployments", "web", "default", {
        type: "merge",
        body: { metadata: { annotations: { "deployment.kubernetes.io/revision": "2" } } },
      });
      expect((await kubectl("rollout status deployment web")).stdout).toBe(
        'deployment "web" successfully rolled out\n',
      );
      expect((await kubectl("rollout history deployment web")).stdout).toMatch(/^1 +<none>\n2 +<none>$/m);
      expect((await kubectl("rollout undo deployment web --to-revision=1")).code).toBe(0);
      expect(template()?.["spec"]).toMatchObject({ containers: [{ image: "shop:0" }] });
      expect(template()?.metadata?.labels).toEqual({ app: "web" });
    });

    test("rollout status waits for the controller", async () => {
      const { cluster, kubectl } = await begin();
      cluster.writes.create("deployments", web());
      const waiting = kubectl("rollout status deployment web --timeout=60s");
      await expect.poll(() => cluster.requests.some((r) => r.verb === "watch" && r.code === 200)).toBe(true);
      const counts = { observedGeneration: 1, replicas: 2, updatedReplicas: 2 };
      cluster.writes.updateStatus("deployments", "web", "default", () => counts);
      cluster.writes.updateStatus("deployments", "web", "default", () => ({
        ...counts,
        availableReplicas: 2,
      }));
      expect(await waiting).toMatchObject({
        code: 0,
        stdout: expect.stringContaining("successfully rolled out"),
      });
    });

    test("delete waits for the kubelet, and for a finalizer", async () => {
      const { cluster, kubectl } = await begin();
      const { store, writes } = cluster;
      addPod(cluster, "web-a");
      const deleting = kubectl("delete pod web-a --grace-period=7");
      await expect
        .poll(() => store.get("pods", "web-a", "default")?.object.metadata)
        .toMatchObject({ deletionGracePeriodSeconds: 7, deletionTimestamp: expect.any(String) });
      writes.remove("pods", "web-a", "default", { gracePeriodSeconds: 0 });
      expect((await deleting).stdout).toBe('pod "web-a" deleted\n');

      writes.create("configmaps", { metadata: { name: "held", finalizers: ["lab/hold"] } });
      const held = kubectl("delete configmap held --wait");
      await expect
        .poll(() => store.get("configmaps", "held", "default")?.object.metadata?.deletionTimestamp)
        .toBeDefined();
      expect((await kubectl("get configmap held -o name")).stdout).toBe("configmap/held\n");
      writes.patch("configmaps", "held", "default", {
        type: "merge",
        body: { metadata: { finalizers: null } },
      });
      expect((await held).code).toBe(0);
      expect(store.get("configmaps", "held", "default")).toBeUndefined();
    });

    test("delete --force takes a pod away at once; --cascade=orphan leaves dependents", async () => {
      const { cluster, kubectl } = await begin();
      addPod(cluster, "web-a");
      expect((await kubectl("delete pod web-a --force --grace-period=0")).code).toBe(0);
      expect(cluster.store.get("pods", "web-a", "default")).toBeUndefined();
      const created = cluster.writes.create("deployments", web());
      addRevision(cluster, created, 1, "shop:0");
      expect((await kubectl("delete deployment web --cascade=orphan")).code).toBe(0);
      const orphan = cluster.store.get("replicasets", "web-h1", "default")?.object;
      expect(orphan?.metadata?.ownerReferences ?? []).toEqual([]);
    });

    test("a deleted Deployment takes its ReplicaSets along", async () => {
      const { cluster, kubectl } = await begin();
      addRevision(cluster, cluster.writes.create("deployments", web()), 1, "shop:0");
      expect((await kubectl("delete deployment web")).stdout).toBe('deployment.apps "web" deleted\n');
      await expect.poll(() => cluster.store.list("replicasets")).toEqual([]);
    });

    test("cordon and drain: a PodDisruptionBudget holds the last pod until it may go", async () => {
      const { cluster, kubectl } = await begin();
      const { store, writes } = cluster;
      addNode(cluster, "worker-1");
      addPod(cluster, "web-a");
      addPod(cluster, "web-b");
      writes.create("poddisruptionbudgets", {
        metadata: { name: "web" },
        spec: { minAvailable: 1, selector: { matchLabels: { app: "web" } } },
      });
      const allow = (disruptionsAllowed: number) =>
        writes.updateStatus("poddisruptionbudgets", "web", "default", () => ({
          observedGeneration: 1,
          disruptionsAllowed,
          currentHealthy: 1 + disruptionsAllowed,
          desiredHealthy: 1,
          expectedPods: 2,
        }));
      allow(1);
      const stop = startSwiftKubelet(cluster);
      expect((await kubectl("cordon worker-1")).stdout).toBe("node/worker-1 cordoned\n");
      expect(store.get("nodes", "worker-1")?.object["spec"]).toMatchObject({ unschedulable: true });
      const draining = kubectl("drain worker-1 --force --timeout=90s");
      const refusals = () => cluster.requests.filter((r) => r.resource === "pods/eviction" && r.code === 429);
      await expect.poll(() => refusals().length).toBeGreaterThan(0);
      expect(store.list("pods")).toHaveLength(1);
      allow(1);
      expect(await draining).toMatchObject({ code: 0, stdout: expect.stringContaining("evicted") });
      expect(store.list("pods")).toEqual([]);
      expect((await kubectl("uncordon worker-1")).code).toBe(0);
      stop();
    });

    test("autoscale creates in the old version; both versions show it", async () => {
      const { cluster, kubectl } = await begin();
      cluster.writes.create("deployments", web());
      expect((await kubectl("autoscale deployment web --min=2 --max=5 --cpu-percent=60")).code).toBe(0);
      expect(cluster.store.get("horizontalpodautoscalers", "web", "default")?.object["spec"]).toMatchObject({
        minReplicas: 2,
        maxReplicas: 5,
        metrics: [{ type: "Resource", resource: { name: "cpu", target: { averageUtilization: 60 } } }],
      });
      const field = "-o jsonpath={.spec.targetCPUUtilizationPercentage}";
      expect((await kubectl(`get horizontalpodautoscalers.v1.autoscaling web ${field}`)).stdout).toBe("60");
      const preferred = await kubectl("get hpa web -o jsonpath={.apiVersion}");
      expect(preferred.stdout).toBe("autoscaling/v2");
    });

    test("top nodes and pods, from what the kubelet measured", async () => {
      const usage = ["web-a", "web-b"].map((pod) => ({
        namespace: "default",
        pod,
        node: "worker-1",
        atMs: Date.now(),
        windowMs: 15_000,
        containers: [
          { name: "app", cpuCores: 0.25, memoryBytes: 64 * 2 ** 20 },
          { name: "side", cpuCores: 0.05, memoryBytes: 2 ** 20 },
        ],
      }));
      const { cluster, kubectl } = await begin({ podUsage: () => usage });
      addNode(cluster, "worker-1");
      addPod(cluster, "web-a");
      addPod(cluster, "web-b");
      expect(rowsOf((await kubectl("top nodes --no-headers")).stdout)).toEqual([
        ["worker-1", "600m", "30%", "130Mi", "3%"],
      ]);
      expect(rowsOf((await kubectl("top pods --no-headers")).stdout)).toEqual([
        ["web-a", "300m", "65Mi"],
        ["web-b", "300m", "65Mi"],
      ]);
      const containers = rowsOf((await kubectl("top pod web-a --containers --no-headers")).stdout);
      expect(containers.map((row) => row.slice(-2)).sort()).toEqual([
        ["250m", "64Mi"],
        ["50m", "1Mi"],
      ]);
    });
  },
);
