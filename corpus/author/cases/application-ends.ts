import type { Evidence } from "../../../src/evidence/evidence.ts";
import { type CorpusCase, defineCase } from "../case.ts";
import { shop } from "../cluster/shop.ts";
import { noActiveEndpoint } from "../lines.ts";
import { answer, byPath, get, ok, post, refusing } from "../nginx/behaviours.ts";
import { record } from "../nginx/record.ts";
import { everyday } from "../nginx/traffic.ts";

/** A graph database's front end whose first pod is killed at -12m, with requests in flight or without. */
async function killedForMemory(hasRequests: boolean): Promise<Evidence> {
  const c = shop("social", {
    app: "backend",
    host: "social.example.org",
    options: {
      replicas: 2,
      port: 4000,
      resources: { requests: { memory: "256Mi" }, limits: { memory: "512Mi" } },
    },
  });
  const way = c.way("backend");
  const dying = c.pod("backend", 0);
  const before = await record({ ...way, requests: everyday("/graphql") });
  const states = [
    [0, ok(900)],
    [1000, refusing],
    [4000, ok()],
  ] as const;
  const during = await record({
    ...way,
    pods: { [dying.address]: states },
    requests: [
      post("/graphql", { times: 12, everyMs: 160 }),
      post("/graphql", { atMs: 4400, times: 4, everyMs: 120 }),
    ],
  });
  c.gatewayLog([
    ...before.atEach("-40m", "-25m", "-16m"),
    ...(hasRequests ? during.at("-721s") : []),
    ...before.atEach("-9m", "-3m"),
  ]);
  dying.restart({
    exitCode: 137,
    reason: "OOMKilled",
    at: "-12m",
    count: 1,
    startedAfter: "1s",
    readyAfter: "4s",
  });
  return c.evidence();
}

/** The only pod: killed for memory again and again, or up since its one restart. No gateway log. */
function onlyPodKilled(isLooping: boolean): Evidence {
  const c = shop("search", {
    app: "indexer",
    host: "search.example.com",
    options: {
      kind: "StatefulSet",
      replicas: 1,
      port: 9200,
      resources: { requests: { memory: "1Gi" }, limits: { memory: "1Gi" } },
    },
  });
  const p = c.pod("indexer");
  const end = { exitCode: 137, reason: "OOMKilled", at: isLooping ? "-90s" : "-42m" };
  if (isLooping) p.crashLoop({ ...end, since: "-48m", count: 11, ranFor: "40s" });
  else p.restart({ ...end, count: 1, readyAfter: "30s" });
  if (isLooping)
    c.gatewayLog([noActiveEndpoint("-45m", "search/indexer"), noActiveEndpoint("-80s", "search/indexer")]);
  c.appLog(p, ["[2026-11-18T10:28:01,100][INFO ][o.e.n.Node] [indexer-0] started"], { previous: true });
  return c.evidence();
}

/** A container that ends because a setting is missing; `isUp`: it was given a minute ago and runs. */
async function settingMissing(isUp: boolean): Promise<Evidence> {
  const c = shop("shop", { app: "checkout", options: { replicas: 2, port: 3000, created: "-38m" } });
  const served = await record({ ...c.way("checkout"), requests: everyday() });
  for (const p of c.pods("checkout")) {
    if (!isUp) p.crashLoop({ exitCode: 1, reason: "Error", at: "-70s", since: "-38m", count: 10 });
    c.appLog(
      p,
      [
        "> checkout@3.2.0 start",
        "> node dist/server.js",
        "Error: Missing required environment variable STRIPE_API_BASE",
        "    at loadConfig (/app/dist/config.js:31:11)",
      ],
      { previous: true },
    );
    if (isUp)
      c.appLog(p, ['{"level":30,"time":1763461800000,"msg":"Server listening at http://0.0.0.0:3000"}']);
  }
  if (isUp) c.gatewayLog(served.atEach("-33m", "-21m", "-8m"));
  else {
    const none = await record({ ...c.way("checkout"), servers: [], requests: everyday() });
    c.gatewayLog([...none.atEach("-33m", "-21m", "-8m"), noActiveEndpoint("-33m", "shop/checkout")]);
  }
  return c.evidence();
}

