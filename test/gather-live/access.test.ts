import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo, Server } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { parse, stringify } from "yaml";
import { serveCluster } from "../../lab/api-server/serve.ts";
import { readAccess } from "../../src/gather/cluster/kubeconfig.ts";
import type { ClusterOptions } from "../../src/gather/cluster/options.ts";
import { ClusterProblem, quoteWord } from "../../src/gather/cluster/problem.ts";
import { gatherCluster } from "../../src/gather/sources/cluster.ts";
import { parseTarget } from "../../src/target/target.ts";
import { gatherFrom } from "./gather.ts";
import { shopCluster } from "./shop.ts";
import { lacks, openssl } from "../support/programs.ts";

const folder = mkdtempSync(join(tmpdir(), "why5xx-access-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let files = 0;
function file(content: string, mode = 0o600): string {
  const path = join(folder, `file-${(files += 1)}`);
  writeFileSync(path, content);
  chmodSync(path, mode);
  return path;
}

interface Entry {
  readonly name: string;
  readonly server?: string;
  readonly user?: object;
  readonly namespace?: string;
}

const kubeconfig = (entries: readonly Entry[], current = entries[0]?.name ?? ""): string =>
  file(
    stringify({
      apiVersion: "v1",
      kind: "Config",
      "current-context": current,
      clusters: entries.map(({ name, server = "http://127.0.0.1:1" }) => ({ name, cluster: { server } })),
      users: entries.map(({ name, user = {} }) => ({ name, user })),
      contexts: entries.map(({ name, namespace }) => ({
        name,
        context: { cluster: name, user: name, namespace },
      })),
    }),
  );

async function problemOf(options: ClusterOptions, target = "shop.example.com/cart"): Promise<ClusterProblem> {
  try {
    await gatherCluster(options, parseTarget(target), () => undefined);
  } catch (error) {
    if (error instanceof ClusterProblem) return error;
    throw error;
  }
  throw new Error("no problem");
}

const accessProblem = async (...args: Parameters<typeof readAccess>): Promise<ClusterProblem> =>
  readAccess(...args).then(
    () => {
      throw new Error("no problem");
    },
    (error: unknown) => {
      if (error instanceof ClusterProblem) return error;
      throw error;
    },
  );

describe("which cluster", () => {
  test("no kubeconfig and no service account", async () => {
    const problem = await accessProblem({}, { HOME: folder });
    expect(problem.kind).toBe("no-kubeconfig");
    expect(problem.message).toContain(join(folder, ".kube", "config"));
    expect(problem.next).toContain("why5xx --from PATH");
  });

  test("a kubeconfig that is not there", async () => {
    const problem = await accessProblem({ kubeconfig: join(folder, "none") }, {});
    expect(problem.message).toBe(`no kubeconfig at ${folder}/none\nTry: ls -l ${folder}`);
  });

  test("a context that is not there: the others are listed", async () => {
    const path = kubeconfig([{ name: "staging" }, { name: "prod eu" }]);
    const problem = await accessProblem({ kubeconfig: path, context: "prod" }, {});
    expect(problem.message).toBe(
      `no context "prod" in ${path} (contexts: prod eu, staging)\nTry: why5xx --context 'prod eu', or: kubectl config get-contexts`,
    );
  });

  test("no current context", async () => {
    const problem = await accessProblem({ kubeconfig: kubeconfig([{ name: "a" }], "") }, {});
    expect(problem.message).toContain("no current context is set");
  });

  test("an empty file, broken YAML and a context whose cluster is missing are told apart", async () => {
    expect((await accessProblem({ kubeconfig: file("") }, {})).message).toContain("it has no contexts");
    const broken = await accessProblem({ kubeconfig: file("a: [\nb: }") }, {});
    expect(broken.kind).toBe("broken-kubeconfig");
    const contexts = [{ name: "a", context: { cluster: "gone", user: "u" } }];
    const dangling = await accessProblem(
      { kubeconfig: file(stringify({ contexts, "current-context": "a" })) },
      {},
    );
    expect(dangling.message).toContain('context "a" names cluster "gone"');
  });

  test("$KUBECONFIG holds several files: the first mention wins, missing files are skipped", async () => {
    const first = kubeconfig([{ name: "a", server: "http://first.example" }]);
    const second = kubeconfig([
      { name: "a", server: "http://second.example" },
      { name: "b", namespace: "shop" },
    ]);
    const environment = { KUBECONFIG: [join(folder, "none"), first, second].join(delimiter) };
    expect((await readAccess({}, environment)).cluster.server).toBe("http://first.example");
    expect(await readAccess({ context: "b" }, environment)).toMatchObject({
      contextName: "b",
      namespace: "shop",
    });
  });

  test("inside a pod the service account is used", async () => {
    const root = join(folder, "root");
    const account = join(root, "var/run/secrets/kubernetes.io/serviceaccount");
    mkdirSync(account, { recursive: true });
    for (const name of ["token", "namespace", "ca.crt"]) writeFileSync(join(account, name), name);
    const environment = {
      HOME: folder,
      KUBERNETES_SERVICE_HOST: "10.96.0.1",
      KUBERNETES_SERVICE_PORT: "443",
    };
    expect(await readAccess({}, environment, root)).toMatchObject({
      contextName: "in-cluster",
      namespace: "namespace",
    });
  });

  test("a word of a command is quoted when a shell would read more into it", () => {
    expect(quoteWord("arn:aws:eks:eu-west-1:123:cluster/shop")).toBe(
      "arn:aws:eks:eu-west-1:123:cluster/shop",
    );
    expect(quoteWord("a'; rm -rf ~")).toBe(`'a'\\''; rm -rf ~'`);
  });
});

const withPlugin = (command: string): string =>
  kubeconfig([{ name: "lab", user: { exec: { command, installHint: "Install it with: get it" } } }]);

describe("who we are", () => {
  test("a wrong token", async () => {
    const served = await serveCluster(shopCluster(), { token: "right" });
    const path = kubeconfig([{ name: "lab", server: served.url, user: { token: "wrong" } }]);
    const problem = await problemOf({ kubeconfig: path });
    await served.close();
    expect(problem.kind).toBe("unauthorized");
    expect(problem.message).toContain(`${served.url} (context "lab") does not accept user "lab" (401)`);
    expect(problem.next).toBe(`kubectl get ns --context lab --kubeconfig ${path}`);
  });

  test("a credential plugin gives the token, and learns the version to answer in", async () => {
    const served = await serveCluster(shopCluster(), { token: "from-plugin" });
    const script = file(
      `#!/bin/sh\ncase "$KUBERNETES_EXEC_INFO" in *ExecCredential*) ;; *) exit 3;; esac\necho '{"kind":"ExecCredential","status":{"token":"from-plugin"}}'\n`,
      0o700,
    );
    const exec = { apiVersion: "client.authentication.k8s.io/v1", command: script };
    const path = kubeconfig([{ name: "lab", server: served.url, user: { exec } }]);
    const evidence = await gatherCluster(
      { kubeconfig: path },
      parseTarget("shop.example.com/cart"),
      () => undefined,
    );
    await served.close();
    expect(evidence.objects.ingresses).toHaveLength(1);
  });

  test("a credential plugin that fails, and one that is not installed", async () => {
    const failing = file("#!/bin/sh\necho 'token of sso session expired' >&2\nexit 1\n", 0o700);
    const failed = await problemOf({ kubeconfig: withPlugin(failing) });
    expect(failed.kind).toBe("credentials");
    expect(failed.message).toContain(
      `the credential plugin "${failing}" of user "lab" (context "lab") failed: token of sso session expired`,
    );
    const missing = await problemOf({ kubeconfig: withPlugin("no-such-plugin") });
    expect(missing.message).toContain("it is not on the PATH (Install it with: get it)");
  });

  test.skipIf(lacks("client certificates", openssl))(
    "a client certificate is shown; without one a server that wants it is not entered",
    async () => {
      const served = await serveCluster(shopCluster(), { tls: "mutual" });
      const asked = parseTarget("shop.example.com/cart");
      const evidence = await gatherCluster({ kubeconfig: served.kubeconfigPath }, asked, () => undefined);
      const config = parse(served.kubeconfig) as { users: { user: object }[] };
      const bare = file(stringify({ ...config, users: config.users.map((u) => ({ ...u, user: {} })) }));
      const problem = await problemOf({ kubeconfig: bare });
      await served.close();
      expect(evidence.objects.ingresses).toHaveLength(1);
      expect(problem.message).toContain("certificate required");
    },
  );

  test.skipIf(lacks("unknown authorities", openssl))(
    "an authority that the kubeconfig does not name",
    async () => {
      const served = await serveCluster(shopCluster(), { tls: "server" });
      const problem = await problemOf({ kubeconfig: kubeconfig([{ name: "lab", server: served.url }]) });
      await served.close();
      expect(problem.kind).toBe("certificate");
      expect(problem.message).toContain("signed by an authority that the kubeconfig does not name");
    },
  );
});

describe("rights", () => {
  test("everything forbidden is a problem that names the user and the ClusterRole", async () => {
    const { problem } = await gatherFrom(shopCluster(), "shop.example.com/cart", {
      serve: { denied: [{}], user: "jane" },
    });
    expect(problem?.kind).toBe("forbidden");
    expect(problem?.message).toContain("forbidden: jane cannot list ");
    expect(problem?.message).toContain("deploy/clusterrole.yaml");
    expect(problem?.next).toMatch(/^kubectl auth can-i --list --context why5xx-lab /);
  });

  test("one forbidden list is partial evidence with the reason in words", async () => {
    const { evidence } = await gatherFrom(shopCluster(), "shop.example.com/cart", {
      serve: {
        denied: [{ resource: "networkpolicies" }, { resource: "pods/log", namespace: "shop" }],
        user: "jane",
      },
    });
    expect(evidence?.coverage).toContainEqual({
      resource: "networkpolicies",
      namespace: "shop",
      extent: "failed",
      reason: "forbidden: jane cannot list networkpolicies in namespace shop",
    });
    const log = evidence?.logs.find((l) => l.namespace === "shop");
    expect(log?.bytes).toBeUndefined();
    expect(log?.reason).toBe("forbidden: jane cannot get pods/log in namespace shop");
  });

  test("rights in one namespace only: its Ingresses and pods are read, and the gateway is unknown", async () => {
    const { evidence } = await gatherFrom(shopCluster(), "shop.example.com/cart", {
      serve: { denied: [{ exceptNamespaces: ["shop"] }], user: "jane" },
      options: { namespace: "shop" },
    });
    expect(evidence?.coverage).toContainEqual({ resource: "ingresses", namespace: "shop", extent: "whole" });
    expect(evidence?.coverage).toContainEqual({ resource: "pods", namespace: "shop", extent: "whole" });
    expect(evidence?.coverage).toContainEqual({
      resource: "pods",
      extent: "failed",
      reason: "forbidden: jane cannot list pods in all namespaces",
    });
  });
});

async function silentServer(): Promise<{ server: Server; url: string }> {
  const server = createServer(() => undefined);
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

describe("reach", () => {
  test("a refused connection is said at once, with the server", async () => {
    const problem = await problemOf({
      kubeconfig: kubeconfig([{ name: "lab", server: "https://127.0.0.1:1" }]),
    });
    expect(problem.kind).toBe("unreachable");
    expect(problem.message).toContain('cannot reach the API server https://127.0.0.1:1 (context "lab"): ');
    expect(problem.message).toContain("ECONNREFUSED");
  });

  test("a server that accepts and never answers costs one deadline", async () => {
    const { server, url } = await silentServer();
    const startMs = performance.now();
    const problem = await problemOf({
      kubeconfig: kubeconfig([{ name: "lab", server: url }]),
      deadlineMs: 200,
    });
    server.close();
    expect(problem.kind).toBe("unreachable");
    expect(problem.message).toContain("no answer in 200 ms");
    expect(performance.now() - startMs).toBeLessThan(10_000);
  });

  test("a server that does not speak TLS is not called unreachable", async () => {
    const served = await serveCluster(shopCluster());
    const server = served.url.replace("http:", "https:");
    const problem = await problemOf({ kubeconfig: kubeconfig([{ name: "lab", server }]) });
    await served.close();
    expect(problem.kind).toBe("certificate");
    expect(problem.message).toContain("does not speak TLS");
  });
});
