import { type CorpusCase, defineCase } from "../case.ts";
import { shop } from "../cluster/shop.ts";
import type { Cluster } from "../cluster/cluster.ts";
import { httpProbe } from "../cluster/probes.ts";

const runc =
  "Failed to create pod sandbox: rpc error: code = Unknown desc = failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: container init was OOM-killed (memory limit too low?): unknown";

/** The sandbox of each pod cannot be made, for this reason. */
function unborn(why: string): Cluster {
  const c = shop("billing", {
    app: "invoices",
    host: "billing.example.com",
    options: { replicas: 2, created: "-9m" },
  });
  for (const p of c.pods("invoices")) {
    p.waiting("ContainerCreating");
    p.event("FailedCreatePodSandBox", why, { first: "-8m", last: "-20s", count: 31, type: "Warning" });
  }
  c.unknown("gateway-log", "not in the bundle");
  return c;
}

/** The liveness probe asks 9090; the application says where it listens. No gateway log was kept. */
function probed(listens: number, kills: number): Cluster {
  const c = shop("catalog", {
    app: "search",
    host: "search.example.com",
    options: { replicas: 1, port: 8080, probe: null, liveness: httpProbe("/live", 9090), created: "-30m" },
  });
  const p = c.pod("search");
  if (kills > 0) {
    p.probeFails(
      "Liveness",
      `Get "http://${p.ip}:9090/live": dial tcp ${p.ip}:9090: connect: connection refused`,
      { first: "-9m", last: "-15s", count: kills * 3 },
    );
    p.restart({ exitCode: 143, reason: "Error", at: "-40s", count: kills });
    p.event("Killing", "Container search failed liveness probe, will be restarted", {
      first: "-8m",
      last: "-40s",
      count: kills,
      fieldPath: "spec.containers{search}",
    });
  }
  c.appLog(p, [`{"level":"info","msg":"listening on :${listens}"}`]);
  c.unknown("gateway-log", "not in the bundle");
  return c;
}

/** What kubelet and runtime tell of containers that cannot live, without any gateway log. */
export const cases: CorpusCase[] = [
  defineCase({
    id: "memory-limit-too-low-to-start",
    title: "The memory limit is so low that the container's first process is killed",
    target: "billing.example.com/",
    build: async () => unborn(runc).evidence(),
    expect: { status: "explained", causes: ["oom-killed"], acceptable: ["no-endpoints-pods-not-ready"] },
  }),
  defineCase({
    id: "sandbox-fails-for-its-network",
    title: "The sandbox cannot be made because the network plugin fails",
    target: "billing.example.com/",
    twinOf: "memory-limit-too-low-to-start",
    differs: "the runtime complains of the network, not of memory",
    build: async () =>
      unborn(
        'Failed to create pod sandbox: rpc error: code = Unknown desc = failed to setup network for sandbox: plugin type="flannel" failed (add): open /run/flannel/subnet.env: no such file or directory',
      ).evidence(),
    expect: { status: "explained", causes: ["no-endpoints-pods-not-ready"] },
  }),
  defineCase({
    id: "liveness-asks-a-dead-port-between-kills",
    title:
      "A liveness probe on a port nobody listens on kills the pod again and again; it is ready in between",
    target: "search.example.com/",
    build: async () => probed(8080, 5).evidence(),
    expect: {
      status: "explained",
      causes: ["probe-wrong-port-or-protocol"],
      acceptable: ["liveness-probe-restart-loop", "crash-loop-backoff"],
    },
  }),
  defineCase({
    id: "liveness-asks-the-right-port",
    title: "The same probe of an application that serves it",
    target: "search.example.com/",
    twinOf: "liveness-asks-a-dead-port-between-kills",
    differs: "the application listens on the probed port, so nothing is killed",
    build: async () => probed(9090, 0).evidence(),
    expect: { status: "undecided", causes: [] },
  }),
];
