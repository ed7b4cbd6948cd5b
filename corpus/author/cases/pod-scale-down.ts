import type { Evidence } from "../../../src/evidence/evidence.ts";
import { type CorpusCase, defineCase, type Expectation } from "../case.ts";
import type { Cluster } from "../cluster/cluster.ts";
import type { PodHandle } from "../cluster/pod-handle.ts";
import { shop } from "../cluster/shop.ts";
import { get, refusing, vanished } from "../nginx/behaviours.ts";
import { record } from "../nginx/record.ts";
import type { PodScript } from "../nginx/script.ts";
import { everyday } from "../nginx/traffic.ts";

const healthy: Expectation = { status: "healthy", causes: [] };
const race: Expectation = {
  status: "explained",
  causes: ["shutdown-no-prestop-race"],
  acceptable: ["stale-endpoint-after-pod-deletion", "proxy-connect-timeout"],
  share: 1,
};

/** Takes the last pods of an application away at a moment, as a scale-down does. */
function scaleDown(c: Cluster, name: string, to: number, when: string): PodHandle[] {
  const app = c.find(name);
  const all = c.pods(name);
  const leaving = all.slice(to);
  app.options = { ...app.options, replicas: to };
  const revision = app.revisions.at(-1);
  if (revision !== undefined) revision.replicas = to;
  const text = `Scaled down replica set ${app.replicaSetName()} from ${all.length} to ${to}`;
  c.event(app, "ScalingReplicaSet", text, { first: when });
  for (const p of leaving) {
    c.event(
      { kind: "ReplicaSet", name: app.replicaSetName() },
      "SuccessfulDelete",
      `Deleted pod: ${p.name}`,
      {
        first: when,
      },
    );
    p.gone(when);
  }
  return leaving;
}

const allOf = (pods: readonly PodHandle[], script: PodScript): Record<string, PodScript> =>
  Object.fromEntries(pods.map((p) => [p.address, script]));

/** Pods that an autoscaler or a person takes away while requests are still sent to them. */
export const cases: CorpusCase[] = [
  defineCase({
    id: "scale-down-refuses-three-tries",
    title:
      "Ten pods are scaled to four; the six exit at SIGTERM, and three tries in a row hit pods that are gone",
    source: "kubernetes/ingress-nginx#3639",
    target: "shop.example.com/",
    build: () => scaledDown(undefined),
    expect: race,
  }),
  defineCase({
    id: "scale-down-after-a-pause",
    title: "Ten pods are scaled to four, and each waits ten seconds before it stops",
    target: "shop.example.com/",
    twinOf: "scale-down-refuses-three-tries",
    differs: "the pods have a preStop pause of ten seconds",
    build: () => scaledDown(10),
    expect: healthy,
  }),
  defineCase({
    id: "stopping-pods-caught-in-the-act",
    title:
      "Two of three pods were told to stop twelve seconds ago and refuse; the bundle was made in that moment",
    source: "newscred/webhook-broker#164",
    target: "hooks.example.org/",
    async build() {
      const c = shop("hooks", { app: "broker", host: "hooks.example.org", options: { replicas: 3 } });
      const way = c.way("broker");
      const before = await record({ ...way, requests: everyday() });
      const leaving = c.pods("broker").slice(1);
      const broker = c.find("broker");
      broker.options = { ...broker.options, replicas: 1 };
      for (const p of leaving) p.terminating("-12s", { ready: false });
      const r = await record({
        ...way,
        pods: allOf(leaving, refusing),
        settings: { tries: 2 },
        requests: [get("/hook", { times: 24, everyMs: 60 })],
      });
      c.ingress("broker", {
        host: "hooks.example.org",
        paths: { "/": "broker" },
        annotations: { "nginx.ingress.kubernetes.io/proxy-next-upstream-tries": "2" },
      });
      c.gatewayLog([...before.atEach("-21m", "-4m"), ...r.at("-11s")]);
      return c.evidence();
    },
    expect: race,
  }),
  defineCase({
    id: "autoscaler-scales-down-under-requests",
    title: "Each time the autoscaler goes from four pods to two, requests to the two that left run into 504",
    source: "falcondev-oss/github-actions-cache-server#261",
    target: "cache.example.com/",
    async build() {
      const c = shop("ci", { app: "cache", host: "cache.example.com", options: { replicas: 4, port: 3000 } });
      c.ingress("cache", {
        host: "cache.example.com",
        paths: { "/": "cache" },
        annotations: {
          "nginx.ingress.kubernetes.io/proxy-connect-timeout": "1",
          "nginx.ingress.kubernetes.io/proxy-next-upstream-tries": "1",
        },
      });
      c.pdb("cache", 1);
      const way = c.way("cache");
      const before = await record({ ...way, requests: everyday() });
      const leaving = scaleDown(c, "cache", 2, "-17m");
      c.hpa("cache", { min: 2, max: 4, current: 2, cpu: { target: 70, current: 21 }, lastScale: "-17m" });
      c.event(
        { kind: "HorizontalPodAutoscaler", name: "cache" },
        "SuccessfulRescale",
        "New size: 2; reason: All metrics below target",
        { first: "-17m1s" },
      );
      const r = await record({
        ...way,
        pods: { ...allOf(leaving.slice(0, 1), refusing), ...allOf(leaving.slice(1), vanished) },
        settings: { connectTimeoutS: 1, tries: 1 },
        requests: [get("/cache/key", { times: 24, everyMs: 70 })],
      });
      const after = await record({ ...c.way("cache"), requests: everyday() });
      c.gatewayLog([...before.atEach("-34m", "-18m"), ...r.at("-16m57s"), ...after.atEach("-12m", "-4m")]);
      return c.evidence();
    },
    expect: {
      ...race,
      causes: ["stale-endpoint-after-pod-deletion"],
      acceptable: ["shutdown-no-prestop-race", "proxy-connect-timeout"],
    },
  }),
];

async function scaledDown(preStopSeconds: number | undefined): Promise<Evidence> {
  const options = { replicas: 10, ...(preStopSeconds === undefined ? {} : { preStopSeconds }) };
  const c = shop("shop", { options });
  const way = c.way("cart");
  const before = await record({ ...way, requests: everyday() });
  const leaving = scaleDown(c, "cart", 4, "-23m");
  const r = await record({
    ...way,
    ...(preStopSeconds === undefined ? { pods: allOf(leaving, refusing) } : {}),
    requests: [get("/items", { times: 40, everyMs: 45 })],
  });
  const after = await record({ ...c.way("cart"), requests: everyday() });
  c.gatewayLog([...before.atEach("-48m", "-24m"), ...r.at("-22m59s"), ...after.atEach("-15m", "-3m")]);
  return c.evidence();
}
