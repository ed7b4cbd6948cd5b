import { type CorpusCase, defineCase, type Expectation } from "../case.ts";
import type { Cluster } from "../cluster/cluster.ts";
import { shop } from "../cluster/shop.ts";
import { klog, noActiveEndpoint } from "../lines.ts";
import { answers, get, ok, post } from "../nginx/behaviours.ts";
import { record } from "../nginx/record.ts";
import type { GatewaySettings, PodState, RequestPlan } from "../nginx/script.ts";
import { everyday } from "../nginx/traffic.ts";

const key = (name: string): string => `nginx.ingress.kubernetes.io/${name}`;
const healthy: Expectation = { status: "healthy", causes: [] };
const crowd = (net: string, size: number): string[] =>
  Array.from({ length: size }, (_, i) => `${net}.${i + 11}`);

/** A route with annotations of its own and pods that all behave the same. */
function annotated(namespace: string, app: string, host: string, annotations: Record<string, string>) {
  const c = shop(namespace, { app, host, options: { replicas: 3 } });
  c.ingress(app, { host, paths: { "/": app }, annotations });
  return c;
}

async function play(
  c: Cluster,
  app: string,
  requests: readonly RequestPlan[],
  settings: GatewaySettings = {},
  state: PodState = ok(20),
) {
  const pods = Object.fromEntries(c.pods(app).map((p) => [p.address, state]));
  return record({ ...c.way(app), pods, requests, settings });
}

/** One address asks 80 times within a second. */
const hurry = (client: string | readonly string[]): RequestPlan[] => [
  get("/api/prices", { times: 80, everyMs: 12, client }),
];

/** Twenty downloads begin within two seconds. */
const downloads: RequestPlan[] = [
  get("/files/report.pdf", { times: 20, everyMs: 80, client: "203.0.113.80" }),
];

const limits: CorpusCase[] = [
  defineCase({
    id: "rate-limit-one-client",
    title: "Five requests per second and client are allowed, and one client asks eighty times",
    source: "kubernetes/ingress-nginx#2824",
    target: "prices.example.com/api/prices",
    async build() {
      const c = annotated("trade", "quotes", "prices.example.com", { [key("limit-rps")]: "5" });
      const r = await play(c, "quotes", hurry("198.51.100.4"), {
        limitRps: 5,
        limitZone: "trade_quotes_8c1e",
      });
      c.gatewayLog(r.atEach("-18m", "-7m"));
      return c.evidence();
    },
    expect: { status: "explained", causes: ["rate-limit-503"], share: 1 },
  }),
  defineCase({
    id: "rate-limit-many-clients",
    title: "The same limit and as many requests, from forty addresses",
    target: "prices.example.com/api/prices",
    twinOf: "rate-limit-one-client",
    differs: "the requests come from forty clients, so none exceeds its limit",
    async build() {
      const c = annotated("trade", "quotes", "prices.example.com", { [key("limit-rps")]: "5" });
      const r = await play(c, "quotes", hurry(crowd("198.51.100", 40)), {
        limitRps: 5,
        limitZone: "trade_quotes_8c1e",
      });
      c.gatewayLog(r.atEach("-18m", "-7m"));
      return c.evidence();
    },
    expect: healthy,
  }),
  defineCase({
    id: "connection-limit-slow-downloads",
    title: "Two connections per client are allowed and a browser opens twenty downloads",
    source: "kubernetes/ingress-nginx#2250",
    target: "files.example.org/",
    async build() {
      const c = annotated("docs", "download", "files.example.org", { [key("limit-connections")]: "2" });
      const settings = { limitConnections: 2, limitZone: "docs_download_51aa" };
      c.gatewayLog((await play(c, "download", downloads, settings, ok(600))).atEach("-21m", "-5m"));
      return c.evidence();
    },
    expect: { status: "explained", causes: ["connection-limit-503"], share: 1 },
  }),
  defineCase({
    id: "connection-limit-application-says-503",
    title: "The limit is there and never met; the application itself answers 503",
    target: "files.example.org/",
    twinOf: "connection-limit-slow-downloads",
    differs: "the application answers 503 at once, so no two connections meet",
    async build() {
      const c = annotated("docs", "download", "files.example.org", { [key("limit-connections")]: "2" });
      const settings = { limitConnections: 2, limitZone: "docs_download_51aa" };
      const state = answers(503, { delayMs: 1, body: '{"error":"archive is being rebuilt"}' });
      c.gatewayLog((await play(c, "download", downloads, settings, state)).atEach("-21m", "-5m"));
      return c.evidence();
    },
    expect: { status: "explained", causes: ["app-emitted-5xx"], share: 1 },
  }),
];

