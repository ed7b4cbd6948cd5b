import { type CorpusCase, defineCase, type Expectation } from "../case.ts";
import type { Cluster } from "../cluster/cluster.ts";
import { controllerName, gatewayNamespace } from "../cluster/gateway.ts";
import { AppHandle } from "../cluster/app.ts";
import { shop } from "../cluster/shop.ts";
import { klog } from "../lines.ts";
import { answers, closes, get, post, refusing } from "../nginx/behaviours.ts";
import { record } from "../nginx/record.ts";
import type { PodState } from "../nginx/script.ts";
import { everyday } from "../nginx/traffic.ts";
import { at } from "../time.ts";

const key = (name: string): string => `nginx.ingress.kubernetes.io/${name}`;
const healthy: Expectation = { status: "healthy", causes: [] };

/** Pods were replaced half an hour ago; the gateway sends to the old addresses for minutes on end. */
async function oldAddresses(
  c: Cluster,
  app: string,
  whens: readonly string[] | "as they stop",
): Promise<void> {
  const way = c.way(app);
  const servers = c.pods(app).map((p) => p.address);
  const up = await record({ ...way, requests: everyday() });
  const { oldPods } = c.rollout(app, { at: "-30m", to: { image: "registry.example.com/app:2.4.0" } });
  const pods = Object.fromEntries(servers.map((s) => [s, refusing]));
  const r = await record({ ...way, servers, pods, requests: [get("/", { times: 12, everyMs: 90 })] });
  const stopped = oldPods.map((p) => at(AppHandle.deletedAt(p), "1s"));
  c.gatewayLog([...up.at("-50m"), ...r.atEach(...(whens === "as they stop" ? stopped.slice(-1) : whens))]);
}

const staleViews: CorpusCase[] = [
  defineCase({
    id: "gateway-keeps-addresses-of-replaced-pods",
    title: "Half an hour after a rollout the gateway still sends to the pods that are gone",
    source: "kubernetes/ingress-nginx#768",
    target: "blog.example.com/",
    async build() {
      const c = shop("press", {
        app: "blog",
        host: "blog.example.com",
        options: { replicas: 2, port: 5000 },
      });
      await oldAddresses(c, "blog", ["-22m", "-14m", "-8m", "-2m"]);
      return c.evidence();
    },
    expect: { status: "explained", causes: ["controller-rbac-or-watch-stale"], share: 1 },
  }),
  defineCase({
    id: "gateway-may-not-watch-endpoint-slices",
    title: "The controller's role lost EndpointSlices; it goes on with the addresses it knew",
    target: "blog.example.com/",
    async build() {
      const c = shop("press", {
        app: "blog",
        host: "blog.example.com",
        options: { replicas: 3, port: 5000 },
      });
      await oldAddresses(c, "blog", ["-9m", "-8m"]);
      const account = "system:serviceaccount:ingress-nginx:ingress-nginx";
      const refused = `endpointslices.discovery.k8s.io is forbidden: User \\"${account}\\" cannot list resource \\"endpointslices\\" in API group \\"discovery.k8s.io\\" at the cluster scope`;
      for (const when of ["-33m", "-31m", "-21m", "-11m", "-1m"])
        c.gatewayLog([
          klog(
            "E",
            when,
            "reflector.go:205",
            `"Failed to watch" err="failed to list *v1.EndpointSlice: ${refused}" logger="UnhandledError" type="*v1.EndpointSlice"`,
          ),
        ]);
      return c.evidence();
    },
    expect: { status: "explained", causes: ["controller-rbac-or-watch-stale"], share: 1 },
  }),
  defineCase({
    id: "gateway-learns-of-replaced-pods-in-seconds",
    title: "The gateway sends to pods that a rollout just stopped, for some seconds",
    target: "blog.example.com/",
    twinOf: "gateway-keeps-addresses-of-replaced-pods",
    differs: "the old addresses are used for two seconds after the pods were told to stop, not for minutes",
    async build() {
      const c = shop("press", {
        app: "blog",
        host: "blog.example.com",
        options: { replicas: 2, port: 5000 },
      });
      await oldAddresses(c, "blog", "as they stop");
      const now = await record({ ...c.way("blog"), requests: everyday() });
      c.gatewayLog(now.atEach("-22m", "-8m"));
      return c.evidence();
    },
    expect: { status: "explained", causes: ["shutdown-no-prestop-race"], share: 0.5 },
  }),
];

const saves = (client: readonly string[]) => [post("/session/save", { times: 24, everyMs: 60, client })];

/** Sticky sessions: what each client's cookie makes of the way is played as a way to its pod alone. */
async function sticky(c: Cluster, bad: readonly string[]): Promise<void> {
  const way = c.way("desk");
  const [first, second] = c.pods("desk");
  if (first === undefined || second === undefined) throw new Error("two pods are needed");
  const broken = await record({
    ...way,
    servers: [first.address],
    pods: { [first.address]: closes() },
    requests: saves(bad),
  });
  const fine = await record({
    ...way,
    servers: [second.address],
    requests: saves(["203.0.113.40", "203.0.113.41", "203.0.113.42"]),
  });
  c.gatewayLog([...broken.atEach("-17m", "-4m"), ...fine.atEach("-17m", "-4m")]);
}

const stickyDesk = (): Cluster => {
  const c = shop("care", { app: "desk", host: "desk.example.com", options: { replicas: 2, port: 3000 } });
  c.ingress("desk", {
    host: "desk.example.com",
    paths: { "/": "desk" },
    annotations: { [key("affinity")]: "cookie", [key("session-cookie-name")]: "DESK" },
  });
  return c;
};

