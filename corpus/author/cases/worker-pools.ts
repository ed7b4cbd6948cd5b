import type { Evidence } from "../../../src/evidence/evidence.ts";
import { type CorpusCase, defineCase } from "../case.ts";
import type { Cluster } from "../cluster/cluster.ts";
import { shop } from "../cluster/shop.ts";
import { answer, busy, byPath, get, post } from "../nginx/behaviours.ts";
import { record } from "../nginx/record.ts";
import type { PodScript } from "../nginx/script.ts";
import { everyday } from "../nginx/traffic.ts";

/** A pod script for every ready pod of the Service. */
const everyPod = (servers: readonly string[], script: PodScript): Record<string, PodScript> =>
  Object.fromEntries(servers.map((s) => [s, script]));

const annotation = "nginx.ingress.kubernetes.io/proxy-read-timeout";

/** The route again, with its own read timeout. */
function waits(c: Cluster, app: string, host: string, seconds: number): void {
  c.ingress(app, { host, paths: { "/": app }, annotations: { [annotation]: String(seconds) } });
}

/** Flags are evaluated with two pooled connections of 250 ms each per pod; `everyMs`: how often one is asked for. */
async function flags(everyMs: number, forbidden?: string): Promise<Evidence> {
  const c = shop("flags", {
    app: "evaluator",
    host: "flags.example.com",
    options: { replicas: 2, port: 3001, created: "-3d" },
  });
  waits(c, "evaluator", "flags.example.com", 1);
  const way = c.way("evaluator");
  const ask = (path: string, atMs: number) =>
    post(path, { times: Math.floor(2400 / everyMs), everyMs, atMs });
  const calm = await record({ ...way, requests: everyday() });
  const r = await record({
    ...way,
    pods: everyPod(way.servers, busy(2, 250)),
    settings: { readTimeoutS: 1, tries: 1 },
    requests: [ask("/flags", 0), ask("/decide", 7), ask("/config", 13)],
  });
  c.gatewayConfig({ "proxy-next-upstream-tries": "1" });
  c.gatewayLog([...calm.atEach("-50m", "-35m"), ...r.atEach("-20m", "-8m")]);
  if (everyMs < 100 && forbidden === undefined)
    for (const p of c.pods("evaluator"))
      c.appLog(
        p,
        ["10:10:02", "10:10:03", "10:22:02"].map(
          (t) =>
            `{"timestamp":"2026-11-18T${t}.410Z","level":"ERROR","message":"flag evaluation failed: pool timed out while waiting for an open connection"}`,
        ),
      );
  if (forbidden !== undefined)
    for (const p of c.pods("evaluator")) c.logs.lose((e) => e.pod === p.name, forbidden);
  return c.evidence();
}

/** A service that answers 503 itself, with what it logs about it. */
async function shedding(words: string): Promise<Evidence> {
  const c = shop("delivery", {
    app: "delivery-service",
    host: "odg.example.io",
    options: { replicas: 2, port: 8080, created: "-21d" },
  });
  const way = c.way("delivery-service");
  const fine = await record({ ...way, requests: everyday() });
  const state = byPath({ "/ready": answer.ok(1) }, answer.status(503, { delayMs: 40 }));
  const r = await record({
    ...way,
    pods: everyPod(way.servers, state),
    requests: [
      get("/components/metadata", { times: 14, everyMs: 90 }),
      post("/artefacts", { times: 4, everyMs: 300 }),
    ],
  });
  c.gatewayLog([...fine.atEach("-48m", "-30m"), ...r.atEach("-16m", "-5m")]);
  for (const p of c.pods("delivery-service"))
    c.appLog(
      p,
      ["10:14:01", "10:25:01"].map((t) => `2026-11-18 ${t},310 [ERROR] ${words}`),
    );
  return c.evidence();
}

export const cases: CorpusCase[] = [
  defineCase({
    id: "waiting-for-pooled-connection-in-spike",
    title: "In a spike every pooled connection is held and requests wait for one",
    source: "PostHog/posthog#39821",
    target: "flags.example.com/",
    build: () => flags(60),
    expect: { status: "explained", causes: ["worker-pool-exhausted"], share: 1 },
  }),
  defineCase({
    id: "waiting-in-spike-log-not-readable",
    title: "In a spike all paths time out; the application's log may not be read",
    target: "flags.example.com/",
    twinOf: "waiting-for-pooled-connection-in-spike",
    differs: "the application's log may not be read",
    build: () => flags(60, "pods/log is forbidden in namespace flags"),
    expect: { status: "unexplained", causes: [] },
  }),
  defineCase({
    id: "waiting-for-nothing-at-low-load",
    title: "The same pool at a load that it carries",
    target: "flags.example.com/",
    twinOf: "waiting-for-pooled-connection-in-spike",
    differs: "a tenth of the requests",
    build: () => flags(600),
    expect: { status: "healthy", causes: [] },
  }),
  defineCase({
    id: "waiting-sessions-all-taken-answers-503",
    title: "All database sessions are taken and the application sheds load with 503",
    source: "open-component-model/odg-core#390",
    target: "odg.example.io/",
    build: () =>
      shedding("QueuePool limit of size 5 overflow 10 reached, connection timed out, timeout 30.00"),
    expect: {
      status: "explained",
      causes: ["worker-pool-exhausted"],
      acceptable: ["app-emitted-5xx"],
      share: 1,
    },
  }),
  defineCase({
    id: "waiting-for-nobody-answers-503",
    title: "The application answers 503 for a reason that is not a full pool",
    target: "odg.example.io/",
    twinOf: "waiting-sessions-all-taken-answers-503",
    differs: "the log tells of a missing lookup table instead of the pool",
    build: () => shedding("KeyError: 'component_descriptor_lookup'"),
    expect: { status: "explained", causes: ["app-emitted-5xx"], share: 1 },
  }),
];
