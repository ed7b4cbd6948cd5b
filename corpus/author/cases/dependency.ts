import type { Evidence } from "../../../src/evidence/evidence.ts";
import { type CorpusCase, defineCase } from "../case.ts";
import { shop } from "../cluster/shop.ts";
import { answer, byPath } from "../nginx/behaviours.ts";
import { record } from "../nginx/record.ts";
import type { PodScript } from "../nginx/script.ts";
import { everyday } from "../nginx/traffic.ts";

/** A pod script for every ready pod of the Service. */
const everyPod = (servers: readonly string[], script: PodScript): Record<string, PodScript> =>
  Object.fromEntries(servers.map((s) => [s, script]));

/** A checkout that asks payments; the pods of payments crash at start, or those of reports do. */
async function checkout(
  crashing: "payments" | "reports",
  words?: (paymentsIp: string) => string,
): Promise<Evidence> {
  const c = shop("commerce", {
    app: "checkout",
    host: "pay.example.com",
    options: {
      replicas: 2,
      port: 4000,
      created: "-14d",
      env: { PAYMENTS_URL: "http://payments:7000", REPORTS_URL: "http://reports:7100" },
    },
  });
  for (const [name, port] of [
    ["payments", 7000],
    ["reports", 7100],
  ] as const) {
    c.app(name, { replicas: 2, port, created: "-14d" });
    c.service(name, { port });
  }
  for (const p of c.pods(crashing)) {
    p.crashLoop({ exitCode: 1, reason: "Error", at: "-70s", since: "-34m", count: 11 });
    c.appLog(
      p,
      [
        "2026-11-18T10:28:49.010Z info starting",
        "2026-11-18T10:28:49.912Z fatal missing required environment variable STRIPE_ACCOUNT",
      ],
      { previous: true },
    );
  }
  const way = c.way("checkout");
  const isFailing = words !== undefined;
  const state = byPath(
    {
      "/orders": isFailing ? answer.status(502, { body: '{"error":"charge failed"}' }) : answer.ok(),
    },
    answer.ok(),
  );
  const r = await record({ ...way, pods: everyPod(way.servers, state), requests: everyday() });
  c.gatewayLog(r.atEach("-25m", "-14m", "-3m"));
  const paymentsIp = c.store.find("services", "payments", "commerce")?.spec?.clusterIP ?? "";
  for (const p of c.pods("checkout")) {
    c.appLog(p, ["2026-11-04T10:30:04.000Z info listening on 0.0.0.0:4000"]);
    for (const minute of ["05", "16", "27"])
      if (isFailing) c.appLog(p, [`2026-11-18T10:${minute}:00.820Z error ${words(paymentsIp)}`]);
  }
  return c.evidence();
}

/** A gallery that keeps sessions in a cache; `port` is what it is configured with, 6379 what the Service has. */
async function gallery(port: number): Promise<Evidence> {
  const c = shop("photos", {
    app: "gallery",
    host: "photos.example.net",
    options: {
      replicas: 3,
      port: 8000,
      created: "-5d",
      env: { CACHE_HOST: "sessions", CACHE_PORT: String(port), LOG_LEVEL: "info" },
    },
  });
  c.app("sessions", { kind: "StatefulSet", replicas: 1, port: 6379, probe: null, created: "-30d" });
  c.service("sessions", { port: 6379 });
  const way = c.way("gallery");
  const before = await record({ ...way, requests: everyday() });
  const isWrong = port !== 6379;
  if (isWrong) {
    const state = byPath({ "/favicon.ico": answer.ok(1) }, answer.status(503, { body: "session store" }));
    const r = await record({ ...way, pods: everyPod(way.servers, state), requests: everyday() });
    c.gatewayLog(r.atEach("-40m", "-20m", "-2m"));
    for (const p of c.pods("gallery"))
      c.appLog(
        p,
        ["09:50:01", "10:10:01", "10:28:01"].map(
          (t) =>
            `2026-11-18 ${t},204 ERROR redis.exceptions.TimeoutError: Timeout connecting to server sessions:${port}: connection timed out`,
        ),
      );
  } else c.gatewayLog(before.atEach("-40m", "-20m", "-2m"));
  return c.evidence();
}

/** A name with a typo in an application that exits when it cannot resolve it; no gateway log. */
function tracker(host: string): Evidence {
  const c = shop("tracking", {
    app: "collector",
    host: "t.example.org",
    path: "/collect",
    options: { replicas: 2, port: 9000, created: "-45m", env: { KAFKA_BROKERS: `${host}:9092` } },
  });
  c.app("events-kafka", { kind: "StatefulSet", replicas: 3, port: 9092, probe: null, created: "-60d" });
  c.service("events-kafka", { port: 9092 });
  if (host !== "events-kafka")
    for (const p of c.pods("collector")) {
      p.crashLoop({ exitCode: 1, reason: "Error", at: "-2m", since: "-45m", count: 12 });
      c.appLog(
        p,
        [
          "2026-11-18T10:27:58.100Z info connecting to brokers",
          `2026-11-18T10:28:00.003Z fatal kafka: dial tcp: lookup ${host} on 10.96.0.10:53: no such host`,
        ],
        { previous: true },
      );
    }
  c.unknown("gateway-log", "not in the bundle");
  return c.evidence();
}