/** What the gateway answers on its own, without asking any pod. */
async function answersItself(c: Cluster, app: string, ...whens: string[]): Promise<void> {
  const { upstreamName, host } = c.way(app);
  const requests = [get("/", { times: 12, everyMs: 60 }), post("/login", { times: 4, everyMs: 150 })];
  const r = await record({ host, routes: [{ path: "/", upstreamName, returns: 503 }], requests });
  c.gatewayLog(r.atEach(...whens));
}

/** Since 1.9 snippets in annotations are ignored unless both are set. */
const snippetsAllowed = { "allow-snippet-annotations": "true", "annotations-risk-level": "Critical" };

const denials: CorpusCase[] = [
  defineCase({
    id: "maintenance-snippet-left-over",
    title: "A snippet of last night's maintenance still answers 503",
    target: "portal.example.com/",
    async build() {
      const c = annotated("crm", "portal", "portal.example.com", {
        [key("configuration-snippet")]: "# maintenance\nreturn 503;\n",
      });
      c.gatewayConfig(snippetsAllowed);
      await answersItself(c, "portal", "-50m", "-30m", "-4m");
      return c.evidence();
    },
    expect: { status: "explained", causes: ["maintenance-mode-503"], share: 1 },
  }),
  defineCase({
    id: "maintenance-snippet-commented-out",
    title: "The snippet is commented out and the application was left at zero replicas",
    target: "portal.example.com/",
    twinOf: "maintenance-snippet-left-over",
    differs: "the return is commented out; the Deployment still has zero replicas",
    async build() {
      const c = annotated("crm", "portal", "portal.example.com", {
        [key("configuration-snippet")]: "# maintenance\n# return 503;\n",
      });
      c.gatewayConfig(snippetsAllowed);
      c.find("portal").scaleToZero("-8h");
      await answersItself(c, "portal", "-50m", "-30m", "-4m");
      c.gatewayLog([noActiveEndpoint("-30m", "crm/portal")]);
      return c.evidence();
    },
    expect: { status: "explained", causes: ["no-endpoints-scaled-to-zero"], share: 1 },
  }),
  defineCase({
    id: "basic-auth-secret-missing",
    title: "The Secret with the passwords of a route does not exist, so the gateway denies the route",
    source: "kubernetes/ingress-nginx#1890",
    target: "admin.example.net/",
    async build() {
      const c = protectedRoute();
      denied(c, "console");
      await answersItself(c, "console", "-44m", "-16m", "-3m");
      return c.evidence();
    },
    expect: { status: "explained", causes: ["location-denied-annotation-error"], share: 1 },
  }),
  defineCase({
    id: "basic-auth-secret-missing-for-a-neighbour",
    title: "The denied Ingress is a neighbour's; this route's application was scaled to zero",
    target: "admin.example.net/",
    twinOf: "basic-auth-secret-missing",
    differs: "the Secret of this route exists; its application has zero replicas",
    async build() {
      const c = protectedRoute();
      c.app("metrics", { port: 9000 });
      c.service("metrics", { port: 80 });
      c.ingress("metrics", {
        host: "metrics.example.net",
        paths: { "/": "metrics" },
        annotations: { [key("auth-type")]: "basic", [key("auth-secret")]: "basic-auth-metrics" },
      });
      denied(c, "metrics", "basic-auth-metrics");
      c.find("console").scaleToZero("-2h");
      await answersItself(c, "console", "-44m", "-16m", "-3m");
      return c.evidence();
    },
    expect: { status: "explained", causes: ["no-endpoints-scaled-to-zero"], share: 1 },
  }),
];

