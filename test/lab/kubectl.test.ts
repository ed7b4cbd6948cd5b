import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { shop } from "./shop.ts";
import { start } from "./clusters.ts";
import { kubectls, rowsOf, run } from "./kubectls.ts";

if (kubectls.length === 0)
  process.stderr.write("skipped: the kubectl tests, as there is no kubectl on the path\n");

const healthy = "cart-7d9c5b6f4-aaaaa";
const killed = "cart-7d9c5b6f4-bbbbb";
const crashing = "cart-7d9c5b6f4-ccccc";

const programs = kubectls.length === 0 ? ["kubectl"] : kubectls;

describe.skipIf(kubectls.length === 0).each(programs.map((program) => ({ program })))(
  "$program",
  ({ program }) => {
    const on = async (command: string, options = {}) => run(program, await start(options), command);

    test("get pods -A -o wide", async () => {
      const { stdout } = await on("get pods -A -o wide");
      expect(rowsOf(stdout).map((row) => row.slice(0, 8))).toEqual([
        ["NAMESPACE", "NAME", "READY", "STATUS", "RESTARTS", "AGE", "IP", "NODE"],
        ["shop", healthy, "2/2", "Running", "0", "90m", "10.1.0.11", "worker-1"],
        ["shop", killed, "2/2", "Running", "2 (2m ago)", "90m", "10.1.0.12", "worker-1"],
        ["shop", crashing, "1/2", "CrashLoopBackOff", "5", "90m", "10.1.1.13", "worker-2"],
      ]);
    });

    test("get -o json is the evidence again", async () => {
      const { stdout } = await on("get pods -n shop -o json");
      const { items } = JSON.parse(stdout) as { items: unknown[] };
      expect(items).toEqual(shop.objects.pods);
      const one = await on(`get pod ${killed} -n shop -o jsonpath={.status.podIP}`);
      expect(one.stdout).toBe("10.1.0.12");
    });

    test("get of many kinds", async () => {
      const { stdout } = await on("get deploy,rs,svc,ing,endpoints,no -A --no-headers");
      const rows = rowsOf(stdout.replaceAll(/^\n/gm, ""));
      expect(rows).toEqual(
        expect.arrayContaining([
          ["shop", "deployment.apps/cart", "2/3", "3", "2", "150m"],
          ["shop", "replicaset.apps/cart-7d9c5b6f4", "3", "3", "2", "150m"],
          ["shop", "service/cart", "ClusterIP", "10.96.0.20", "<none>", "80/TCP", "150m"],
          [
            "shop",
            "ingress.networking.k8s.io/shop",
            "nginx",
            "shop.example.com",
            "203.0.113.10",
            "80",
            "150m",
          ],
          ["shop", "endpoints/cart", "10.1.0.11:8080,10.1.0.12:8080", "150m"],
          ["node/worker-1", "Ready", "<none>", "48d", "v1.32.4"],
        ]),
      );
    });

    test("selectors are applied by the server", async () => {
      const cluster = await start();
      const names = async (flags: string): Promise<string[]> =>
        (await run(program, cluster, `get pods -n shop -o name ${flags}`)).stdout.trim().split("\n");
      expect(await names("-l app=cart,tier!=canary")).toEqual([`pod/${healthy}`, `pod/${killed}`]);
      expect(await names("--field-selector=spec.nodeName=worker-2")).toEqual([`pod/${crashing}`]);
      const refused = await run(program, cluster, "get pods -n shop --field-selector=spec.nonsense=a");
      expect(refused.stderr).toContain("field label not supported: spec.nonsense");
    });

    test("--chunk-size reads in pages", async () => {
      const cluster = await start();
      const { stdout } = await run(program, cluster, "get pods -A --chunk-size=1 --no-headers");
      expect(rowsOf(stdout)).toHaveLength(3);
      expect(cluster.requests.filter((r) => r.resource === "pods")).toHaveLength(3);
    });

    test("describe pod", async () => {
      const { stdout } = await on(`describe pod ${crashing} -n shop`);
      expect(stdout).toMatch(/^Controlled By: {2}ReplicaSet\/cart-7d9c5b6f4$/m);
      expect(stdout).toMatch(/Reason: {7}CrashLoopBackOff/);
      expect(stdout).toMatch(
        /Warning {2}BackOff .*\(x12 over .*kubelet {2}Back-off restarting failed container/,
      );
      expect(stdout).not.toContain("Successfully assigned");
    });

    test("describe service, ingress and deployment", async () => {
      const cluster = await start();
      const described = async (what: string) =>
        (await run(program, cluster, `describe ${what} -n shop`)).stdout;
      expect(await described("service cart")).toMatch(/^Endpoints: +10.1.0.11:8080,10.1.0.12:8080/m);
      expect(await described("ingress shop")).toMatch(/\/cart +cart:http \(10.1.0.11:8080,10.1.0.12:8080\)/);
      expect(await described("deployment cart")).toMatch(
        /^NewReplicaSet: +cart-7d9c5b6f4 \(3\/3 replicas created\)$/m,
      );
    });

    test("logs, and logs that are not there", async () => {
      const cluster = await start();
      const logs = (flags: string) => run(program, cluster, `logs -n shop ${flags}`);
      expect((await logs(`${healthy} -c app --tail=1`)).stdout).toBe("2026-11-18T10:29:30Z GET /cart 200\n");
      expect((await logs(`${killed} -c app --previous`)).stdout).toContain("10:28:00Z killed\n");
      expect((await logs(`${crashing} -c sidecar --since=15m`)).stdout).toBe("two\nthree\n");
      expect((await logs(`${healthy} -c app --previous`)).stderr).toBe(
        `Error from server (BadRequest): previous terminated container "app" in pod "${healthy}" not found\n`,
      );
      expect((await logs("nobody")).stderr).toContain('pods "nobody" not found');
    });

    test("get events", async () => {
      const { stdout } = await on("get events -n shop --sort-by=.metadata.name --no-headers");
      expect(rowsOf(stdout).map((row) => row.slice(1, 4))).toEqual([
        ["Normal", "Scheduled", `pod/${healthy}`],
        ["Warning", "BackOff", `pod/${crashing}`],
      ]);
    });

    test("auth can-i", async () => {
      const cluster = await start({ denied: [{ resource: "pods/log", namespace: "shop" }] });
      const canI = async (flags: string) =>
        (await run(program, cluster, `auth can-i ${flags}`)).stdout.split(/\s/)[0];
      expect(await canI("list pods -n shop")).toBe("yes");
      expect(await canI("get pods --subresource=log -n shop")).toBe("no");
      expect(await canI("delete pods -n shop")).toBe("no");
      const listed = await run(program, cluster, "auth can-i --list -n shop");
      expect(listed.stdout).toMatch(/^pods +\[\] +\[\] +\[get list watch\]$/m);
      expect(listed.stdout).not.toMatch(/^pods\/log/m);
    });

    test("get --raw and what is not there", async () => {
      const cluster = await start({ version: "v1.32.4" });
      const raw = await run(program, cluster, "get --raw /version");
      expect(JSON.parse(raw.stdout)).toMatchObject({ gitVersion: "v1.32.4" });
      expect((await run(program, cluster, "get pod nobody -n shop")).stderr).toBe(
        'Error from server (NotFound): pods "nobody" not found\n',
      );
      expect((await run(program, cluster, "get rollouts -A")).stderr).toContain(
        "doesn't have a resource type",
      );
      expect((await run(program, cluster, "top pods -A")).stderr).toContain("Metrics API not available");
    });

    test("a refusal is told in the API's words", async () => {
      const { stderr, code } = await on("get pods -n shop", { denied: [{ resource: "pods" }] });
      expect(code).toBe(1);
      expect(stderr).toBe(
        'Error from server (Forbidden): pods is forbidden: User "why5xx" cannot list resource "pods" in API group "" in the namespace "shop"\n',
      );
      expect((await on("delete svc cart -n shop")).stderr).toContain("(MethodNotAllowed)");
    });

    test("over TLS with a token", async () => {
      const { stdout } = await on("get ns -o name", { tls: "mutual", token: "secret" });
      expect(stdout).toBe("namespace/shop\n");
    });

    test("cluster-info dump", async () => {
      const folder = mkdtempSync(join(tmpdir(), "why5xx-dump-"));
      try {
        expect((await on(`cluster-info dump -A --output-directory=${folder}`)).code).toBe(0);
        const log = readFileSync(join(folder, "shop", killed, "logs.txt"), "utf8");
        expect(log).toContain(`==== START logs for container app of pod shop/${killed} ====\nsecond life\n`);
        const pods = JSON.parse(readFileSync(join(folder, "shop", "pods.json"), "utf8")) as {
          items: unknown[];
        };
        expect(pods.items).toHaveLength(3);
      } finally {
        rmSync(folder, { recursive: true });
      }
    });
  },
);
