import { type CorpusCase, defineCase, type Expectation } from "../case.ts";
import { shop } from "../cluster/shop.ts";
import { answer, answers, byPath, get, ok, post, resets } from "../nginx/behaviours.ts";
import { record } from "../nginx/record.ts";
import { everyday } from "../nginx/traffic.ts";

const nobody: Expectation = { status: "healthy", causes: [] };

/** Clusters in which requests look odd at most, and no gateway failure reaches a client. */
export const cases: CorpusCase[] = [
  defineCase({
    id: "healthy-steady",
    title: "Everything works",
    target: "shop.example.com/",
    async build() {
      const c = shop("shop");
      const r = await record({ ...c.way("cart"), requests: everyday() });
      c.gatewayLog(r.atEach("-50m", "-35m", "-20m", "-5m"));
      for (const p of c.pods("cart")) c.appLog(p, ['{"level":"info","msg":"listening","addr":"[::]:8080"}']);
      return c.evidence();
    },
    expect: nobody,
  }),
  defineCase({
    id: "not-found-only",
    title: "A crawler asks for pages that do not exist: 404 of the application",
    target: "www.example.org/",
    async build() {
      const c = shop("site", { app: "web", host: "www.example.org" });
      const pod = byPath({
        "/wp-": answer.status(404),
        "/.env": answer.status(404),
        "/old": answer.status(404),
      });
      const way = c.way("web");
      const pods = Object.fromEntries(way.servers.map((s) => [s, pod]));
      const crawler = { userAgent: "Mozilla/5.0 (compatible; crawler/2.1)", client: "198.51.100.200" };
      const odd = ["/wp-login.php", "/.env", "/old/index.html"].map((p) =>
        get(p, { times: 9, everyMs: 110, ...crawler }),
      );
      const r = await record({ ...way, pods, requests: [...odd, ...everyday()] });
      c.gatewayLog(r.atEach("-41m", "-16m"));
      return c.evidence();
    },
    expect: nobody,
  }),
  defineCase({
    id: "impatient-clients-fast-backend",
    title: "Users leave early now and then (499), answers are fast for everybody else",
    target: "shop.example.com/",
    async build() {
      const c = shop("shop");
      const way = c.way("cart");
      const pods = Object.fromEntries(way.servers.map((s) => [s, byPath({ "/suggest": answer.ok(35) })]));
      const typing = [9, 16, 23].map((abortAfterMs, i) =>
        get("/suggest?q=sh", {
          times: 4,
          everyMs: 370,
          atMs: i * 120,
          abortAfterMs,
          userAgent: "Mozilla/5.0 (iPhone) Safari/605.1.15",
        }),
      );
      const r = await record({
        ...way,
        pods,
        requests: [...typing, get("/suggest?q=shoes", { times: 12, everyMs: 150 }), ...everyday()],
      });
      c.gatewayLog(r.atEach("-38m", "-11m"));
      return c.evidence();
    },
    expect: nobody,
  }),
  defineCase({
    id: "application-500s-only",
    title: "The application answers 500 on one path: a bug of its own, no gateway error",
    target: "shop.example.com/",
    async build() {
      const c = shop("shop");
      const way = c.way("cart");
      const body = '{"error":"NullPointerException at CouponService.apply"}';
      const pods = Object.fromEntries(
        way.servers.map((s) => [s, byPath({ "/coupons": answer.status(500, { body }) })]),
      );
      const r = await record({
        ...way,
        pods,
        requests: [post("/coupons", { times: 10, everyMs: 180 }), ...everyday()],
      });
      c.gatewayLog(r.atEach("-25m", "-7m"));
      for (const p of c.pods("cart"))
        c.appLog(p, ["ERROR CouponService failed", "java.lang.NullPointerException: coupon is null"]);
      return c.evidence();
    },
    expect: nobody,
  }),
  defineCase({
    id: "masked-by-retries",
    title: "A few connections were reset and tried again: no client saw a failure",
    target: "shop.example.com/",
    async build() {
      const c = shop("shop", { options: { replicas: 3 } });
      const way = c.way("cart");
      const pods = {
        [way.servers[0] ?? ""]: [
          [0, ok()],
          [700, resets(9)],
          [1000, ok()],
        ] as const,
      };
      const reads = get("/items?page=1", { times: 40, everyMs: 50 });
      const r = await record({ ...way, pods, requests: [reads] });
      const calm = await record({ ...way, requests: everyday() });
      c.gatewayLog([...r.at("-17m"), ...calm.atEach("-45m", "-30m", "-4m")]);
      return c.evidence();
    },
    expect: { ...nobody, masked: 1 },
  }),
  defineCase({
    id: "slow-but-answered",
    title: "A report takes two seconds and is answered; the timeout is 60 seconds",
    target: "shop.example.com/",
    async build() {
      const c = shop("shop");
      const way = c.way("cart");
      const pods = Object.fromEntries(way.servers.map((s) => [s, byPath({ "/report": answer.ok(1900) })]));
      const r = await record({
        ...way,
        pods,
        requests: [get("/report", { times: 6, everyMs: 150 }), ...everyday()],
      });
      c.gatewayLog(r.atEach("-33m", "-13m"));
      return c.evidence();
    },
    expect: nobody,
  }),
  defineCase({
    id: "other-route-fails",
    title: "Another application behind the same gateway has no endpoints; the one asked about works",
    target: "shop.example.com/cart",
    async build() {
      const c = shop("shop", { path: "/cart" });
      c.app("search", { replicas: 1, port: 9200 });
      c.service("search", { selector: { app: "search-v2" } });
      c.ingress("search", { paths: { "/search": "search" } });
      const search = c.way("search");
      const route = { path: "/search", upstreamName: search.upstreamName, servers: search.servers };
      const requests = [...everyday("/cart"), get("/search?q=a", { times: 12, everyMs: 140 })];
      const r = await record({ ...c.way("cart"), routes: [route], requests });
      c.gatewayLog(r.atEach("-28m", "-9m"));
      return c.evidence();
    },
    expect: nobody,
  }),
  defineCase({
    id: "limit-not-reached",
    title: "A rate limit is set and nobody reaches it",
    target: "api.example.com/v1",
    async build() {
      const c = shop("api", { app: "gateway-api", host: "api.example.com", path: "/v1" });
      const annotations = { "nginx.ingress.kubernetes.io/limit-rps": "50" };
      c.ingress("gateway-api", { host: "api.example.com", paths: { "/v1": "gateway-api" }, annotations });
      const settings = { limitRps: 50, limitZone: "api_gateway-api_7d21" };
      const r = await record({ ...c.way("gateway-api"), settings, requests: everyday("/v1") });
      c.gatewayLog(r.atEach("-28m", "-9m"));
      return c.evidence();
    },
    expect: nobody,
  }),
  defineCase({
    id: "gateway-log-of-others-only",
    title: "Nobody asked for this route, nothing is wrong with it",
    target: "intern.example.com/",
    async build() {
      const c = shop("intern", { app: "wiki", host: "intern.example.com" });
      const pods = { "10.42.3.40:8080": answers(200) };
      const r = await record({
        upstreamName: "shop-cart-80",
        servers: Object.keys(pods),
        pods,
        requests: everyday(),
      });
      c.gatewayLog(r.atEach("-28m", "-9m"));
      return c.evidence();
    },
    expect: { status: "undecided", causes: [] },
  }),
];