const protectedRoute = (): Cluster =>
  annotated("ops", "console", "admin.example.net", {
    [key("auth-type")]: "basic",
    [key("auth-secret")]: "basic-auth",
  });

/** ingress-nginx internal/ingress/annotations/annotations.go logs what it denies a location for. */
function denied(c: Cluster, ingress: string, secret = "basic-auth"): void {
  const reason = `unexpected error reading secret ops/${secret}: no object matching key \\"ops/${secret}\\" in local store`;
  for (const when of ["-46m", "-15m"])
    c.gatewayLog([
      klog(
        "E",
        when,
        "annotations.go:200",
        `"error reading Ingress annotation" err="${reason}" name="BasicDigestAuth" ingress="ops/${ingress}"`,
      ),
    ]);
}

/** Sixty requests that last most of a second each: all are open at once. */
const crush = [get("/socket", { times: 60, everyMs: 10 })];

const resources: CorpusCase[] = [
  defineCase({
    id: "gateway-worker-out-of-connections",
    title: "The gateway's worker may hold 64 connections, and sixty long requests come at once",
    source: "kubernetes/ingress-nginx#2734",
    target: "chat.example.io/socket",
    async build() {
      const c = shop("talk", { app: "chat", host: "chat.example.io", options: { replicas: 2, port: 4000 } });
      c.gatewayConfig({ "max-worker-connections": "64" });
      c.gatewayLog((await play(c, "chat", everyday())).at("-25m"));
      const r = await play(c, "chat", crush, { workerConnections: 64, keepaliveConnections: 0 }, ok(900));
      c.gatewayLog(r.atEach("-12m", "-6m"));
      return c.evidence();
    },
    expect: { status: "explained", causes: ["worker-connections-exhausted"] },
  }),
  defineCase({
    id: "gateway-worker-has-connections-left",
    title: "The same sixty requests at a gateway with the usual number of connections",
    target: "chat.example.io/socket",
    twinOf: "gateway-worker-out-of-connections",
    differs: "max-worker-connections is not set, so 16384 are allowed",
    async build() {
      const c = shop("talk", { app: "chat", host: "chat.example.io", options: { replicas: 2, port: 4000 } });
      c.gatewayLog((await play(c, "chat", everyday())).at("-25m"));
      const r = await play(c, "chat", crush, { keepaliveConnections: 0 }, ok(900));
      c.gatewayLog(r.atEach("-12m", "-6m"));
      return c.evidence();
    },
    expect: healthy,
  }),
  defineCase({
    id: "gateway-out-of-file-descriptors",
    title: "The gateway's workers may open 80 files, and sixty long requests come at once",
    target: "upload.example.io/socket",
    async build() {
      const c = shop("media", { app: "ingest", host: "upload.example.io", options: { replicas: 2 } });
      c.gatewayConfig({ "max-worker-open-files": "80" });
      const settings = { rlimitNofile: 80, keepaliveConnections: 0 };
      c.gatewayLog((await play(c, "ingest", crush, settings, ok(900))).atEach("-12m", "-6m"));
      return c.evidence();
    },
    expect: { status: "explained", causes: ["file-descriptor-exhaustion"] },
  }),
  defineCase({
    id: "gateway-has-file-descriptors-left",
    title: "The same sixty requests at a gateway that may open more files than it needs",
    target: "upload.example.io/socket",
    twinOf: "gateway-out-of-file-descriptors",
    differs: "max-worker-open-files is 4096",
    async build() {
      const c = shop("media", { app: "ingest", host: "upload.example.io", options: { replicas: 2 } });
      c.gatewayConfig({ "max-worker-open-files": "4096" });
      const settings = { rlimitNofile: 4096, keepaliveConnections: 0 };
      c.gatewayLog((await play(c, "ingest", crush, settings, ok(900))).atEach("-12m", "-6m"));
      return c.evidence();
    },
    expect: healthy,
  }),
];

/** What the gateway refuses, answers itself, or cannot do for want of connections and files. */
export const cases: CorpusCase[] = [...limits, ...denials, ...resources];
