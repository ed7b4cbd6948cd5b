import { type CorpusCase, defineCase } from "../case.ts";
import type { Cluster } from "../cluster/cluster.ts";
import { shop } from "../cluster/shop.ts";
import { reloaded } from "../lines.ts";
import { answer, byPath, get, ok, refusing, vanished } from "../nginx/behaviours.ts";
import { record } from "../nginx/record.ts";
import { everyday } from "../nginx/traffic.ts";

const answers503 = byPath({ "/": answer.status(503, { body: "no database" }) });

const dnsPods = (c: Cluster) => c.pods("coredns", "kube-system");

function catalogue(options: { env?: Record<string, string> } = {}): Cluster {
  return shop("retail", {
    app: "catalogue",
    host: "shop.example.net",
    options: { replicas: 2, port: 3000, created: "-20d", ...options },
  });
}

/** The application cannot look up the database's name: 503 of its own on what needs it. */
async function lookupsFail(c: Cluster, words: (name: string) => string): Promise<void> {
  const names = [
    "pg-main.retail.svc.cluster.local",
    "redis.retail.svc.cluster.local",
    "search.retail.svc.cluster.local",
  ];
  const state = byPath({
    "/health": answer.ok(2),
    "/": answer.status(503, { body: '{"error":"upstream unavailable"}' }),
  });
  const pods = Object.fromEntries(c.pods("catalogue").map((p) => [p.address, state]));
  const r = await record({
    ...c.way("catalogue"),
    pods,
    requests: [get("/items", { times: 10, everyMs: 70 }), get("/items/81", { times: 6, everyMs: 110 })],
  });
  c.gatewayLog(r.atEach("-9m", "-6m", "-3m"));
  for (const p of c.pods("catalogue")) {
    c.appLog(p, ["2026-11-18T08:01:02.112Z info listening on 0.0.0.0:3000"]);
    for (const minute of [21, 24, 27])
      c.appLog(
        p,
        names.map((n, i) => `2026-11-18T10:${minute}:0${i}.410Z error ${words(n)}`),
      );
  }
}

/** Services that the application's lookups are about, all healthy. */
function withStores(): Cluster {
  const c = catalogue({
    env: { DATABASE_HOST: "pg-main", DATABASE_PORT: "5432", REDIS_URL: "redis://redis:6379/0" },
  });
  for (const [name, port] of [
    ["pg-main", 5432],
    ["redis", 6379],
    ["search", 9200],
  ] as const) {
    c.app(name, { port, probe: null, created: "-20d" });
    c.service(name, { port });
  }
  return c;
}

