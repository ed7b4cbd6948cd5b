import type { Evidence } from "../../../src/evidence/evidence.ts";
import { type CorpusCase, defineCase } from "../case.ts";
import { shop } from "../cluster/shop.ts";
import { answer, answers, busy, byPath, get, hang, post } from "../nginx/behaviours.ts";
import { record } from "../nginx/record.ts";
import type { PodState } from "../nginx/script.ts";

const timer = (seconds: string): Record<string, string> => ({
  "nginx.ingress.kubernetes.io/proxy-read-timeout": seconds,
});

/** Connection checks that take three seconds behind a timer of `timeoutS`; the application logs each with its duration. */
async function longCheck(timeoutS: number, isLogged: boolean): Promise<Evidence> {
  const c = shop("airbyte", {
    app: "server",
    host: "sync.example.com",
    path: "/api",
    options: { replicas: 1, port: 8001 },
  });
  c.ingress("server", {
    host: "sync.example.com",
    paths: { "/api": "server" },
    annotations: timer(String(timeoutS)),
  });
  const way = c.way("server");
  const state = byPath({ "/api/v1/sources/check_connection": answer.ok(3100) }, answer.ok());
  const r = await record({
    ...way,
    pods: Object.fromEntries(way.servers.map((s) => [s, state])),
    settings: { readTimeoutS: timeoutS },
    requests: [
      get("/api/v1/health", { times: 10, everyMs: 140 }),
      get("/api/v1/workspaces", { times: 8, everyMs: 170, atMs: 20 }),
      post("/api/v1/sources/check_connection", { times: 3, everyMs: 300, atMs: 60 }),
    ],
  });
  c.gatewayLog(r.atEach("-42m", "-21m", "-6m"));
  const lines = ["09:48:03", "09:48:04", "10:09:03", "10:24:03"].map(
    (time) =>
      `{"timestamp":"2026-11-18T${time}.180Z","level":"INFO","method":"POST","path":"/api/v1/sources/check_connection","status":200,"duration_ms":3104}`,
  );
  c.appLog(
    c.pod("server"),
    isLogged ? lines : ['{"timestamp":"2026-11-09T10:30:02.000Z","level":"INFO","message":"started"}'],
  );
  return c.evidence();
}

/** A query endpoint that hangs until the 3 s of the gateway are over; nothing else is known. */
async function roundTimeouts(): Promise<Evidence> {
  const c = shop("portal", {
    app: "backstage",
    host: "portal.example.com",
    options: { replicas: 2, port: 7007 },
  });
  c.gatewayConfig({ "proxy-read-timeout": "3" });
  const way = c.way("backstage");
  const state = byPath({ "/api/kubernetes/resources/workloads/query": answer.hang }, answer.ok());
  const r = await record({
    ...way,
    pods: Object.fromEntries(way.servers.map((s) => [s, state])),
    settings: { readTimeoutS: 3 },
    requests: [
      get("/catalog", { times: 8, everyMs: 130 }),
      post("/api/kubernetes/resources/workloads/query", { times: 4, everyMs: 250 }),
    ],
  });
  c.gatewayLog(r.atEach("-37m", "-16m"));
  c.unknown("app-log", "not in the bundle");
  return c.evidence();
}

/** Uploads that never end until the pod is restarted; the rest is fast. */
async function stuckUploads(): Promise<Evidence> {
  const c = shop("trust", {
    app: "importer",
    host: "sbom.example.org",
    options: { kind: "StatefulSet", replicas: 1, port: 8080 },
  });
  c.ingress("importer", { host: "sbom.example.org", paths: { "/": "importer" }, annotations: timer("4") });
  const way = c.way("importer");
  const state = byPath({ "/api/v2/sbom": answer.hang }, answer.ok());
  const r = await record({
    ...way,
    pods: Object.fromEntries(way.servers.map((s) => [s, state])),
    settings: { readTimeoutS: 4 },
    requests: [
      get("/api/v2/advisory", { times: 10, everyMs: 150 }),
      post("/api/v2/sbom", { times: 3, everyMs: 400, bodyBytes: 60_000 }),
    ],
  });
  c.gatewayLog(r.atEach("-29m", "-13m"));
  c.appLog(c.pod("importer"), ["2026-11-18T08:00:12.001Z  INFO trustd: listening on 0.0.0.0:8080"]);
  return c.evidence();
}

interface Pool {
  readonly app: string;
  readonly state: PodState;
  readonly lines: (time: string) => readonly string[];
  readonly timeoutS?: number;
}

/** A service under a burst of requests, with what its log says at the time. */
async function underLoad(p: Pool): Promise<Evidence> {
  const c = shop("flags", { app: p.app, host: "flags.example.io", options: { replicas: 2, port: 3001 } });
  c.gatewayConfig({ "proxy-read-timeout": String(p.timeoutS ?? 2) });
  const way = c.way(p.app);
  const calm = await record({
    ...way,
    requests: [
      get("/decide?v=3", { times: 14, everyMs: 120 }),
      get("/api/flags", { times: 6, everyMs: 250 }),
      post("/e", { times: 6, everyMs: 240 }),
    ],
  });
  const burst = await record({
    ...way,
    pods: Object.fromEntries(way.servers.map((s) => [s, p.state])),
    settings: { readTimeoutS: p.timeoutS ?? 2 },
    requests: [
      get("/decide?v=3", { times: 24, everyMs: 30 }),
      get("/api/flags", { times: 10, everyMs: 70 }),
      post("/e", { times: 8, everyMs: 90 }),
    ],
  });
  c.gatewayLog([...calm.atEach("-48m", "-39m", "-32m", "-9m"), ...burst.atEach("-25m", "-23m")]);
  for (const pod of c.pods(p.app))
    c.appLog(pod, [
      "2026-11-18T07:00:00.000Z  INFO listening on 0.0.0.0:3001",
      ...p.lines("10:05"),
      ...p.lines("10:07"),
    ]);
  return c.evidence();
}

