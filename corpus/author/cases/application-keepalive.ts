import type { Evidence } from "../../../src/evidence/evidence.ts";
import { type CorpusCase, defineCase } from "../case.ts";
import type { Cluster } from "../cluster/cluster.ts";
import { shop } from "../cluster/shop.ts";
import { closes, get, ok, post, racesKeepAlive } from "../nginx/behaviours.ts";
import { record } from "../nginx/record.ts";
import type { Line } from "../lines.ts";
import type { PodState, RequestPlan } from "../nginx/script.ts";

/** Every two minutes of the hour before the moment of collection, from -58m. */
const evenly = (from: number, step: number, to = 1): string[] =>
  Array.from({ length: Math.floor((from - to) / step) + 1 }, (_, i) => `-${from - i * step}m`);

interface Idle {
  readonly namespace: string;
  readonly app: string;
  readonly host: string;
  readonly replicas: number;
  readonly port: number;
  /** What meets a connection that was just closed, one each time, in turn. */
  readonly met: readonly RequestPlan[];
  /** Minutes before the moment of collection at which that happens, one after the other on another pod. */
  readonly when: readonly string[];
  readonly race?: PodState;
  readonly traffic: readonly RequestPlan[];
  readonly settings?: { readonly tries?: number };
}

/** Hundreds of requests that pass, and now and then one that meets a closing connection. */
async function idleRace(s: Idle): Promise<Cluster> {
  const c = shop(s.namespace, { app: s.app, host: s.host, options: { replicas: s.replicas, port: s.port } });
  const way = c.way(s.app);
  const fine = await record({ ...way, requests: s.traffic });
  const lines: Line[] = fine.atEach(...evenly(58, 3));
  const pods = c.pods(s.app);
  for (const [i, when] of s.when.entries()) {
    const pod = pods[i % pods.length];
    if (pod === undefined) continue;
    const r = await record({
      ...way,
      servers: [pod.address, ...way.servers.filter((a) => a !== pod.address)],
      pods: {
        [pod.address]: [
          [0, ok()],
          [700, s.race ?? racesKeepAlive()],
          [1500, ok()],
        ],
      },
      requests: [...pods.map(() => get("/", { atMs: 50 })), ...s.met.slice(i % s.met.length).slice(0, 1)],
    });
    lines.push(...r.at(when));
  }
  c.gatewayLog(lines);
  return c;
}

const reads = get("/api/accounts?size=20", { times: 24, everyMs: 60 });
const writes = post("/api/transfers", { times: 8, everyMs: 170, atMs: 30 });

const bank = { namespace: "bank", app: "accounts", host: "bank.example.ch", replicas: 3, port: 8080 };
const ci = { namespace: "bench", app: "results", host: "bench.example.org", replicas: 2, port: 5000 };

async function built(cluster: Promise<Cluster>): Promise<Evidence> {
  return (await cluster).evidence();
}

/** Posts of a build server against gunicorn, whose keep-alive is 2 s. */
const ciRace = (): Promise<Cluster> =>
  idleRace({
    ...ci,
    traffic: [post("/api/results", { times: 26, everyMs: 70, userAgent: "python-requests/2.32.3" })],
    met: [post("/api/results", { userAgent: "python-requests/2.32.3", atMs: 900 })],
    when: ["-51m", "-37m", "-24m", "-6m"],
  });

/** The same closes, all at the moment at which their pods were told to stop. */
async function closesOfStoppedPods(): Promise<Evidence> {
  const c = shop(bank.namespace, {
    app: bank.app,
    host: bank.host,
    options: { replicas: 3, port: 8080, created: "-6d" },
  });
  const old = c.way("accounts");
  const fine = await record({ ...old, requests: [reads, writes] });
  const { oldPods } = c.rollout("accounts", {
    at: "-30m",
    step: "20s",
    to: { image: "registry.example.com/bank/accounts:2.0.0" },
  });
  const lines = fine.atEach(...evenly(58, 3, 34));
  for (const [i, pod] of oldPods.entries()) {
    const r = await record({
      ...old,
      servers: [pod.address, ...old.servers.filter((a) => a !== pod.address)],
      pods: {
        [pod.address]: [
          [0, ok()],
          [700, racesKeepAlive()],
        ],
      },
      requests: [...oldPods.map(() => get("/", { atMs: 50 })), post("/api/transfers", { atMs: 900 })],
    });
    lines.push(...r.at(`-${30 * 60 - i * 20 - 8}s`));
  }
  const after = await record({ ...c.way("accounts"), requests: [reads, writes] });
  c.gatewayLog([...lines, ...after.atEach(...evenly(25, 3))]);
  return c.evidence();
}

