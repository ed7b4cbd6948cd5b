import type { Evidence } from "../../../src/evidence/evidence.ts";
import { type CorpusCase, defineCase, type Expectation } from "../case.ts";
import type { PodHandle } from "../cluster/pod-handle.ts";
import { httpProbe, tcpProbe } from "../cluster/probes.ts";
import { shop } from "../cluster/shop.ts";
import { askInVain, serve } from "../in-vain.ts";
import { closes, get, hang, ok, post, resets } from "../nginx/behaviours.ts";
import { record } from "../nginx/record.ts";
import { everyday } from "../nginx/traffic.ts";
import { at } from "../time.ts";

const healthy: Expectation = { status: "healthy", causes: [] };
const explained = (cause: string, share: number, ...acceptable: string[]): Expectation => ({
  status: "explained",
  causes: [cause],
  acceptable,
  share,
});

const late = (p: PodHandle, path = "/healthz"): string =>
  `Get "http://${p.address}${path}": context deadline exceeded (Client.Timeout exceeded while awaiting headers)`;

/** Was not ready for some time and is again. */
function blinked(p: PodHandle, backAt: string): void {
  p.setCondition("Ready", "True", backAt).setCondition("ContainersReady", "True", backAt);
}

/** Readiness that is asked too little, too impatiently or too much. */
export const cases: CorpusCase[] = [
  defineCase({
    id: "readiness-opens-a-connection-only",
    title: "Readiness opens a TCP connection; new pods accept requests and drop them while caches fill",
    target: "catalog.example.com/",
    build: () => warmingUp(tcpProbe()),
    expect: explained("readiness-probe-missing-or-lenient", 1, "app-not-listening-yet"),
  }),
  defineCase({
    id: "readiness-asks-the-application",
    title: "Readiness asks the application; new pods get requests when their caches are full",
    target: "catalog.example.com/",
    twinOf: "readiness-opens-a-connection-only",
    differs: "the readiness probe is an HTTP request",
    build: () => warmingUp(httpProbe("/ready")),
    expect: healthy,
  }),
  defineCase({
    id: "stuck-pod-stays-ready",
    title: "One of three pods hangs and, having no readiness probe, keeps its third of the requests",
    target: "feeds.example.com/",
    build: () => stuckPod(null),
    expect: explained("readiness-probe-missing-or-lenient", 1, "worker-pool-exhausted"),
  }),
  defineCase({
    id: "stuck-pod-is-taken-out",
    title: "One of three pods hangs and its readiness probe takes it out",
    target: "feeds.example.com/",
    twinOf: "stuck-pod-stays-ready",
    differs: "a readiness probe asks the application",
    build: () => stuckPod(httpProbe("/healthz")),
    expect: healthy,
  }),
  defineCase({
    id: "readiness-times-out-on-all",
    title:
      "Under a batch job both pods answer their readiness probe later than a second and drop out together",
    target: "app.example.net/",
    build: () => flapping(2),
    expect: explained("readiness-probe-timeout-flapping", 1, "no-endpoints-pods-not-ready"),
  }),
  defineCase({
    id: "readiness-times-out-on-one",
    title: "Under a batch job one of the two pods answers its readiness probe later than a second",
    target: "app.example.net/",
    twinOf: "readiness-times-out-on-all",
    differs: "the other pod stayed ready",
    build: () => flapping(1),
    expect: healthy,
  }),
  defineCase({
    id: "slow-health-and-rare-502",
    title:
      "Health is slower than its two seconds at times; one request in some hundred got a 502 for an unknown reason",
    source: "https://sejoonkim.me",
    target: "app.example.net/",
    async build() {
      const probe = httpProbe("/health", "http", { timeoutSeconds: 2 });
      const c = shop("app", { app: "backend", host: "app.example.net", options: { replicas: 3, probe } });
      const p = c.pod("backend", 1);
      p.probeFails("Readiness", late(p, "/health"), { first: "-49m", last: "-11m", count: 7 });
      const way = c.way("backend");
      const fine = await record({ ...way, requests: everyday() });
      const one = await record({
        ...way,
        pods: { [p.address]: closes() },
        settings: { tries: 1 },
        requests: [get("/items", { times: 3, everyMs: 60 })],
      });
      c.ingress("backend", {
        host: "app.example.net",
        paths: { "/": "backend" },
        annotations: { "nginx.ingress.kubernetes.io/proxy-next-upstream-tries": "1" },
      });
      c.gatewayLog([
        ...fine.atEach("-50m", "-45m", "-38m", "-30m", "-24m", "-16m", "-4m"),
        ...one.at("-33m"),
      ]);
      return c.evidence();
    },
    expect: { status: "unexplained", causes: [] },
  }),
  defineCase({
    id: "resets-while-readiness-flaps",
    title:
      "Live connections to busy pods are reset whenever their readiness flaps; nothing here says by whom",
    source: "gitlab.com/gitlab-com/gl-infra/production-engineering work item 28055",
    target: "git.example.org/api",
    async build() {
      const probe = httpProbe("/-/readiness", "http", { timeoutSeconds: 2 });
      const c = shop("gitlab", {
        app: "webservice",
        host: "git.example.org",
        path: "/api",
        options: { replicas: 3, probe },
      });
      const [one, two] = [c.pod("webservice", 0), c.pod("webservice", 1)];
      for (const p of [one, two])
        p.probeFails("Readiness", late(p, "/-/readiness"), { first: "-51m", last: "-5m", count: 21 });
      blinked(one, "-4m40s");
      blinked(two, "-16m");
      const way = c.way("webservice");
      const fine = await record({ ...way, requests: everyday("/api") });
      const cut = await record({
        ...way,
        pods: {
          [one.address]: [
            [0, ok()],
            [900, resets(120)],
          ],
        },
        settings: { tries: 1 },
        requests: [
          get("/api/v4/projects", { times: 12, everyMs: 150 }),
          post("/api/v4/internal", { times: 6, everyMs: 280 }),
        ],
      });
      c.ingress("webservice", {
        host: "git.example.org",
        paths: { "/api": "webservice" },
        annotations: { "nginx.ingress.kubernetes.io/proxy-next-upstream-tries": "1" },
      });
      c.gatewayLog([...fine.atEach("-53m", "-30m", "-12m", "-2m"), ...cut.atEach("-27m", "-6m")]);
      return c.evidence();
    },
    expect: { status: "unexplained", causes: [] },
  }),
  defineCase({
    id: "readiness-asks-the-database",
    title: "Readiness asks a database outside the cluster; when that failed over, all pods left together",
    target: "crm.example.com/",
    build: () => failover(3),
    expect: explained(
      "readiness-probe-too-strict",
      1,
      "no-endpoints-pods-not-ready",
      "dependency-rejects-application",
    ),
  }),
  defineCase({
    id: "readiness-fails-on-one-pod",
    title: "One pod's readiness fails during the failover; the two others had kept their connections",
    target: "crm.example.com/",
    twinOf: "readiness-asks-the-database",
    differs: "two of three pods stayed ready",
    build: () => failover(1),
    expect: healthy,
  }),
];