const sqlx = (time: string): string[] => [
  `2026-11-18T${time}:02.114Z ERROR flags::api: pool timed out while waiting for an open connection error=PoolTimedOut elapsed=1.9s`,
  `2026-11-18T${time}:02.530Z ERROR flags::api: timeout acquiring a connection from pool "persons_reader" after 2000ms`,
];
const hikari = (time: string): string[] => [
  `2026-11-18 ${time}:02,218 ERROR o.h.e.jdbc.spi.SqlExceptionHelper : HikariPool-1 - Connection is not available, request timed out after 1500ms (total=10, active=10, idle=0, waiting=31)`,
];
const sqlalchemy = (time: string): string[] => [
  `2026-11-18 ${time}:01 ERROR sqlalchemy.exc.TimeoutError: QueuePool limit of size 5 overflow 10 reached, connection timed out, timeout 1.00`,
];

export const cases: CorpusCase[] = [
  defineCase({
    id: "application-check-takes-longer-than-the-timer",
    title:
      "Connection checks take 3.1 s, the gateway waits 2 s; the application logs that it finished them with 200",
    source: "airbytehq/airbyte#45156",
    target: "sync.example.com/api",
    build: () => longCheck(2, true),
    expect: { status: "explained", causes: ["proxy-read-timeout-too-short"], share: 1 },
  }),
  defineCase({
    id: "application-check-has-time",
    title: "The same checks, and a gateway that waits 10 s",
    target: "sync.example.com/api",
    twinOf: "application-check-takes-longer-than-the-timer",
    differs: "proxy-read-timeout is 10",
    build: () => longCheck(10, true),
    expect: { status: "healthy", causes: [] },
  }),
  defineCase({
    id: "application-check-times-out-unlogged",
    title:
      "The same timeouts, and an application that logs no request: too short a timer and a hanging check look alike",
    source: "airbytehq/airbyte#45156",
    target: "sync.example.com/api",
    twinOf: "application-check-takes-longer-than-the-timer",
    differs: "the application does not log its requests",
    build: () => longCheck(2, false),
    expect: { status: "unexplained", causes: [] },
  }),
  defineCase({
    id: "application-times-out-at-a-round-second",
    title: "504 after exactly 3 s on one endpoint; the application's log was not collected",
    source: "backstage/backstage#18510",
    target: "portal.example.com/",
    build: roundTimeouts,
    expect: { status: "unexplained", causes: [] },
  }),
  defineCase({
    id: "application-uploads-stuck-inside",
    title: "Uploads hang in the application whatever the timer; what blocks them is in no log",
    source: "guacsec/trustify#1531",
    target: "sbom.example.org/",
    build: stuckUploads,
    expect: { status: "unexplained", causes: [] },
  }),
  defineCase({
    id: "application-pool-exhausted-in-bursts",
    title:
      "Each request holds a pooled connection for long: bursts of 504, cheap paths too, an idle database",
    source: "PostHog/posthog#39821",
    target: "flags.example.io/",
    build: () => underLoad({ app: "feature-flags", state: busy(1, 700), lines: sqlx }),
    expect: { status: "explained", causes: ["worker-pool-exhausted"], share: 0.9 },
  }),
  defineCase({
    id: "application-pool-exhausted-behind-a-shorter-timer",
    title:
      "The pool's own timeout is longer than the gateway's: the 504 comes before the application's error",
    source: "PostHog/posthog#46434",
    target: "flags.example.io/",
    build: () => underLoad({ app: "persons", state: hang, lines: hikari }),
    expect: { status: "explained", causes: ["worker-pool-exhausted"], share: 1 },
  }),
  defineCase({
    id: "application-sheds-load-when-its-pool-is-full",
    title: "The application answers 503 itself when no session of its pool is free",
    source: "open-component-model/odg-core#390",
    target: "flags.example.io/",
    build: () =>
      underLoad({
        app: "delivery-service",
        state: answers(503, { body: '{"error":"database session pool exhausted"}' }),
        lines: sqlalchemy,
      }),
    expect: {
      status: "explained",
      causes: ["worker-pool-exhausted"],
      acceptable: ["app-emitted-5xx"],
      share: 1,
    },
  }),
  defineCase({
    id: "application-sheds-load-for-a-reason-untold",
    title: "The same 503 in the same bursts, and a log that does not say why",
    target: "flags.example.io/",
    twinOf: "application-sheds-load-when-its-pool-is-full",
    differs: "the application's log tells of no full pool",
    build: () =>
      underLoad({
        app: "delivery-service",
        state: answers(503, { body: '{"error":"unavailable"}' }),
        lines: () => [],
      }),
    expect: { status: "explained", causes: ["app-emitted-5xx"], share: 1 },
  }),
  defineCase({
    id: "application-hangs-without-a-full-pool",
    title: "The same timeouts on every path, and no word of a pool",
    target: "flags.example.io/",
    twinOf: "application-pool-exhausted-behind-a-shorter-timer",
    differs: "the application's log tells of no full pool",
    build: () => underLoad({ app: "persons", state: hang, lines: () => [] }),
    expect: { status: "unexplained", causes: [] },
  }),
];