/** gunicorn with a worker timeout of 2 s and one path that takes longer. */
async function workerKilled(hasKilledWorker: boolean): Promise<Evidence> {
  const c = shop("research", {
    app: "workbench-api",
    host: "api.workbench.example.org",
    options: { replicas: 2, port: 8081, created: "-11d" },
  });
  const way = c.way("workbench-api");
  const slow = byPath({ "/v1/cohorts": hasKilledWorker ? answer.close(2100) : answer.ok(2100) }, answer.ok());
  const r = await record({
    ...way,
    pods: Object.fromEntries(way.servers.map((s) => [s, slow])),
    requests: [
      ...everyday("/v1"),
      post("/v1/cohorts/1204/materialize", { times: 3, everyMs: 500, atMs: 100 }),
    ],
  });
  c.gatewayLog(r.atEach("-38m", "-22m", "-7m"));
  const [first, second] = c.pods("workbench-api");
  if (first === undefined || second === undefined) throw new Error("two pods");
  const boot = "[2026-11-07 10:30:02 +0000] [1] [INFO] Listening at: http://0.0.0.0:8081 (1)";
  const deaths = ["09:52", "10:08", "10:23"].flatMap((time, i) => [
    `[2026-11-18 ${time}:02 +0000] [1] [CRITICAL] WORKER TIMEOUT (pid:${81 + i})`,
    `[2026-11-18 ${time}:02 +0000] [${81 + i}] [INFO] Worker exiting (pid: ${81 + i})`,
    `[2026-11-18 ${time}:03 +0000] [${91 + i}] [INFO] Booting worker with pid: ${91 + i}`,
  ]);
  for (const p of c.pods("workbench-api")) c.appLog(p, hasKilledWorker ? [boot, ...deaths] : [boot]);
  return c.evidence();
}

/** The process is ended four times by its own supervisor, with exit code 0; `hasRequests`: while it was asked. */
async function endsByItself(hasRequests: boolean): Promise<Evidence> {
  const c = shop("law", { app: "api", host: "api.laws.example.org", options: { replicas: 1, port: 3000 } });
  const way = c.way("api");
  const p = c.pod("api");
  const before = await record({ ...way, requests: everyday("/v1") });
  const states = [
    [0, ok(700)],
    [1000, refusing],
    [4000, ok()],
  ] as const;
  const during = await record({
    ...way,
    pods: { [p.address]: states },
    requests: [
      get("/v1/laws/2231/diff", { times: 26, everyMs: 150 }),
      get("/v1/laws", { atMs: 4400, times: 5, everyMs: 90 }),
    ],
  });
  c.gatewayLog([
    ...before.atEach("-44m", "-26m"),
    ...(hasRequests ? during.at("-841s") : []),
    ...before.atEach("-10m", "-4m"),
  ]);
  p.restart({ exitCode: 0, reason: "Completed", at: "-14m", count: 4, readyAfter: "2s" });
  return c.evidence();
}

/** The same closes, and an application log that tells of nothing. */
async function closedWithoutAWord(): Promise<Evidence> {
  const c = shop("media", { app: "thumbs", host: "img.example.com", options: { replicas: 1, port: 8080 } });
  const way = c.way("thumbs");
  const state = byPath({ "/render": answer.close(600) }, answer.ok());
  const r = await record({
    ...way,
    pods: Object.fromEntries(way.servers.map((s) => [s, state])),
    requests: [...everyday("/t"), post("/render/4711", { times: 4, everyMs: 380 })],
  });
  c.gatewayLog(r.atEach("-41m", "-19m", "-4m"));
  c.appLog(c.pod("thumbs"), ["listening on :8080"]);
  return c.evidence();
}