async function warmingUp(probe: ReturnType<typeof tcpProbe>): Promise<Evidence> {
  const c = shop("catalog", { app: "catalog", host: "catalog.example.com", options: { replicas: 3, probe } });
  const before = await record({ ...c.way("catalog"), requests: everyday() });
  const { newPods } = c.rollout("catalog", {
    at: "-18m",
    to: { image: "registry.example.com/catalog/catalog:3.0.0", readyAfter: "1s", preStopSeconds: 10 },
    step: "0s",
  });
  const way = c.way("catalog");
  const cold = probe.tcpSocket !== undefined;
  const state = [
    [0, closes()],
    [1100, ok(20)],
  ] as const;
  const after = await record({
    ...way,
    ...(cold ? { pods: Object.fromEntries(newPods.map((p) => [p.address, state])) } : {}),
    requests: [get("/products?page=3", { times: 24, everyMs: 90 })],
  });
  const later = await record({ ...way, requests: everyday() });
  c.gatewayLog([...before.atEach("-45m", "-25m"), ...after.at("-17m54s"), ...later.atEach("-13m", "-3m")]);
  return c.evidence();
}

async function stuckPod(probe: ReturnType<typeof httpProbe> | null): Promise<Evidence> {
  const c = shop("feeds", { app: "feeds", host: "feeds.example.com", options: { replicas: 3, probe } });
  c.ingress("feeds", {
    host: "feeds.example.com",
    paths: { "/": "feeds" },
    annotations: {
      "nginx.ingress.kubernetes.io/proxy-read-timeout": "1",
      "nginx.ingress.kubernetes.io/proxy-next-upstream-tries": "1",
    },
  });
  const stuck = c.pod("feeds", 1);
  if (probe !== null) {
    stuck.notReady({ since: "-34m" });
    stuck.probeFails("Readiness", late(stuck), { first: "-34m20s", last: "-4s", count: 205 });
    await serve(c, "feeds", "-30m", "-17m", "-4m");
    return c.evidence();
  }
  const r = await record({
    ...c.way("feeds"),
    pods: { [stuck.address]: hang },
    settings: { readTimeoutS: 1, tries: 1 },
    requests: [get("/atom.xml", { times: 24, everyMs: 80 })],
  });
  c.gatewayLog(r.atEach("-30m", "-17m", "-4m"));
  return c.evidence();
}

