import type { Evidence } from "../../../src/evidence/evidence.ts";
import { type CorpusCase, defineCase } from "../case.ts";
import { httpProbe, tcpProbe } from "../cluster/probes.ts";
import { shop } from "../cluster/shop.ts";
import { noActiveEndpoint } from "../lines.ts";
import { get, refusing } from "../nginx/behaviours.ts";
import { record } from "../nginx/record.ts";
import { everyday } from "../nginx/traffic.ts";

/** A static file server without a probe, listening on `bound`. */
async function fileServer(bound: "[::1]" | "[::]"): Promise<Evidence> {
  const c = shop("workspace", {
    app: "docs",
    host: "docs.apps.example.io",
    options: { replicas: 1, port: 8080, probe: null, created: "-50m" },
  });
  const way = c.way("docs");
  const pods = bound === "[::]" ? {} : Object.fromEntries(way.servers.map((s) => [s, refusing]));
  const r = await record({ ...way, pods, requests: [get("/", { times: 5, everyMs: 200 })] });
  c.gatewayLog(r.atEach("-48m", "-31m", "-12m", "-2m"));
  c.appLog(c.pod("docs"), [
    `[2026-11-18T09:40:02.118Z] INFO  Server listening on http://${bound}:8080`,
    "[2026-11-18T09:40:02.121Z] INFO  serving 214 files",
  ]);
  return c.evidence();
}

/** A development server in a container; HOST decides where it listens. No gateway log. */
function devServer(host: "localhost" | "0.0.0.0"): Evidence {
  const isLocal = host === "localhost";
  const c = shop("home", {
    app: "dashboard",
    host: "home.example.net",
    options: { kind: "StatefulSet", replicas: 1, port: 5173, probe: tcpProbe(5173), created: "-3h" },
  });
  const p = c.pod("dashboard");
  if (isLocal) {
    p.notReady({ since: "-3h" });
    p.probeFails("Readiness", `dial tcp ${p.ip}:5173: connect: connection refused`, {
      first: "-59m",
      last: "-4s",
      count: 1074,
    });
  }
  const network = isLocal ? "use --host to expose" : `http://${p.ip}:5173/`;
  c.appLog(p, [
    "  VITE v6.2.1  ready in 412 ms",
    "",
    `  ➜  Local:   http://localhost:5173/`,
    `  ➜  Network: ${network}`,
  ]);
  c.unknown("gateway-log", "pods/log is forbidden in namespace ingress-nginx");
  return c.evidence();
}

/** A rollout of an application that needs three seconds until it listens. */
async function rolledOut(hasProbe: boolean, publishesNotReady = false): Promise<Evidence> {
  const c = shop("billing", {
    app: "invoices",
    host: "billing.example.com",
    options: {
      replicas: 2,
      port: 9000,
      probe: hasProbe ? httpProbe("/healthz", "http", { periodSeconds: 1 }) : null,
      preStopSeconds: 10,
      created: "-6d",
      readyAfter: hasProbe ? "5s" : "1s",
    },
  });
  const isAskedEarly = !hasProbe || publishesNotReady;
  if (publishesNotReady) c.service("invoices", { spec: { publishNotReadyAddresses: true } });
  const before = await record({ ...c.way("invoices"), requests: everyday("/api") });
  const { newPods } = c.rollout("invoices", {
    at: "-20m",
    step: isAskedEarly ? "0s" : "8s",
    to: { image: "registry.example.com/billing/invoices:4.0.0" },
  });
  const way = c.way("invoices");
  const slowly = [
    [0, refusing],
    [2600, { state: "serving", answer: { does: "answer", status: 200, bodyBytes: 640, delayMs: 5 } }],
  ] as const;
  const pods = !isAskedEarly ? {} : Object.fromEntries(way.servers.map((s) => [s, slowly]));
  const r = await record({
    ...way,
    pods,
    requests: [get("/api/invoices", { times: 22, everyMs: 200, client: ["203.0.113.9", "198.51.100.24"] })],
  });
  const after = await record({ ...way, requests: everyday("/api") });
  c.gatewayLog([
    ...before.atEach("-45m", "-30m", "-24m"),
    ...r.at(isAskedEarly ? "-1199s" : "-1190s"),
    ...after.atEach("-15m", "-8m", "-1m"),
  ]);
  for (const pod of newPods)
    c.appLog(pod, [
      "2026-11-18 10:10:01,300 INFO  Starting invoices using Java 21 with PID 1",
      "2026-11-18 10:10:03,700 INFO  Tomcat started on port 9000 (http) with context path '/'",
      "2026-11-18 10:10:03,720 INFO  Started invoices in 2.91 seconds (process running for 3.2)",
    ]);
  return c.evidence();
}