/** A server that closes after each answer without saying so: every reused connection is dead. */
async function neverKept(keepsConnections: boolean): Promise<Evidence> {
  const c = shop("legacy", { app: "soap", host: "soap.example.com", options: { replicas: 2, port: 8088 } });
  const way = c.way("soap");
  const state = keepsConnections ? ok() : racesKeepAlive("reset");
  const r = await record({
    ...way,
    pods: Object.fromEntries(way.servers.map((s) => [s, state])),
    requests: [
      get("/wsdl", { times: 12, everyMs: 130 }),
      post("/orders", { times: 14, everyMs: 110, atMs: 20 }),
    ],
  });
  c.gatewayLog(r.atEach(...evenly(55, 9)));
  return c.evidence();
}

/** One pod of three closes every request at once; the others answer. */
async function onePodCloses(): Promise<Evidence> {
  const c = shop(bank.namespace, { app: bank.app, host: bank.host, options: { replicas: 3, port: 8080 } });
  const way = c.way("accounts");
  const r = await record({
    ...way,
    pods: { [c.pod("accounts", 1).address]: closes(0) },
    requests: [
      get("/api/accounts", { times: 12, everyMs: 110 }),
      post("/api/transfers", { times: 9, everyMs: 150 }),
    ],
  });
  c.gatewayLog(r.atEach(...evenly(55, 9)));
  return c.evidence();
}

export const cases: CorpusCase[] = [
  defineCase({
    id: "application-closes-idle-connections-first",
    title:
      "Tomcat keeps idle connections for 20 s, the gateway for 60 s: now and then a request meets a closing one",
    source: "kubernetes/ingress-nginx#11244",
    target: "bank.example.ch/",
    build: () =>
      built(
        idleRace({
          ...bank,
          traffic: [reads, writes],
          met: [get("/api/accounts?size=20", { atMs: 900 }), post("/api/transfers", { atMs: 900 })],
          when: ["-53m", "-41m", "-28m", "-14m", "-5m"],
        }),
      ),
    expect: { status: "explained", causes: ["keepalive-idle-race"], share: 1 },
  }),
  defineCase({
    id: "application-closes-idle-connections-posts-only",
    title:
      "gunicorn keeps idle connections for 2 s: a build server's POSTs get a 502 now and then, its GETs never",
    source: "conbench/conbench#1156",
    target: "bench.example.org/",
    build: () => built(ciRace()),
    expect: { status: "explained", causes: ["keepalive-idle-race"], share: 1 },
  }),
  defineCase({
    id: "application-resets-idle-connections",
    title: "Idle connections are reset by the application after some seconds; only POSTs show it",
    source: "envoyproxy/envoy#14981",
    target: "bench.example.org/",
    build: () =>
      built(
        idleRace({
          ...ci,
          race: racesKeepAlive("reset"),
          traffic: [
            get("/api/runs", { times: 20, everyMs: 80 }),
            post("/api/results", { times: 8, everyMs: 190 }),
          ],
          met: [post("/api/results", { atMs: 900 })],
          when: ["-49m", "-33m", "-17m"],
        }),
      ),
    expect: { status: "explained", causes: ["keepalive-idle-race"], share: 1 },
  }),
  defineCase({
    id: "application-keeps-idle-connections-longer",
    title: "The same traffic, and an application that keeps idle connections longer than the gateway",
    target: "bench.example.org/",
    twinOf: "application-closes-idle-connections-posts-only",
    differs: "gunicorn keeps idle connections for 75 s",
    build: () =>
      built(
        idleRace({
          ...ci,
          race: ok(),
          traffic: [post("/api/results", { times: 26, everyMs: 70, userAgent: "python-requests/2.32.3" })],
          met: [post("/api/results", { userAgent: "python-requests/2.32.3", atMs: 900 })],
          when: ["-51m", "-37m", "-24m", "-6m"],
        }),
      ),
    expect: { status: "healthy", causes: [] },
  }),
  defineCase({
    id: "application-closes-connections-as-it-stops",
    title: "The closes are the same, and each is at a pod that a rollout had just told to stop",
    target: "bank.example.ch/",
    twinOf: "application-closes-idle-connections-first",
    differs: "the connections were closed because their pods were told to stop",
    build: closesOfStoppedPods,
    expect: { status: "explained", causes: ["shutdown-no-prestop-race"], share: 0.9 },
  }),
  defineCase({
    id: "application-closes-after-each-answer",
    title: "A legacy server closes after each answer without saying so, and the gateway reuses connections",
    target: "soap.example.com/",
    build: () => neverKept(false),
    expect: { status: "explained", causes: ["upstream-keepalive-unsupported"], share: 1 },
  }),
  defineCase({
    id: "application-keeps-connections",
    title: "The same server, keeping its connections",
    target: "soap.example.com/",
    twinOf: "application-closes-after-each-answer",
    differs: "it keeps connections open",
    build: () => neverKept(true),
    expect: { status: "healthy", causes: [] },
  }),
  defineCase({
    id: "application-one-pod-closes-everything",
    title: "One pod of three cuts every connection at once, without a word; the others answer",
    target: "bank.example.ch/",
    twinOf: "application-closes-after-each-answer",
    differs: "one pod closes fresh connections too, the others none",
    build: onePodCloses,
    expect: { status: "unexplained", causes: [] },
  }),
];