async function flapping(pods: 1 | 2): Promise<Evidence> {
  const c = shop("app", { app: "backend", host: "app.example.net", options: { replicas: 2 } });
  const struck = c.pods("backend").slice(0, pods);
  const before = await record({ ...c.way("backend"), requests: everyday() });
  for (const [i, p] of struck.entries())
    p.probeFails("Readiness", late(p), { first: `-23m${i * 4}s`, last: "-19m", count: 14 });
  if (pods === 2) {
    for (const p of struck) p.notReady({ since: "-22m20s" });
    await askInVain(c, "backend", "-22m", "-20m10s");
    for (const [i, p] of struck.entries()) {
      p.container().ready = true;
      blinked(p, at("-18m52s", `${i * 3}s`));
    }
  } else blinked(struck[0]!, "-18m52s");
  c.gatewayLog(before.atEach("-41m", "-31m", ...(pods === 1 ? ["-22m", "-20m"] : []), "-9m"));
  return c.evidence();
}

async function failover(pods: 1 | 3): Promise<Evidence> {
  const c = shop("crm", {
    app: "crm",
    host: "crm.example.com",
    options: { replicas: 3, port: 5000, probe: httpProbe("/ready", "http", { periodSeconds: 5 }) },
  });
  const struck = c.pods("crm").slice(0, pods);
  const before = await record({ ...c.way("crm"), requests: everyday() });
  for (const [i, p] of struck.entries()) {
    p.probeFails("Readiness", "HTTP probe failed with statuscode: 503", {
      first: at("-27m15s", `${i}s`),
      last: at("-24m10s", `${i}s`),
      count: 37,
    });
    p.notReady({ since: at("-27m5s", `${i}s`) });
    c.appLog(p, [
      "2026-11-18T10:02:44Z ERROR readiness: FATAL: the database system is in recovery mode",
      "2026-11-18T10:05:52Z INFO readiness: database is back",
    ]);
  }
  if (pods === 3) await askInVain(c, "crm", "-26m50s", "-25m20s", "-24m30s");
  for (const [i, p] of struck.entries()) {
    p.container().ready = true;
    blinked(p, at("-24m5s", `${i}s`));
  }
  c.gatewayLog(before.atEach("-44m", "-33m", ...(pods === 1 ? ["-26m50s"] : []), "-20m", "-6m"));
  return c.evidence();
}