export const cases: CorpusCase[] = [
  defineCase({
    id: "application-killed-for-memory",
    title: "A pod is killed for memory: what it held is cut, what comes next is refused for three seconds",
    source: "Human-Connection/Human-Connection#3648",
    target: "social.example.org/graphql",
    build: () => killedForMemory(true),
    expect: { status: "explained", causes: ["oom-killed"], share: 0.9 },
  }),
  defineCase({
    id: "application-killed-for-memory-met-nobody",
    title: "A pod was killed for memory in a minute without requests",
    target: "social.example.org/graphql",
    twinOf: "application-killed-for-memory",
    differs: "no request was under way",
    build: () => killedForMemory(false),
    expect: { status: "healthy", causes: [] },
  }),
  defineCase({
    id: "application-only-pod-killed-for-memory-again-and-again",
    title:
      "The only pod of a StatefulSet is killed for memory after each start; only the controller's warnings are known",
    target: "service/indexer",
    namespace: "search",
    build: () => onlyPodKilled(true),
    expect: {
      status: "explained",
      causes: ["oom-killed"],
      acceptable: ["crash-loop-backoff", "no-endpoints-pods-not-ready"],
    },
  }),
  defineCase({
    id: "application-only-pod-killed-for-memory-once",
    title: "The only pod was killed for memory once and serves; nobody can say what it cost",
    target: "service/indexer",
    namespace: "search",
    twinOf: "application-only-pod-killed-for-memory-again-and-again",
    differs: "it was killed once and is up since",
    build: () => onlyPodKilled(false),
    expect: { status: "undecided", causes: [] },
  }),
  defineCase({
    id: "application-crashes-for-a-missing-setting",
    title: "A new application ends at each start for want of an environment variable",
    target: "shop.example.com/",
    build: () => settingMissing(false),
    expect: {
      status: "explained",
      causes: ["crash-loop-backoff"],
      acceptable: ["no-endpoints-pods-not-ready"],
      share: 1,
    },
  }),
  defineCase({
    id: "application-runs-with-the-setting",
    title: "The same application with its environment variable",
    target: "shop.example.com/",
    twinOf: "application-crashes-for-a-missing-setting",
    differs: "the variable is set",
    build: () => settingMissing(true),
    expect: { status: "healthy", causes: [] },
  }),
  defineCase({
    id: "application-ends-with-code-0-under-load",
    title:
      "The only container ended for the fourth time, with exit code 0: cut and refused until it is up again",
    source: "leyabierta/leyabierta#101",
    target: "api.laws.example.org/v1",
    build: () => endsByItself(true),
    expect: {
      status: "explained",
      causes: ["crash-loop-backoff"],
      acceptable: ["no-endpoints-pods-not-ready"],
      share: 0.9,
    },
  }),
  defineCase({
    id: "application-ended-with-code-0-unasked",
    title: "The same container ended for the fourth time while nobody asked for anything",
    target: "api.laws.example.org/v1",
    twinOf: "application-ends-with-code-0-under-load",
    differs: "no request was under way",
    build: () => endsByItself(false),
    expect: { status: "healthy", causes: [] },
  }),
  defineCase({
    id: "application-worker-killed-by-its-master",
    title:
      "gunicorn kills workers that hold a request for longer than its timeout: 502 on the slow path only",
    source: "all-of-us/raw-data-repository#4081",
    target: "api.workbench.example.org/v1",
    build: () => workerKilled(true),
    expect: { status: "explained", causes: ["app-worker-crash"], share: 0.9 },
  }),
  defineCase({
    id: "application-workers-may-take-longer",
    title: "The same slow path, and workers that may take as long as they need",
    target: "api.workbench.example.org/v1",
    twinOf: "application-worker-killed-by-its-master",
    differs: "the worker timeout is longer than the slow path",
    build: () => workerKilled(false),
    expect: { status: "healthy", causes: [] },
  }),
  defineCase({
    id: "application-closes-without-a-word",
    title: "One path's connections are cut after 0.6 s and no log says by whom",
    target: "img.example.com/",
    build: closedWithoutAWord,
    expect: { status: "unexplained", causes: [] },
  }),
];
