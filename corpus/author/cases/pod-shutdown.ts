import type { Evidence } from "../../../src/evidence/evidence.ts";
import { type CorpusCase, defineCase, type Expectation } from "../case.ts";
import { AppHandle } from "../cluster/app.ts";
import type { Cluster } from "../cluster/cluster.ts";
import type { PodHandle } from "../cluster/pod-handle.ts";
import { tcpProbe } from "../cluster/probes.ts";
import { shop } from "../cluster/shop.ts";
import { closes, draining, get, ok, refusing, vanished } from "../nginx/behaviours.ts";
import { record } from "../nginx/record.ts";
import type { PodScript } from "../nginx/script.ts";
import { everyday } from "../nginx/traffic.ts";
import { at } from "../time.ts";

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

/** Pods that are told to stop while requests are still sent to them. */
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
    id: "pause-shorter-than-propagation",
    title: "The pods wait five seconds before they stop, and the gateway learns after ten",
    source: "mattrobinsonsre/terrapod#222",
    target: "tf.example.com/",
    build: () => pausedRollout(5),
    expect: race,
  }),
  defineCase({
    id: "pause-longer-than-propagation",
    title: "The pods wait thirty seconds before they stop, and the gateway learns after ten",
    target: "tf.example.com/",
    twinOf: "pause-shorter-than-propagation",
    differs: "the preStop pause is thirty seconds",
    build: () => pausedRollout(30),
    expect: healthy,
  }),
  defineCase({
    id: "pause-ends-and-address-is-gone",
    title:
      "After a pause of five seconds the pods are gone with their addresses: connects time out for a while",
    source: "kubernetes-sigs/aws-load-balancer-controller#1064",
    target: "shop.example.com/",
    build: () => vanishedAfter(5),
    expect: {
      ...race,
      causes: ["stale-endpoint-after-pod-deletion", "shutdown-no-prestop-race"],
    },
  }),
  defineCase({
    id: "pause-outlives-the-update",
    title: "After a pause of twenty-five seconds nothing is sent to the pods any more when they go",
    target: "shop.example.com/",
    twinOf: "pause-ends-and-address-is-gone",
    differs: "the preStop pause is twenty-five seconds",
    build: () => vanishedAfter(25),
    expect: healthy,
  }),
  defineCase({
    id: "half-of-the-pods-at-once",
    title: "Each deploy takes one of two pods; it exits at once while half of the requests still go there",
    source: "kubernetes-sigs/aws-load-balancer-controller#814",
    target: "status.example.com/",
    async build() {
      const c = shop("status", {
        app: "status",
        host: "status.example.com",
        options: {
          replicas: 2,
          port: 3001,
          strategy: { maxUnavailable: "50%", maxSurge: 0 },
          readyAfter: "50s",
        },
      });
      c.ingress("status", {
        host: "status.example.com",
        paths: { "/": "status" },
        annotations: { "nginx.ingress.kubernetes.io/proxy-next-upstream": "off" },
      });
      const way = c.way("status");
      const before = await record({ ...way, requests: everyday() });
      const { oldPods } = c.rollout("status", {
        at: "-31m",
        to: { image: "registry.example.com/status/status:2.0.0" },
        step: "55s",
      });
      const lines = [...before.atEach("-50m", "-34m")];
      for (const p of oldPods) {
        const r = await record({
          ...way,
          pods: { [p.address]: refusing },
          settings: { nextUpstream: "off" },
          requests: [get("/status", { times: 12, everyMs: 70 })],
        });
        lines.push(...r.at(at(AppHandle.deletedAt(p), "1s")));
      }
      const after = await record({ ...c.way("status"), requests: everyday() });
      c.gatewayLog([...lines, ...after.atEach("-24m", "-6m")]);
      return c.evidence();
    },
    expect: race,
  }),
  defineCase({
    id: "gunicorn-stops-accepting",
    title: "At SIGTERM gunicorn finishes what it has and accepts nothing new, while the gateway still sends",
    source: "PostHog/charts-clickhouse#543",
    target: "events.example.net/capture",
    async build() {
      const c = shop("posthog", {
        app: "events",
        host: "events.example.net",
        path: "/capture",
        options: { replicas: 2, port: 8000, graceSeconds: 60 },
      });
      const way = c.way("events");
      const before = await record({ ...way, requests: everyday("/capture") });
      const { oldPods } = c.rollout("events", {
        at: "-13m",
        to: { image: "registry.example.com/posthog/events:1.44.0" },
        step: "0s",
      });
      const r = await record({
        ...way,
        pods: allOf(oldPods, [
          [0, ok(180)],
          [300, draining],
        ]),
        requests: [get("/capture/e", { times: 22, everyMs: 60 })],
      });
      const after = await record({ ...c.way("events"), requests: everyday("/capture") });
      c.gatewayLog([
        ...before.atEach("-30m", "-15m"),
        ...r.at(AppHandle.deletedAt(oldPods[0]!)),
        ...after.atEach("-10m", "-2m"),
      ]);
      return c.evidence();
    },
    expect: race,
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
    expect: { ...race, causes: ["shutdown-no-prestop-race", "stale-endpoint-after-pod-deletion"] },
  }),
  defineCase({
    id: "pause-of-ninety-seconds-and-still-502",
    title:
      "The pods wait ninety seconds before they stop, and requests fail at them all the same; nobody found out why",
    source: "nginx/kubernetes-ingress#891",
    target: "portal.example.org/",
    async build() {
      const c = shop("portal", {
        app: "portal",
        host: "portal.example.org",
        options: {
          replicas: 2,
          port: 4001,
          preStopSeconds: 90,
          graceSeconds: 120,
          probe: tcpProbe(4001, { initialDelaySeconds: 90 }),
          readyAfter: "95s",
        },
      });
      const way = c.way("portal");
      const before = await record({ ...way, requests: everyday() });
      const { oldPods } = c.rollout("portal", {
        at: "-28m",
        to: { image: "registry.example.com/portal/portal:7.1.0" },
        step: "0s",
      });
      const r = await record({
        ...way,
        pods: allOf(oldPods, closes()),
        requests: [get("/", { times: 6, everyMs: 110 })],
      });
      const after = await record({ ...c.way("portal"), requests: everyday() });
      c.gatewayLog([
        ...before.atEach("-45m", "-29m"),
        ...r.at(at(AppHandle.deletedAt(oldPods[0]!), "9s")),
        ...after.atEach("-20m", "-6m"),
      ]);
      return c.evidence();
    },
    expect: { status: "unexplained", causes: [] },
  }),
  defineCase({
    id: "signal-lost-in-a-shell",
    title:
      "A shell is process 1 and keeps SIGTERM for itself; parts of the pod die in the wrong order at every deploy",
    source: "GitLab blog, How we reduced 502 errors by caring about PID 1 in Kubernetes",
    target: "pages.example.io/api",
    async build() {
      const c = shop("pages", {
        app: "webservice",
        host: "pages.example.io",
        path: "/api",
        options: {
          replicas: 3,
          spec: (_, main) => {
            main.command = ["/bin/sh", "-c", "bin/workhorse & bin/puma; wait"];
          },
        },
      });
      const way = c.way("webservice");
      const before = await record({ ...way, requests: everyday("/api") });
      const { oldPods } = c.rollout("webservice", {
        at: "-16m",
        to: { image: "registry.example.com/pages/webservice:15.0.1" },
        step: "0s",
      });
      const r = await record({
        ...way,
        pods: allOf(oldPods, [
          [0, ok(20)],
          [250, closes(3)],
          [900, refusing],
        ]),
        requests: [get("/api/v4/internal/pages", { times: 22, everyMs: 65 })],
      });
      const after = await record({ ...c.way("webservice"), requests: everyday("/api") });
      c.gatewayLog([
        ...before.atEach("-33m", "-17m"),
        ...r.at(at(AppHandle.deletedAt(oldPods[0]!), "1s")),
        ...after.atEach("-12m", "-3m"),
      ]);
      return c.evidence();
    },
    expect: race,
  }),
  defineCase({
    id: "grace-shorter-than-the-longest-request",
    title: "Exports take eight seconds, stopping pods are given five and are killed with exports in flight",
    target: "export.example.com/",
    build: () => longRequests(5),
    expect: {
      status: "explained",
      causes: ["termination-grace-too-short"],
      share: 1,
    },
  }),
  defineCase({
    id: "grace-longer-than-the-longest-request",
    title: "Exports take eight seconds, stopping pods are given a minute and finish them",
    target: "export.example.com/",
    twinOf: "grace-shorter-than-the-longest-request",
    differs: "terminationGracePeriodSeconds is 60",
    build: () => longRequests(60),
    expect: healthy,
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

async function pausedRollout(preStopSeconds: number): Promise<Evidence> {
  const c = shop("terraform", {
    app: "api",
    host: "tf.example.com",
    options: { replicas: 2, port: 8000, preStopSeconds, graceSeconds: preStopSeconds + 30 },
  });
  const way = c.way("api");
  const before = await record({ ...way, requests: everyday() });
  const { oldPods } = c.rollout("api", {
    at: "-26m",
    to: { image: "registry.example.com/terraform/api:0.31.0" },
    step: "0s",
  });
  const r = await record({
    ...way,
    ...(preStopSeconds < 10 ? { pods: allOf(oldPods, refusing) } : {}),
    requests: [get("/runs", { times: 26, everyMs: 80 })],
  });
  const after = await record({ ...c.way("api"), requests: everyday() });
  const deleted = AppHandle.deletedAt(oldPods[0]!);
  c.gatewayLog([
    ...before.atEach("-41m", "-28m"),
    ...r.at(at(deleted, "7s")),
    ...after.atEach("-20m", "-4m"),
  ]);
  return c.evidence();
}

/** Exports of eight seconds are under way when their pods are told to stop. */
async function longRequests(graceSeconds: number): Promise<Evidence> {
  const c = shop("export", {
    app: "exporter",
    host: "export.example.com",
    options: { replicas: 2, graceSeconds, preStopSeconds: 2 },
  });
  const way = c.way("exporter");
  const before = await record({ ...way, requests: everyday() });
  const { oldPods } = c.rollout("exporter", {
    at: "-15m",
    to: { image: "registry.example.com/export/exporter:5.2.0", graceSeconds },
    step: "0s",
  });
  const isKilled = graceSeconds < 8;
  const r = await record({
    ...way,
    pods: allOf(
      oldPods,
      isKilled
        ? [
            [0, ok(9000)],
            [6000, refusing],
          ]
        : ok(3000),
    ),
    settings: { nextUpstream: "off" },
    requests: [get("/export.csv", { times: 8, everyMs: 90 })],
  });
  c.ingress("exporter", {
    host: "export.example.com",
    paths: { "/": "exporter" },
    annotations: { "nginx.ingress.kubernetes.io/proxy-next-upstream": "off" },
  });
  const after = await record({ ...c.way("exporter"), requests: everyday() });
  const began = at(AppHandle.deletedAt(oldPods[0]!), "-1s");
  c.gatewayLog([...before.atEach("-31m", "-17m"), ...r.at(began), ...after.atEach("-10m", "-2m")]);
  return c.evidence();
}

/** Requests still reach the old pods eight to ten seconds after they were told to stop. */
async function vanishedAfter(preStopSeconds: number): Promise<Evidence> {
  const c = shop("shop", { options: { replicas: 2, preStopSeconds, graceSeconds: preStopSeconds + 30 } });
  c.ingress("cart", {
    paths: { "/": "cart" },
    annotations: { "nginx.ingress.kubernetes.io/proxy-connect-timeout": "1" },
  });
  const way = c.way("cart");
  const before = await record({ ...way, requests: everyday() });
  const { oldPods } = c.rollout("cart", {
    at: "-21m",
    to: { image: "registry.example.com/shop/cart:1.9.0" },
    step: "0s",
  });
  const gone = await record({
    ...way,
    ...(preStopSeconds < 8 ? { pods: allOf(oldPods, vanished) } : {}),
    settings: { connectTimeoutS: 1 },
    requests: [get("/", { times: 10, everyMs: 140 })],
  });
  const last = AppHandle.deletedAt(oldPods.at(-1)!);
  const after = await record({ ...c.way("cart"), requests: everyday() });
  c.gatewayLog([
    ...before.atEach("-40m", "-25m"),
    ...gone.at(at(last, "8s")),
    ...after.atEach("-18m", "-5m"),
  ]);
  return c.evidence();
}
