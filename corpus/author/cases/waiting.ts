import type { Evidence } from "../../../src/evidence/evidence.ts";
import { type CorpusCase, defineCase } from "../case.ts";
import type { Cluster } from "../cluster/cluster.ts";
import { shop } from "../cluster/shop.ts";
import { answer, byPath, post } from "../nginx/behaviours.ts";
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

/** Connection checks that take 1.3 to 2.7 s behind a gateway that waits `timerS`. */
async function connectionChecks(timerS: number): Promise<Evidence> {
  const c = shop("data", {
    app: "airbyte-server",
    host: "airbyte.example.com",
    options: { replicas: 1, port: 8001, created: "-12d" },
  });
  waits(c, "airbyte-server", "airbyte.example.com", timerS);
  const way = c.way("airbyte-server");
  const check = "/api/v1/sources/check_connection";
  const r = await record({
    ...way,
    pods: everyPod(way.servers, byPath({ [check]: answer.ok(2000, { jitterMs: 700 }) })),
    settings: { readTimeoutS: timerS },
    requests: [...everyday("/api/v1"), post(check, { times: 12, everyMs: 160 })],
  });
  c.gatewayLog(r.atEach("-45m", "-28m", "-9m"));
  c.appLog(
    c.pod("airbyte-server"),
    ["09:45", "10:02", "10:21"].flatMap((t) => [
      `2026-11-18T${t}:02.910Z POST ${check} 200 1611.402 ms - 640`,
      `2026-11-18T${t}:04.118Z POST ${check} 200 2644.713 ms - 640`,
    ]),
  );
  return c.evidence();
}

/** A plug-in's query that is cut at 10 s; the access log is JSON and nobody logs why. */
async function cutAtTenSeconds(): Promise<Evidence> {
  const c = shop("portal", {
    app: "backstage",
    host: "portal.example.org",
    options: { replicas: 2, port: 7007, created: "-8d" },
  });
  waits(c, "backstage", "portal.example.org", 10);
  const logFormat =
    '{"time":"$time_iso8601","request_id":"$req_id","remote_addr":"$remote_addr","method":"$request_method","uri":"$uri","host":"$host","status":"$status","request_time":"$request_time","upstream_addr":"$upstream_addr","upstream_status":"$upstream_status","upstream_response_time":"$upstream_response_time","proxy_upstream_name":"$proxy_upstream_name"}';
  c.gatewayConfig({ "log-format-upstream": logFormat, "log-format-escape-json": "true" });
  const way = c.way("backstage");
  const r = await record({
    ...way,
    pods: everyPod(way.servers, byPath({ "/resources/workloads/query": answer.hang })),
    settings: { readTimeoutS: 10, logFormat, logEscape: "json" },
    requests: [...everyday("/api"), post("/resources/workloads/query", { times: 8, everyMs: 90 })],
  });
  c.gatewayLog(r.atEach("-31m", "-11m"));
  return c.evidence();
}

/** Uploads hang until the pods are replaced; no log says what they waited for. */
async function uploadsHang(): Promise<Evidence> {
  const c = shop("trust", {
    app: "importer",
    host: "sbom.example.com",
    options: { replicas: 1, port: 8080, created: "-6d" },
  });
  waits(c, "importer", "sbom.example.com", 2);
  const settings = { readTimeoutS: 2 };
  const way = c.way("importer");
  const stuck = await record({
    ...way,
    pods: everyPod(way.servers, byPath({ "/api/v2/sbom": answer.hang })),
    settings,
    requests: [...everyday("/api/v2"), post("/api/v2/sbom", { times: 9, everyMs: 200, bodyBytes: 9000 })],
  });
  c.rollout("importer", { at: "-13m", to: {}, old: "deleted" });
  const again = await record({
    ...c.way("importer"),
    settings,
    requests: [...everyday("/api/v2"), post("/api/v2/sbom", { times: 6, everyMs: 200, bodyBytes: 9000 })],
  });
  c.gatewayLog([...stuck.atEach("-38m", "-24m"), ...again.atEach("-11m", "-4m")]);
  return c.evidence();
}

/** Quotes hang in the application while everything else is fast; `words` is what it logs half a minute later. */
async function quotesHang(words: readonly string[]): Promise<Evidence> {
  const c = shop("travel", {
    app: "quotes",
    host: "travel.example.com",
    options: { replicas: 3, port: 5000, created: "-16d" },
  });
  waits(c, "quotes", "travel.example.com", 2);
  const way = c.way("quotes");
  const before = await record({
    ...way,
    requests: [...everyday(), post("/quote", { times: 8, everyMs: 150 })],
  });
  const r = await record({
    ...way,
    pods: everyPod(way.servers, byPath({ "/quote": answer.hang })),
    settings: { readTimeoutS: 2 },
    requests: [...everyday(), post("/quote", { times: 9, everyMs: 150 })],
  });
  c.gatewayLog([...before.atEach("-55m", "-40m"), ...r.atEach("-21m", "-7m")]);
  for (const p of c.pods("quotes"))
    c.appLog(
      p,
      ["10:09:31", "10:23:32"].flatMap((t) => words.map((w) => `2026-11-18 ${t},104 ERROR ${w}`)),
    );
  return c.evidence();
}

