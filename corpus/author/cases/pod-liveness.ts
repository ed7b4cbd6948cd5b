import { type CorpusCase, defineCase, type Expectation } from "../case.ts";
import type { PodHandle } from "../cluster/pod-handle.ts";
import { httpProbe, tcpProbe } from "../cluster/probes.ts";
import { shop } from "../cluster/shop.ts";
import { askInVain } from "../in-vain.ts";
import { get, ok } from "../nginx/behaviours.ts";
import { record } from "../nginx/record.ts";
import { everyday } from "../nginx/traffic.ts";

const explained = (cause: string, share: number, ...acceptable: string[]): Expectation => ({
  status: "explained",
  causes: [cause],
  acceptable,
  share,
});

const late = (p: PodHandle, path = "/healthz"): string =>
  `Get "http://${p.address}${path}": context deadline exceeded (Client.Timeout exceeded while awaiting headers)`;

/** Containers that the kubelet kills for their liveness probe, and one that it does not. */
export const cases: CorpusCase[] = [
  defineCase({
    id: "liveness-times-out-when-throttled",
    title:
      "A limit range throttles the CPU, liveness times out after a second, and the kubelet restarts a sane pod",
    source: "devantler-tech/platform#1714",
    target: "home.example.net/",
    async build() {
      const resources = {
        requests: { cpu: "100m", memory: "128Mi" },
        limits: { cpu: "500m", memory: "512Mi" },
      };
      const liveness = httpProbe("/healthz");
      const c = shop("homepage", {
        app: "homepage",
        host: "home.example.net",
        options: { replicas: 1, port: 3000, resources, liveness },
      });
      const p = c.pod("homepage");
      p.restart({ exitCode: 0, reason: "Completed", at: "-14m", count: 4, readyAfter: "12s" });
      p.probeFails("Liveness", late(p), { first: "-57m", last: "-14m1s", count: 12 });
      p.probeFails("Readiness", late(p), { first: "-57m", last: "-14m2s", count: 15 });
      p.event("Killing", "Container homepage failed liveness probe, will be restarted", {
        first: "-56m",
        last: "-14m",
        count: 4,
        fieldPath: "spec.containers{homepage}",
      });
      const way = c.way("homepage");
      const fine = await record({ ...way, requests: everyday() });
      const killed = await record({
        ...way,
        pods: {
          [p.address]: [
            [0, ok(150)],
            [700, { state: "refusing" }],
          ],
        },
        requests: [get("/items", { times: 22, everyMs: 70 })],
      });
      c.gatewayLog([...fine.atEach("-40m", "-22m", "-6m"), ...killed.at("-14m")]);
      return c.evidence();
    },
    expect: explained(
      "liveness-probe-restart-loop",
      0.9,
      "readiness-probe-timeout-flapping",
      "no-endpoints-pods-not-ready",
      "crash-loop-backoff",
    ),
  }),
  defineCase({
    id: "killed-for-memory-not-by-liveness",
    title: "The container is killed at its memory limit; liveness had nothing to do with it",
    target: "home.example.net/",
    twinOf: "liveness-times-out-when-throttled",
    differs: "the container ended OOMKilled and no probe killed it",
    async build() {
      const resources = {
        requests: { cpu: "100m", memory: "128Mi" },
        limits: { cpu: "500m", memory: "512Mi" },
      };
      const liveness = httpProbe("/healthz");
      const c = shop("homepage", {
        app: "homepage",
        host: "home.example.net",
        options: { replicas: 1, port: 3000, resources, liveness },
      });
      const p = c.pod("homepage");
      p.restart({ exitCode: 137, reason: "OOMKilled", at: "-14m", count: 4, readyAfter: "12s" });
      const way = c.way("homepage");
      const fine = await record({ ...way, requests: everyday() });
      const killed = await record({
        ...way,
        pods: {
          [p.address]: [
            [0, ok(150)],
            [700, { state: "refusing" }],
          ],
        },
        requests: [get("/items", { times: 22, everyMs: 70 })],
      });
      c.gatewayLog([...fine.atEach("-40m", "-22m", "-6m"), ...killed.at("-14m")]);
      return c.evidence();
    },
    expect: explained("oom-killed", 0.9, "no-endpoints-pods-not-ready", "crash-loop-backoff"),
  }),
  defineCase({
    id: "liveness-kills-a-slow-start",
    title: "The process needs ninety seconds to listen, and liveness kills it after forty, each time",
    target: "service/erp",
    namespace: "erp",
    async build() {
      const liveness = tcpProbe("http", { initialDelaySeconds: 10 });
      const c = shop("erp", { app: "erp", options: { replicas: 1, created: "-38m", liveness } });
      const p = c.pod("erp");
      p.crashLoop({ exitCode: 143, reason: "Error", at: "-70s", since: "-38m", count: 12, ranFor: "41s" });
      const refused = `dial tcp ${p.address}: connect: connection refused`;
      p.probeFails("Liveness", refused, { first: "-37m40s", last: "-70s", count: 36 });
      p.event("Killing", "Container erp failed liveness probe, will be restarted", {
        first: "-37m",
        last: "-70s",
        count: 12,
        fieldPath: "spec.containers{erp}",
      });
      c.appLog(p, ["Loading modules…", "Migrating 214 models"], { previous: true });
      await askInVain(c, "erp", "-31m", "-12m", "-2m");
      return c.evidence();
    },
    expect: explained("liveness-probe-restart-loop", 1, "crash-loop-backoff", "no-endpoints-pods-not-ready"),
  }),
];