const shares: CorpusCase[] = [
  defineCase({
    id: "sticky-clients-on-a-broken-pod",
    title: "Two clients' cookies pin them to a pod that closes every connection; the others are well",
    target: "desk.example.com/",
    async build() {
      const c = stickyDesk();
      await sticky(c, ["203.0.113.9", "203.0.113.24"]);
      return c.evidence();
    },
    expect: {
      status: "explained",
      causes: ["session-affinity-stale-pod"],
      acceptable: ["readiness-probe-missing-or-lenient"],
      share: 1,
    },
  }),
  defineCase({
    id: "sticky-route-new-clients-fail",
    title: "The route is sticky, and every failure at the broken pod is another client's first request",
    target: "desk.example.com/",
    twinOf: "sticky-clients-on-a-broken-pod",
    differs: "every failing request is of another client: no cookie brought any of them back",
    async build() {
      const c = stickyDesk();
      await sticky(
        c,
        Array.from({ length: 24 }, (_, i) => `198.51.100.${i + 20}`),
      );
      return c.evidence();
    },
    expect: { status: "unexplained", causes: [], acceptable: ["readiness-probe-missing-or-lenient"] },
  }),
  defineCase({
    id: "default-backend-fails-too",
    title: "No rule names the old host; the default backend that takes it closes every connection",
    target: "www.portal.example.org/account",
    build: async () => (await unmatchedHost(closes())).evidence(),
    expect: { status: "explained", causes: ["default-backend-unhealthy"], share: 1 },
  }),
  defineCase({
    id: "default-backend-says-not-found",
    title: "No rule names the old host; the default backend that takes it answers 404",
    target: "www.portal.example.org/account",
    twinOf: "default-backend-fails-too",
    differs: "the default backend answers 404 as it should",
    build: async () => (await unmatchedHost(answers(404))).evidence(),
    expect: healthy,
  }),
];

/** --default-backend-service takes what no rule names; the old host is in no rule any more. */
async function unmatchedHost(state: PodState): Promise<Cluster> {
  const c = shop("portal", { app: "site", host: "portal.example.org", options: { replicas: 2 } });
  c.app("error-pages", { replicas: 1, port: 8080 });
  c.service("error-pages", { port: 80 });
  const flag = "--default-backend-service=portal/error-pages";
  for (const p of c.gatewayPods()) p.edit((pod) => pod.spec?.containers[0]?.args?.push(flag));
  c.edit("deployments", `${gatewayNamespace}/${controllerName}`, (d) => {
    d.spec?.template.spec?.containers[0]?.args?.push(flag);
  });
  const { address } = c.pod("error-pages");
  const r = await record({
    host: "www.portal.example.org",
    upstreamName: "upstream-default-backend",
    servers: [address],
    pods: { [address]: state },
    requests: [get("/account", { times: 15, everyMs: 70 }), get("/", { times: 10, everyMs: 110 })],
  });
  c.gatewayLog(r.atEach("-23m", "-5m"));
  return c;
}

/** custom-http-errors: nginx.tmpl hands a listed status on to a location that logs the default backend's name. */
async function handedOn(state: PodState): Promise<Cluster> {
  const c = shop("news", { app: "front", host: "news.example.org", options: { replicas: 2 } });
  c.app("error-pages", { replicas: 1, port: 8080 });
  c.service("error-pages", { port: 80 });
  c.gatewayConfig({ "custom-http-errors": "503" });
  const { address } = c.pod("error-pages");
  const { upstreamName, servers, host } = c.way("front");
  const name = "upstream-default-backend";
  const r = await record({
    host,
    routes: [
      {
        path: "/",
        upstreamName,
        servers,
        snippet: `proxy_intercept_errors on; error_page 503 = @custom_${name}_503;`,
      },
    ],
    settings: {
      serverSnippet: `location @custom_${name}_503 { internal; proxy_intercept_errors off; proxy_set_header X-Code 503; set $proxy_upstream_name "${name}"; rewrite (.*) / break; proxy_pass http://${address}; }`,
    },
    pods: { ...Object.fromEntries(servers.map((s) => [s, answers(503)])), [address]: state },
    requests: [get("/account", { times: 15, everyMs: 70 }), get("/", { times: 10, everyMs: 110 })],
  });
  c.gatewayLog(r.atEach("-23m", "-5m"));
  return c;
}

const errorPages: CorpusCase[] = [
  defineCase({
    id: "error-pages-refuse",
    title: "The application's 503 are handed on to an error page server that refuses; clients get 502",
    target: "news.example.org/",
    build: async () => (await handedOn(refusing)).evidence(),
    expect: {
      status: "explained",
      causes: ["app-emitted-5xx", "default-backend-unhealthy"],
      share: 1,
    },
  }),
  defineCase({
    id: "error-pages-pass-the-code-on",
    title: "The application's 503 are handed on to an error page server that answers with the same code",
    target: "news.example.org/",
    twinOf: "error-pages-refuse",
    differs: "the error page server answers, with the code it was given",
    build: async () => (await handedOn(answers(503, { body: "<h1>Back soon</h1>" }))).evidence(),
    expect: { status: "explained", causes: ["app-emitted-5xx"], share: 1 },
  }),
];

/** The gateway's view of the cluster, its sticky sessions and its default backend. */
export const cases: CorpusCase[] = [...staleViews, ...shares, ...errorPages];