/** Orders kept in a database outside the cluster, behind a Service without a selector; `hasEndpoints`: whether somebody listed its address. */
async function outsideDatabase(hasEndpoints: boolean): Promise<Evidence> {
  const c = shop("orders", {
    app: "orders-api",
    host: "orders.example.com",
    options: { replicas: 2, port: 8080, created: "-7d", env: { DB_HOST: "orders-db", DB_PORT: "5432" } },
  });
  c.service("orders-db", { port: 5432, selector: null });
  if (hasEndpoints)
    c.add("endpointslices", {
      metadata: { name: "orders-db-1", labels: { "kubernetes.io/service-name": "orders-db" } },
      addressType: "IPv4",
      ports: [{ name: "", port: 5432, protocol: "TCP" }],
      endpoints: [{ addresses: ["10.80.0.9"], conditions: { ready: true } }],
    });
  const way = c.way("orders-api");
  const state = hasEndpoints ? answer.ok() : answer.status(503, { body: "no database" });
  const r = await record({
    ...way,
    pods: everyPod(way.servers, byPath({ "/": state })),
    requests: everyday(),
  });
  c.gatewayLog(r.atEach("-26m", "-10m"));
  for (const p of c.pods("orders-api"))
    if (!hasEndpoints)
      c.appLog(
        p,
        ["10:04:00", "10:20:01"].map(
          (t) =>
            `2026-11-18 ${t}.300 ERROR could not connect to server: Connection refused. Is the server running on host "orders-db" and accepting TCP/IP connections on port 5432?`,
        ),
      );
  return c.evidence();
}

export const cases: CorpusCase[] = [
  defineCase({
    id: "dependency-payments-crash-at-start",
    title: "Checkout answers 502 because payments, which it calls, crashes at start",
    target: "pay.example.com/orders",
    build: () =>
      checkout("payments", (ip) => `charge failed: dial tcp ${ip}:7000: connect: connection refused`),
    expect: {
      status: "explained",
      causes: ["crash-loop-backoff"],
      acceptable: ["dependency-down", "app-emitted-5xx", "no-endpoints-pods-not-ready"],
      share: 1,
    },
  }),
  defineCase({
    id: "dependency-not-called-crashes-at-start",
    title: "Reports crashes at start; checkout is configured with it and answers everything",
    target: "pay.example.com/orders",
    twinOf: "dependency-payments-crash-at-start",
    differs: "the Service that crashes is not needed by any request",
    build: () => checkout("reports"),
    expect: { status: "healthy", causes: [] },
  }),
  defineCase({
    id: "dependency-down-and-not-the-reason",
    title: "Reports crashes at start; checkout fails for a reason of its own, as its log tells",
    target: "pay.example.com/orders",
    twinOf: "dependency-payments-crash-at-start",
    differs: "another Service crashes than the one the failing requests need",
    build: () => checkout("reports", () => "charge failed: TypeError: amount.toFixed is not a function"),
    expect: { status: "explained", causes: ["app-emitted-5xx"], share: 1 },
  }),
  defineCase({
    id: "dependency-port-without-service-port",
    title: "The session store is configured with port 6380; its Service has 6379",
    target: "photos.example.net/",
    build: () => gallery(6380),
    expect: {
      status: "explained",
      causes: ["dependency-misaddressed"],
      acceptable: ["app-emitted-5xx"],
      share: 1,
    },
  }),
  defineCase({
    id: "dependency-port-of-service",
    title: "The session store is configured with the port that its Service has",
    target: "photos.example.net/",
    twinOf: "dependency-port-without-service-port",
    differs: "CACHE_PORT is 6379",
    build: () => gallery(6379),
    expect: { status: "healthy", causes: [] },
  }),
  defineCase({
    id: "dependency-name-misspelt",
    title: "The broker's name is misspelt and the collector exits; the gateway's log is missing",
    target: "t.example.org/collect",
    build: () => tracker("event-kafka"),
    expect: {
      status: "explained",
      causes: ["dependency-misaddressed"],
      acceptable: ["crash-loop-backoff", "no-endpoints-pods-not-ready"],
    },
  }),
  defineCase({
    id: "dependency-name-right",
    title: "The broker's name is right and the collector runs; the gateway's log is missing",
    target: "t.example.org/collect",
    twinOf: "dependency-name-misspelt",
    differs: "KAFKA_BROKERS names the Service that exists",
    build: () => tracker("events-kafka"),
    expect: { status: "undecided", causes: [] },
  }),
  defineCase({
    id: "dependency-outside-without-endpoints",
    title: "The Service that stands for a database outside the cluster has no endpoints",
    target: "orders.example.com/",
    build: () => outsideDatabase(false),
    expect: {
      status: "explained",
      causes: ["dependency-down"],
      acceptable: ["app-emitted-5xx", "no-endpoints-pods-not-ready"],
      share: 1,
    },
  }),
  defineCase({
    id: "dependency-outside-with-endpoints",
    title: "The Service that stands for a database outside the cluster has its endpoint",
    target: "orders.example.com/",
    twinOf: "dependency-outside-without-endpoints",
    differs: "an EndpointSlice lists the database's address",
    build: () => outsideDatabase(true),
    expect: { status: "healthy", causes: [] },
  }),
];