/** A server behind an HTTP probe, listening on `address`. */
function behindProbe(address: "127.0.0.1" | "0.0.0.0"): Evidence {
  const c = shop("ml", {
    app: "embedder",
    host: "ml.example.com",
    path: "/embed",
    options: { replicas: 2, port: 8000, created: "-2h" },
  });
  for (const p of c.pods("embedder")) {
    c.appLog(p, [
      "INFO:     Started server process [1]",
      "INFO:     Waiting for application startup.",
      "INFO:     Application startup complete.",
      `INFO:     Uvicorn running on http://${address}:8000 (Press CTRL+C to quit)`,
    ]);
    if (address === "0.0.0.0") continue;
    p.notReady({ since: "-2h" });
    p.probeFails(
      "Readiness",
      `Get "http://${p.ip}:8000/healthz": dial tcp ${p.ip}:8000: connect: connection refused`,
      {
        first: "-58m",
        last: "-6s",
        count: 702,
      },
    );
  }
  if (address === "127.0.0.1")
    c.gatewayLog([noActiveEndpoint("-50m", "ml/embedder"), noActiveEndpoint("-9m", "ml/embedder")]);
  return c.evidence();
}

export const cases: CorpusCase[] = [
  defineCase({
    id: "application-listens-on-ipv6-loopback",
    title:
      "A file server without a probe listens on ::1 only: ready, and refused by everybody outside its pod",
    source: "epinio/epinio#429",
    target: "docs.apps.example.io/",
    build: () => fileServer("[::1]"),
    expect: { status: "explained", causes: ["app-listens-on-loopback"], share: 1 },
  }),
  defineCase({
    id: "application-listens-on-every-address",
    title: "The same file server, listening on every address",
    target: "docs.apps.example.io/",
    twinOf: "application-listens-on-ipv6-loopback",
    differs: "it listens on [::] instead of [::1]",
    build: () => fileServer("[::]"),
    expect: { status: "healthy", causes: [] },
  }),
  defineCase({
    id: "application-dev-server-on-localhost",
    title:
      "A development server is not told to listen outside: never ready; the gateway's log may not be read",
    source: "davealtena/homelab#1355",
    target: "ingress/dashboard",
    namespace: "home",
    build: () => devServer("localhost"),
    expect: {
      status: "explained",
      causes: ["app-listens-on-loopback"],
      acceptable: ["no-endpoints-pods-not-ready"],
    },
  }),
  defineCase({
    id: "application-dev-server-on-every-address",
    title: "The development server listens outside; the gateway's log may not be read",
    target: "ingress/dashboard",
    namespace: "home",
    twinOf: "application-dev-server-on-localhost",
    differs: "it is started with its host set to 0.0.0.0",
    build: () => devServer("0.0.0.0"),
    expect: { status: "undecided", causes: [] },
  }),
  defineCase({
    id: "application-on-loopback-probe-refused",
    title: "Uvicorn with its default host: the probes are refused and no pod is ever ready",
    target: "ml.example.com/embed",
    build: () => behindProbe("127.0.0.1"),
    expect: {
      status: "explained",
      causes: ["app-listens-on-loopback"],
      acceptable: ["no-endpoints-pods-not-ready"],
    },
  }),
  defineCase({
    id: "application-requests-before-it-listens",
    title: "A rollout without a readiness probe: for three seconds the new pods refuse what they are sent",
    target: "billing.example.com/api",
    build: () => rolledOut(false),
    expect: {
      status: "explained",
      causes: ["readiness-probe-missing-or-lenient"],
      acceptable: ["app-not-listening-yet"],
      share: 0.9,
    },
  }),
  defineCase({
    id: "application-waited-for-until-it-listens",
    title: "The same rollout with a readiness probe: the new pods are asked when they listen",
    target: "billing.example.com/api",
    twinOf: "application-requests-before-it-listens",
    differs: "the container has a readiness probe",
    build: () => rolledOut(true),
    expect: { status: "healthy", causes: [] },
  }),
  defineCase({
    id: "application-published-before-it-listens",
    title: "The Service publishes pods that are not ready: the probe keeps no request from new pods",
    target: "billing.example.com/api",
    twinOf: "application-waited-for-until-it-listens",
    differs: "publishNotReadyAddresses is true",
    build: () => rolledOut(true, true),
    expect: { status: "explained", causes: ["app-not-listening-yet"], share: 0.9 },
  }),
];