/** A search that answers 504 itself after 1.5 s, with what it logs about it. */
async function searchGivesUp(words: string): Promise<Evidence> {
  const c = shop("shop", { app: "search", host: "find.example.com", options: { replicas: 2, port: 9090 } });
  const way = c.way("search");
  const late = answer.status(504, { delayMs: 1500, body: '{"error":"timeout"}' });
  const r = await record({
    ...way,
    pods: everyPod(way.servers, byPath({ "/search": late })),
    requests: [...everyday(), post("/search", { times: 10, everyMs: 150 })],
  });
  c.gatewayLog(r.atEach("-23m", "-6m"));
  for (const p of c.pods("search"))
    c.appLog(
      p,
      ["10:07:02", "10:24:02"].map((t) => `2026-11-18T${t}.610Z error ${words}`),
    );
  return c.evidence();
}

export const cases: CorpusCase[] = [
  defineCase({
    id: "waiting-connection-check-longer-than-timer",
    title: "A connection check rightly takes longer than the gateway waits",
    source: "airbytehq/airbyte#45156",
    target: "airbyte.example.com/",
    build: () => connectionChecks(2),
    expect: { status: "explained", causes: ["proxy-read-timeout-too-short"], share: 1 },
  }),
  defineCase({
    id: "waiting-connection-check-within-timer",
    title: "The same connection checks, and a gateway that waits long enough",
    target: "airbyte.example.com/",
    twinOf: "waiting-connection-check-longer-than-timer",
    differs: "proxy-read-timeout is 300 s",
    build: () => connectionChecks(300),
    expect: { status: "healthy", causes: [] },
  }),
  defineCase({
    id: "waiting-query-cut-at-ten-seconds",
    title: "A query is cut at 10 s and nothing says what it waits for",
    source: "backstage/backstage#18510",
    target: "portal.example.org/",
    build: cutAtTenSeconds,
    expect: { status: "unexplained", causes: [] },
  }),
  defineCase({
    id: "waiting-uploads-until-restart",
    title: "Uploads hang until the pods are replaced; what they waited for was never found",
    source: "guacsec/trustify#1531",
    target: "sbom.example.com/",
    build: uploadsHang,
    expect: { status: "unexplained", causes: [] },
  }),
  defineCase({
    id: "waiting-acquire-longer-than-gateway",
    title: "Waiting for a pooled connection may take 20 s, the gateway gives up long before",
    source: "PostHog/posthog#46434",
    target: "travel.example.com/",
    build: () =>
      quotesHang([
        "sqlalchemy.exc.TimeoutError: QueuePool limit of size 10 overflow 0 reached, connection timed out, timeout 20.00",
      ]),
    expect: { status: "explained", causes: ["worker-pool-exhausted"], share: 1 },
  }),
  defineCase({
    id: "waiting-for-partner-interface",
    title: "Quotes wait for a partner's interface that does not answer",
    target: "travel.example.com/",
    twinOf: "waiting-acquire-longer-than-gateway",
    differs: "the log names a call to a partner, no pool",
    build: () =>
      quotesHang([
        "requests.exceptions.ReadTimeout: HTTPSConnectionPool(host='rates.partner.example', port=443): Read timed out. (read timeout=30)",
      ]),
    expect: { status: "explained", causes: ["slow-dependency"], share: 1 },
  }),
  defineCase({
    id: "waiting-quotes-without-a-word",
    title: "Quotes wait, and the application's log says nothing of what for",
    target: "travel.example.com/",
    twinOf: "waiting-for-partner-interface",
    differs: "nothing in the log",
    build: () => quotesHang([]),
    expect: { status: "unexplained", causes: [] },
  }),
  defineCase({
    id: "waiting-given-up-by-the-application",
    title: "The application gives up a call by its own timer and answers 504 itself",
    target: "find.example.com/search",
    build: () =>
      searchGivesUp(
        "AxiosError: timeout of 1500ms exceeded, POST http://ranker.ml.svc.cluster.local:8500/rank",
      ),
    expect: {
      status: "explained",
      causes: ["slow-dependency"],
      acceptable: ["app-emitted-5xx"],
      share: 1,
    },
  }),
  defineCase({
    id: "waiting-late-for-its-own-work",
    title: "The application answers 504 late, for work of its own",
    target: "find.example.com/search",
    twinOf: "waiting-given-up-by-the-application",
    differs: "the log tells of a computation and of no call",
    build: () => searchGivesUp("ranking took 1500 ms, limit is 1500 ms"),
    expect: { status: "explained", causes: ["app-emitted-5xx"], share: 1 },
  }),
];
