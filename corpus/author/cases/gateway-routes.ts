import { type CorpusCase, defineCase } from "../case.ts";
import type { Cluster } from "../cluster/cluster.ts";
import { shop } from "../cluster/shop.ts";
import { klog, type Line, reloaded } from "../lines.ts";
import { closes, get, ok } from "../nginx/behaviours.ts";
import { record } from "../nginx/record.ts";
import type { PodState } from "../nginx/script.ts";
import { everyday } from "../nginx/traffic.ts";

const nginx = "nginx.ingress.kubernetes.io/";

/** A canary of one pod takes a quarter of the requests; both backends behave as told. */
async function withCanary(main: PodState, canary: PodState): Promise<Cluster> {
  const c = shop("market", { app: "search", host: "market.example.com" });
  c.app("search-next", {
    replicas: 1,
    created: "-70m",
    image: "registry.example.com/market/search:2.0.0-rc1",
  });
  c.service("search-next");
  c.ingress("search-next", {
    host: "market.example.com",
    paths: { "/": "search-next" },
    annotations: { [`${nginx}canary`]: "true", [`${nginx}canary-weight`]: "25" },
    created: "-70m",
  });
  const own = c.way("search");
  const pods = Object.fromEntries(own.servers.map((s) => [s, main]));
  const stays = await record({ ...own, pods, requests: everyday() });
  const other = c.way("search-next");
  const taken = await record({
    host: other.host,
    routes: [
      {
        path: "/",
        upstreamName: own.upstreamName,
        alternativeUpstreamName: other.upstreamName,
        servers: other.servers,
      },
    ],
    pods: Object.fromEntries(other.servers.map((s) => [s, canary])),
    requests: [get("/items?page=1", { times: 10, everyMs: 180 })],
  });
  c.gatewayLog([...stays.atEach("-41m", "-22m", "-4m"), ...taken.atEach("-41m", "-22m", "-4m")]);
  return c;
}

const rule = "-------------------------------------------------------------------------------";
/** What the controller logs when `nginx -t` refuses what it has written (nginx.go `testTemplate`, controller.go). */
const refusedReload = (when: string): Line[] => [
  klog("I", when, "controller.go:215", '"Configuration changes detected, backend reload required"'),
  klog(
    "E",
    when,
    "controller.go:227",
    `Unexpected failure reloading the backend:\n\n${rule}\nError: exit status 1`,
  ),
  {
    atMs: klog("E", when, "", "").atMs,
    text: `${stamp(when)} [emerg] 4127#4127: unknown directive "proxy_set_headr" in /tmp/nginx/nginx-cfg2718281828:612`,
  },
  {
    atMs: klog("E", when, "", "").atMs,
    text: `nginx: [emerg] unknown directive "proxy_set_headr" in /tmp/nginx/nginx-cfg2718281828:612\nnginx: configuration file /tmp/nginx/nginx-cfg2718281828 test failed\n\n${rule}`,
  },
];

const stamp = (when: string): string =>
  new Date(klog("I", when, "", "").atMs).toISOString().slice(0, 19).replaceAll("-", "/").replace("T", " ");

/** A snippet of a neighbour breaks the configuration at -38m; the route's Ingress is made at -20m. */
async function newHost(isMended: boolean): Promise<Cluster> {
  const c = shop("events", { app: "tickets", host: "tickets.example.net" });
  c.app("blog", { replicas: 1 });
  c.service("blog");
  c.ingress("blog", {
    host: "blog.example.net",
    paths: { "/": "blog" },
    annotations: { [`${nginx}configuration-snippet`]: "proxy_set_headr X-Blog 1;" },
    created: "-90d",
  });
  c.ingress("tickets", { host: "tickets.example.net", paths: { "/": "tickets" }, created: "-20m" });
  const neighbour = await record({ ...c.way("blog"), host: "blog.example.net", requests: everyday() });
  c.gatewayLog([...reloaded("-55m"), ...neighbour.atEach("-50m", "-30m", "-10m")]);
  if (isMended) {
    const own = await record({ ...c.way("tickets"), requests: everyday() });
    c.gatewayLog([
      ...refusedReload("-38m"),
      ...reloaded("-26m"),
      ...reloaded("-20m"),
      ...own.atEach("-17m", "-5m"),
    ]);
    c.ingress("blog", { host: "blog.example.net", paths: { "/": "blog" }, created: "-90d" });
    return c;
  }
  const nobody = await record({
    routes: [{ path: "/nothing", upstreamName: "none", servers: [] }],
    host: "none.example.net",
    requests: [get("/", { host: "tickets.example.net", times: 12, everyMs: 90 })],
  });
  c.gatewayLog([...refusedReload("-38m"), ...refusedReload("-20m"), ...nobody.atEach("-15m", "-3m")]);
  for (const gateway of c.gatewayPods())
    gateway.event("RELOAD", "Error reloading NGINX: exit status 1", {
      type: "Warning",
      first: "-38m",
      last: "-20m",
      count: 2,
      component: "nginx-ingress-controller",
    });
  return c;
}

export const cases: CorpusCase[] = [
  defineCase({
    id: "gateway-canary-fails-its-share",
    title: "A quarter of the requests goes to a canary that closes every connection; the others are served",
    target: "market.example.com/",
    build: async () => (await withCanary(ok(), closes())).evidence(),
    expect: { status: "explained", causes: ["canary-misrouting"], share: 1 },
  }),
  defineCase({
    id: "gateway-canary-and-primary-fail-alike",
    title: "The canary closes every connection, and so do the pods of its primary",
    target: "market.example.com/",
    twinOf: "gateway-canary-fails-its-share",
    differs: "the primary's pods close connections as well",
    build: async () => (await withCanary(closes(), closes())).evidence(),
    expect: { status: "unexplained", causes: [] },
  }),
  defineCase({
    id: "gateway-cannot-load-new-host",
    title:
      "A misspelt directive in a neighbour's snippet keeps nginx on its old configuration: the new host gets 404",
    target: "tickets.example.net/",
    build: async () => (await newHost(false)).evidence(),
    expect: { status: "explained", causes: ["config-reload-failure"] },
  }),
  defineCase({
    id: "gateway-loads-new-host-after-mended-snippet",
    title: "The same snippet was mended before the new host came: it is loaded and served",
    target: "tickets.example.net/",
    twinOf: "gateway-cannot-load-new-host",
    differs: "the snippet was mended and reloads succeed again",
    build: async () => (await newHost(true)).evidence(),
    expect: { status: "healthy", causes: [] },
  }),
  defineCase({
    id: "gateway-cannot-load-and-old-route-serves",
    title: "The same broken snippet, asked about the neighbour's own route, which is older and goes on",
    target: "blog.example.net/",
    build: async () => (await newHost(false)).evidence(),
    expect: { status: "healthy", causes: [] },
  }),
];