/** Names that do not resolve, resolve late, or to an address of yesterday. */
export const cases: CorpusCase[] = [
  defineCase({
    id: "coredns-killed-for-memory",
    title: "CoreDNS is OOMKilled on all pods and applications cannot resolve a name",
    source: "Wikimedia Incidents/2024-04-17_mw-on-k8s_eqiad_outage",
    target: "shop.example.net/items",
    async build() {
      const c = withStores();
      for (const p of dnsPods(c)) {
        p.crashLoop({ exitCode: 137, reason: "OOMKilled", at: "-1m", since: "-10m", count: 6 });
      }
      await lookupsFail(c, (n) => `getaddrinfo EAI_AGAIN ${n}`);
      return c.evidence();
    },
    expect: {
      status: "explained",
      causes: ["cluster-dns-down"],
      acceptable: ["app-emitted-5xx", "coredns-overload-ndots"],
      share: 1,
    },
  }),
  defineCase({
    id: "coredns-ready-one-name-missing",
    title: "CoreDNS is well and one name does not exist",
    target: "shop.example.net/items",
    twinOf: "coredns-killed-for-memory",
    differs: "CoreDNS is ready; the application asks for a Service that nobody has",
    async build() {
      const c = catalogue({ env: { DATABASE_HOST: "pg-mian", DATABASE_PORT: "5432" } });
      c.app("pg-main", { port: 5432, probe: null, created: "-20d" });
      c.service("pg-main", { port: 5432 });
      const pods = Object.fromEntries(c.pods("catalogue").map((p) => [p.address, answers503]));
      const r = await record({
        ...c.way("catalogue"),
        pods,
        requests: [get("/items", { times: 10, everyMs: 70 })],
      });
      c.gatewayLog(r.atEach("-9m", "-3m"));
      for (const p of c.pods("catalogue")) {
        c.appLog(p, ["2026-11-18T08:01:02.112Z info listening on 0.0.0.0:3000"]);
        for (const minute of [21, 27])
          c.appLog(p, [`2026-11-18T10:${minute}:00.410Z error getaddrinfo ENOTFOUND pg-mian`]);
      }
      return c.evidence();
    },
    expect: {
      status: "explained",
      causes: ["dependency-misaddressed"],
      acceptable: ["app-emitted-5xx"],
      share: 1,
    },
  }),
  defineCase({
    id: "coredns-loses-lookups-under-load",
    title: "CoreDNS loses lookups: answers late by 5 s, then timeouts",
    target: "shop.example.net/items",
    async build() {
      const c = withStores();
      const late = byPath({
        "/health": answer.ok(2),
        "/": answer.status(504, { delayMs: 5040, body: "lookup timed out" }),
      });
      const pods = Object.fromEntries(c.pods("catalogue").map((p) => [p.address, late]));
      const r = await record({
        ...c.way("catalogue"),
        pods,
        requests: [get("/items", { times: 12, everyMs: 80 })],
      });
      c.gatewayLog(r.atEach("-9m", "-4m"));
      for (const p of c.pods("catalogue")) {
        for (const minute of [21, 26]) {
          c.appLog(p, [
            `2026-11-18T10:${minute}:05.210Z error getaddrinfo EAI_AGAIN pg-main`,
            `2026-11-18T10:${minute}:05.940Z error getaddrinfo EAI_AGAIN rates.partner.example`,
          ]);
        }
      }
      for (const p of dnsPods(c)) {
        c.appLog(p, [
          "[ERROR] plugin/errors: 2 rates.partner.example. A: read udp 10.42.1.2:41822->192.168.0.2:53: i/o timeout",
          "[ERROR] plugin/errors: 2 rates.partner.example.retail.svc.cluster.local. AAAA: read udp 10.42.1.2:50110->192.168.0.2:53: i/o timeout",
        ]);
      }
      return c.evidence();
    },
    expect: {
      status: "explained",
      causes: ["coredns-overload-ndots"],
      acceptable: ["app-emitted-5xx"],
      share: 1,
    },
  }),
  defineCase({
    id: "late-by-seconds-lookups-fine",
    title: "Answers late by seconds, with no word of a lookup anywhere",
    target: "shop.example.net/items",
    twinOf: "coredns-loses-lookups-under-load",
    differs: "no lookup fails; the application answers 504 for reasons of its own",
    async build() {
      const c = withStores();
      const late = byPath({ "/": answer.status(504, { delayMs: 3300, body: "render timed out" }) });
      const pods = Object.fromEntries(c.pods("catalogue").map((p) => [p.address, late]));
      const r = await record({
        ...c.way("catalogue"),
        pods,
        requests: [get("/items", { times: 12, everyMs: 80 })],
      });
      c.gatewayLog(r.atEach("-9m", "-4m"));
      for (const p of c.pods("catalogue")) c.appLog(p, ["2026-11-18T10:21:05.210Z warn render took 3300 ms"]);
      return c.evidence();
    },
    expect: { status: "explained", causes: ["app-emitted-5xx"], acceptable: ["slow-dependency"], share: 1 },
  }),
  defineCase({
    id: "external-name-not-found",
    title: "An ExternalName Service points at a name that does not exist",
    source: "kubernetes/ingress-nginx#5471",
    target: "docs.example.com/",
    async build() {
      const c = shop("docs", { app: "site", host: "docs.example.com" });
      c.service("site", {
        selector: null,
        spec: { type: "ExternalName", externalName: "docs-orgin.cdn.example.net" },
      });
      const upstreamName = "docs-site-80";
      const r = await record({
        host: "docs.example.com",
        routes: [{ path: "/", upstreamName, externalName: "docs-orgin.cdn.example.net:80" }],
        resolver: "not-found",
        requests: [get("/", { times: 14, everyMs: 60 })],
      });
      c.gatewayLog(r.atEach("-20m", "-5m"));
      return c.evidence();
    },
    expect: { status: "explained", causes: ["dns-upstream-resolution-failure"], share: 1 },
  }),
  defineCase({
    id: "external-name-refuses-connections",
    title: "An ExternalName Service resolves and its address refuses",
    target: "docs.example.com/",
    twinOf: "external-name-not-found",
    differs: "the name resolves; what it points at refuses connections",
    async build() {
      const c = shop("docs", { app: "site", host: "docs.example.com" });
      c.service("site", {
        selector: null,
        spec: { type: "ExternalName", externalName: "docs-origin.cdn.example.net" },
      });
      const server = "198.51.100.17:80";
      const r = await record({
        host: "docs.example.com",
        upstreamName: "docs-site-80",
        servers: [server],
        pods: { [server]: refusing },
        requests: [get("/", { times: 14, everyMs: 60 })],
      });
      c.gatewayLog(r.atEach("-20m", "-5m"));
      return c.evidence();
    },
    expect: { status: "unexplained", causes: [] },
  }),
  defineCase({
    id: "external-name-moved-old-address-kept",
    title: "The database's name moved; the gateway keeps the old address until it is reloaded",
    target: "api.example.com/",
    async build() {
      const c = shop("edge", { app: "legacy", host: "api.example.com" });
      c.service("legacy", {
        selector: null,
        spec: { type: "ExternalName", externalName: "legacy.dc1.example.com" },
      });
      const [old, fresh] = ["198.51.100.20:80", "198.51.100.71:80"];
      const way = { host: "api.example.com", upstreamName: "edge-legacy-80" };
      const good = await record({ ...way, servers: [old], pods: { [old]: ok() }, requests: everyday() });
      const gone = await record({
        ...way,
        servers: [old],
        pods: { [old]: vanished },
        settings: { connectTimeoutS: 1, tries: 1 },
        requests: [get("/v1/state", { times: 16, everyMs: 70 })],
      });
      const again = await record({ ...way, servers: [fresh], pods: { [fresh]: ok() }, requests: everyday() });
      c.gatewayConfig({ "proxy-connect-timeout": "1", "proxy-next-upstream-tries": "1" });
      c.gatewayLog([
        ...good.at("-40m"),
        ...gone.atEach("-20m", "-14m"),
        ...reloaded("-10m"),
        ...again.at("-9m"),
      ]);
      return c.evidence();
    },
    expect: {
      status: "explained",
      causes: ["stale-dns-ip"],
      acceptable: ["proxy-connect-timeout"],
      share: 1,
    },
  }),
  defineCase({
    id: "external-name-old-address-comes-back",
    title: "The address behind a name is silent for a while and answers again, with no reload",
    target: "api.example.com/",
    twinOf: "external-name-moved-old-address-kept",
    differs: "the same address answers again by itself",
    async build() {
      const c = shop("edge", { app: "legacy", host: "api.example.com" });
      c.service("legacy", {
        selector: null,
        spec: { type: "ExternalName", externalName: "legacy.dc1.example.com" },
      });
      const old = "198.51.100.20:80";
      const way = { host: "api.example.com", upstreamName: "edge-legacy-80", servers: [old] };
      const good = await record({ ...way, pods: { [old]: ok() }, requests: everyday() });
      const gone = await record({
        ...way,
        pods: { [old]: vanished },
        settings: { connectTimeoutS: 1, tries: 1 },
        requests: [get("/v1/state", { times: 16, everyMs: 70 })],
      });
      c.gatewayConfig({ "proxy-connect-timeout": "1", "proxy-next-upstream-tries": "1" });
      c.gatewayLog([...good.at("-40m"), ...gone.atEach("-20m", "-14m"), ...good.at("-9m")]);
      return c.evidence();
    },
    expect: { status: "explained", causes: ["proxy-connect-timeout"], share: 1 },
  }),
];
