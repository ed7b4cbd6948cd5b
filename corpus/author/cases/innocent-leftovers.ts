import { type CorpusCase, defineCase, type Expectation } from "../case.ts";
import type { Cluster } from "../cluster/cluster.ts";
import { httpProbe } from "../cluster/probes.ts";
import { shop } from "../cluster/shop.ts";
import { answer, byPath, get, post } from "../nginx/behaviours.ts";
import { record } from "../nginx/record.ts";
import { everyday } from "../nginx/traffic.ts";

const nobody: Expectation = { status: "healthy", causes: [] };

async function serve(c: Cluster, app: string, ...whens: string[]): Promise<void> {
  const r = await record({ ...c.way(app), requests: everyday() });
  c.gatewayLog(r.atEach(...whens));
}

/** What looks like a cause in any other cluster, and here met no request or left only traces. */
export const cases: CorpusCase[] = [
  defineCase({
    id: "rollout-without-prestop-met-nobody",
    title: "A rollout without a preStop hook, at a minute when nobody asked",
    target: "shop.example.com/",
    async build() {
      const c = shop("shop", { options: { replicas: 3 } });
      const before = await record({ ...c.way("cart"), requests: everyday() });
      c.rollout("cart", { at: "-20m", to: { image: "registry.example.com/shop/cart:1.9.0" } });
      const after = await record({ ...c.way("cart"), requests: everyday() });
      c.gatewayLog([...before.atEach("-40m", "-25m"), ...after.atEach("-15m", "-5m")]);
      return c.evidence();
    },
    expect: nobody,
  }),
  defineCase({
    id: "restart-met-nobody",
    title: "A pod ran out of memory twelve minutes ago between two requests",
    target: "shop.example.com/",
    async build() {
      const c = shop("shop");
      c.pod("cart", 0).restart({ exitCode: 137, reason: "OOMKilled", at: "-12m" });
      await serve(c, "cart", "-40m", "-25m", "-8m", "-2m");
      return c.evidence();
    },
    expect: nobody,
  }),
  defineCase({
    id: "evicted-pod-left-behind",
    title: "An evicted pod of this morning still stands in the list; its successor serves",
    target: "shop.example.com/",
    async build() {
      const c = shop("shop", { options: { replicas: 3 } });
      c.pod("cart", 2).evicted(
        "-5h",
        "The node was low on resource: ephemeral-storage. Threshold quantity: 10% , available: 7213Mi. ",
      );
      c.find("cart").scaleUp(1, "-299m");
      await serve(c, "cart", "-40m", "-25m", "-2m");
      return c.evidence();
    },
    expect: nobody,
  }),
  defineCase({
    id: "finished-job-wears-the-label",
    title:
      "Pods of a finished migration Job carry the label that the Service selects; they are done and get no traffic",
    target: "shop.example.com/",
    async build() {
      const c = shop("shop");
      const job = c.addApp("shop", "cart-migrate", {
        replicas: 1,
        probe: null,
        template: {
          metadata: { labels: { app: "cart" } },
          spec: {
            restartPolicy: "Never",
            containers: [{ name: "migrate", image: "registry.example.com/shop/cart:1.8.2" }],
          },
        },
      });
      const [pod] = job.pods;
      pod?.edit((p) => {
        p.status = { phase: "Succeeded", podIP: p.status?.podIP ?? "", containerStatuses: [] };
      });
      await serve(c, "cart", "-40m", "-25m", "-2m");
      return c.evidence();
    },
    expect: nobody,
  }),
  defineCase({
    id: "stuck-rollout-old-pods-serve",
    title: "A rollout hangs on an image that does not exist; the old pods answer everything",
    target: "shop.example.com/",
    async build() {
      const c = shop("shop", { options: { replicas: 3, strategy: { maxUnavailable: 0, maxSurge: 1 } } });
      const image = "registry.example.com/shop/cart:1.9.o";
      const { newPods } = c.rollout("cart", { at: "-34m", to: { image }, old: "kept" });
      newPods[0]?.waiting(
        "ImagePullBackOff",
        `Back-off pulling image "${image}": ErrImagePull: rpc error: code = NotFound desc = failed to pull and unpack image "${image}": not found`,
      );
      newPods[0]?.event("Failed", "Error: ImagePullBackOff", { first: "-33m", last: "-1m", count: 140 });
      await serve(c, "cart", "-45m", "-30m", "-12m", "-2m");
      return c.evidence();
    },
    expect: nobody,
  }),
  defineCase({
    id: "probes-fail-while-starting",
    title:
      "Readiness probes failed in the first seconds of new pods, before any traffic: what probes are for",
    target: "shop.example.com/",
    async build() {
      const c = shop("shop", {
        options: { replicas: 2, preStopSeconds: 15, readyAfter: "28s", probe: httpProbe("/ready") },
      });
      const before = await record({ ...c.way("cart"), requests: everyday() });
      const { newPods } = c.rollout("cart", {
        at: "-22m",
        to: { image: "registry.example.com/shop/cart:1.9.0" },
        step: "45s",
      });
      for (const p of newPods) {
        const refused = `Get "http://${p.address}/ready": dial tcp ${p.address}: connect: connection refused`;
        p.probeFails("Readiness", refused, { first: "-21m", last: "-21m", count: 2 });
      }
      const after = await record({ ...c.way("cart"), requests: everyday() });
      c.gatewayLog([...before.atEach("-40m", "-24m"), ...after.atEach("-18m", "-3m")]);
      return c.evidence();
    },
    expect: nobody,
  }),
  defineCase({
    id: "client-errors-only",
    title: "Clients without a token, with a body too large, and too eager: 401, 413, 429",
    target: "api.example.com/",
    async build() {
      const c = shop("api", { app: "public-api", host: "api.example.com" });
      const way = c.way("public-api");
      const pod = byPath({
        "/private": answer.status(401),
        "/search": answer.status(429, { headers: { "Retry-After": "2" } }),
      });
      const pods = Object.fromEntries(way.servers.map((s) => [s, pod]));
      const large = post("/upload", { times: 3, everyMs: 400, bodyBytes: 1_500_000 });
      const r = await record({
        ...way,
        pods,
        requests: [
          get("/private/me", { times: 9, everyMs: 150 }),
          get("/search?q=x", { times: 9, everyMs: 150 }),
          large,
          ...everyday(),
        ],
      });
      c.gatewayLog(r.atEach("-31m", "-8m"));
      return c.evidence();
    },
    expect: nobody,
  }),
  defineCase({
    id: "canary-works",
    title: "A canary takes a part of the traffic and answers as well as its elder",
    target: "shop.example.com/",
    async build() {
      const c = shop("shop");
      c.app("cart-canary", { replicas: 1, created: "-2h" });
      c.service("cart-canary");
      const annotations = {
        "nginx.ingress.kubernetes.io/canary": "true",
        "nginx.ingress.kubernetes.io/canary-weight": "20",
      };
      c.ingress("cart-canary", { paths: { "/": "cart-canary" }, annotations, created: "-2h" });
      const main = await record({ ...c.way("cart"), requests: everyday() });
      const way = c.way("cart-canary");
      const route = {
        path: "/",
        upstreamName: "shop-cart-80",
        alternativeUpstreamName: way.upstreamName,
        servers: way.servers,
      };
      const canary = await record({
        host: way.host,
        routes: [route],
        requests: [get("/items?page=1", { times: 6, everyMs: 300 })],
      });
      c.gatewayLog([...main.atEach("-31m", "-8m"), ...canary.atEach("-31m", "-8m")]);
      return c.evidence();
    },
    expect: nobody,
  }),
  defineCase({
    id: "no-gateway-log-nothing-wrong",
    title: "The gateway's log cannot be read and every object is in order",
    target: "shop.example.com/",
    build() {
      const c = shop("shop");
      c.unknown("gateway-log", "forbidden: cannot get pods/log in ingress-nginx");
      return c.evidence();
    },
    expect: { status: "undecided", causes: [] },
  }),
  defineCase({
    id: "ingress-of-another-class",
    title: "A second Ingress of the same host belongs to another controller; this route is served",
    target: "shop.example.com/",
    async build() {
      const c = shop("shop");
      c.add("ingressclasses", {
        metadata: { name: "internal" },
        spec: { controller: "example.com/internal-gateway" },
      });
      c.ingress("cart-internal", {
        paths: { "/admin": { service: "cart-admin", port: 80 } },
        className: "internal",
      });
      await serve(c, "cart", "-40m", "-25m", "-2m");
      return c.evidence();
    },
    expect: nobody,
  }),
];
