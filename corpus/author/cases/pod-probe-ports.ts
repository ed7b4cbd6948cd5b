import type { Evidence } from "../../../src/evidence/evidence.ts";
import { type CorpusCase, defineCase, type Expectation } from "../case.ts";
import { httpProbe, tcpProbe } from "../cluster/probes.ts";
import { shop } from "../cluster/shop.ts";
import { serve } from "../in-vain.ts";
import { get, hang, ok, refusing } from "../nginx/behaviours.ts";
import { record } from "../nginx/record.ts";
import { everyday } from "../nginx/traffic.ts";
import { at } from "../time.ts";

const wrongProbe: Expectation = {
  status: "explained",
  causes: ["probe-wrong-port-or-protocol"],
  acceptable: [
    "no-endpoints-pods-not-ready",
    "rollout-bad-revision",
    "rollout-recreate-or-max-unavailable",
    "liveness-probe-restart-loop",
    "crash-loop-backoff",
  ],
  share: 1,
};
const healthy: Expectation = { status: "healthy", causes: [] };

/** Probes of another port than the one that serves. */
export const cases: CorpusCase[] = [
  defineCase({
    id: "liveness-asks-unused-port",
    title: "Liveness asks 8081 where nothing listens, so a healthy process is killed every half minute",
    target: "shop.example.com/",
    build: () => livenessAt(8081),
    expect: wrongProbe,
  }),
  defineCase({
    id: "liveness-asks-served-port",
    title: "Liveness asks the port that the process listens on",
    target: "shop.example.com/",
    twinOf: "liveness-asks-unused-port",
    differs: "the liveness probe asks 8080",
    build: () => livenessAt(8080),
    expect: healthy,
  }),
  defineCase({
    id: "management-port-lives-on",
    title:
      "Requests go to 8080, which hangs since an hour's half; readiness asks the management port and is content",
    target: "orders.example.com/",
    build: () => managementPort(true),
    expect: {
      status: "explained",
      causes: ["probe-port-differs-from-service-port"],
      acceptable: ["worker-pool-exhausted", "app-worker-crash"],
      share: 0.9,
    },
  }),
  defineCase({
    id: "management-port-and-serving-port-live",
    title: "Requests go to 8080, readiness asks the management port, and both work",
    target: "orders.example.com/",
    twinOf: "management-port-lives-on",
    differs: "the serving port answers",
    build: () => managementPort(false),
    expect: healthy,
  }),
];

async function livenessAt(port: number): Promise<Evidence> {
  const liveness = httpProbe("/livez", port, { failureThreshold: 2 });
  const c = shop("shop", { options: { replicas: 2, created: "-2h", liveness } });
  const way = c.way("cart");
  for (const p of c.pods("cart")) c.appLog(p, ["2026-11-18T10:25:01Z INFO listening on 0.0.0.0:8080"]);
  if (port === 8080) {
    await serve(c, "cart", "-21m", "-9m", "-3m");
    return c.evidence();
  }
  const [one, two] = [c.pod("cart", 0), c.pod("cart", 1)];
  for (const [p, when] of [
    [one, "-4m"],
    [two, "-3m"],
  ] as const) {
    p.restart({ exitCode: 143, reason: "Error", at: when, count: 31, startedAfter: "2s", readyAfter: "8s" });
    p.probeFails(
      "Liveness",
      `Get "http://${p.ip}:8081/livez": dial tcp ${p.ip}:8081: connect: connection refused`,
      {
        first: "-58m",
        last: at(when, "-1s"),
        count: 62,
      },
    );
    p.event("Killing", "Container cart failed liveness probe, will be restarted", {
      first: "-58m",
      last: when,
      count: 31,
      fieldPath: "spec.containers{cart}",
    });
  }
  const r = await record({
    ...way,
    pods: {
      [one.address]: [
        [0, ok()],
        [400, refusing],
      ],
      [two.address]: refusing,
    },
    requests: everyday(),
  });
  c.gatewayLog(r.atEach("-4m"));
  const other = await record({
    ...way,
    pods: { [one.address]: refusing, [two.address]: refusing },
    requests: [get("/items", { times: 12, everyMs: 90 })],
  });
  c.gatewayLog(other.at("-2m57s"));
  return c.evidence();
}

async function managementPort(isStuck: boolean): Promise<Evidence> {
  const options = {
    replicas: 2,
    probe: httpProbe("/actuator/health/readiness", 9090, { periodSeconds: 5 }),
    liveness: tcpProbe(9090),
    spec: (_: unknown, main: { ports?: { name?: string; containerPort: number }[] }) => {
      main.ports = [...(main.ports ?? []), { name: "management", containerPort: 9090 }];
    },
  };
  const c = shop("orders", { app: "orders", host: "orders.example.com", options });
  c.ingress("orders", {
    host: "orders.example.com",
    paths: { "/": "orders" },
    annotations: { "nginx.ingress.kubernetes.io/proxy-read-timeout": "1" },
  });
  const way = c.way("orders");
  const before = await record({ ...way, requests: everyday() });
  c.gatewayLog(before.atEach("-52m", "-38m"));
  if (!isStuck) {
    c.gatewayLog(before.atEach("-20m", "-6m"));
    return c.evidence();
  }
  const pods = Object.fromEntries(way.servers.map((s) => [s, hang]));
  const then = await record({
    ...way,
    pods,
    settings: { readTimeoutS: 1 },
    requests: [get("/items", { times: 14, everyMs: 120 })],
  });
  c.gatewayLog(then.atEach("-29m", "-20m", "-6m"));
  return c.evidence();
}
