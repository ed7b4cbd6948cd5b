import type { Evidence } from "../../../src/evidence/evidence.ts";
import { type CorpusCase, defineCase, type Expectation } from "../case.ts";
import { AppHandle } from "../cluster/app.ts";
import type { PodHandle } from "../cluster/pod-handle.ts";
import { shop } from "../cluster/shop.ts";
import { closes, draining, get, ok, refusing } from "../nginx/behaviours.ts";
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

const allOf = (pods: readonly PodHandle[], script: PodScript): Record<string, PodScript> =>
  Object.fromEntries(pods.map((p) => [p.address, script]));

/** Pods that are told to stop while requests are still sent to them. */
export const cases: CorpusCase[] = [
  defineCase({
    id: "half-of-the-pods-at-once",
    title: "Each deploy takes one of two pods; it exits at once while half of the requests still go there",
    source: "kubernetes-sigs/aws-load-balancer-controller#814",
    target: "status.example.com/",
    async build() {
      const c = shop("uptime", {
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
