import type { Evidence } from "../../../src/evidence/evidence.ts";
import { type CorpusCase, defineCase, type Expectation } from "../case.ts";
import type { PodHandle } from "../cluster/pod-handle.ts";
import { grpcProbe, httpProbe, tcpProbe } from "../cluster/probes.ts";
import { shop } from "../cluster/shop.ts";
import { askInVain, serve } from "../in-vain.ts";
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

/** Never ready since its creation, for one probe that fails all the time. */
function neverReady(p: PodHandle, output: string, count: number): void {
  const since = p.pod.metadata?.creationTimestamp ?? "-20m";
  p.notReady({ since });
  p.probeFails("Readiness", output, { first: at(since, "12s"), last: "-6s", count });
}

/** Probes that ask the wrong thing, and twins in which the application is wrong or nothing is. */
export const cases: CorpusCase[] = [
  defineCase({
    id: "readiness-http-asked-of-grpc",
    title: "A gRPC server is asked for readiness with httpGet and is never ready",
    target: "service/quotes",
    namespace: "trade",
    async build() {
      const options = { port: 50051, portName: "grpc", created: "-29m", replicas: 2 };
      const c = shop("trade", { app: "quotes", servicePort: 50051, options });
      c.service("quotes", { targetPort: "grpc" });
      for (const p of c.pods("quotes")) {
        neverReady(
          p,
          `Get "http://${p.address}/healthz": net/http: HTTP/1.x transport connection broken: malformed HTTP response "\\x00\\x00\\x06\\x04\\x00\\x00\\x00\\x00\\x00\\x00\\x05\\x00\\x00@\\x00"`,
          172,
        );
        c.appLog(p, ['{"level":"info","msg":"gRPC server listening","addr":":50051"}']);
      }
      c.unknown("gateway-log", "not in the bundle");
      return c.evidence();
    },
    expect: {
      status: "explained",
      causes: ["probe-wrong-port-or-protocol"],
      acceptable: ["no-endpoints-pods-not-ready"],
    },
  }),
  defineCase({
    id: "readiness-grpc-asked-of-grpc",
    title: "A gRPC server is asked for readiness with grpc and is ready",
    target: "service/quotes",
    namespace: "trade",
    twinOf: "readiness-http-asked-of-grpc",
    differs: "the readiness probe is of type grpc",
    async build() {
      const options = {
        port: 50051,
        portName: "grpc",
        created: "-29m",
        replicas: 2,
        probe: grpcProbe(50051),
      };
      const c = shop("trade", { app: "quotes", servicePort: 50051, options });
      c.service("quotes", { targetPort: "grpc" });
      for (const p of c.pods("quotes"))
        c.appLog(p, ['{"level":"info","msg":"gRPC server listening","addr":":50051"}']);
      c.unknown("gateway-log", "not in the bundle");
      return c.evidence();
    },
    expect: { status: "undecided", causes: [] },
  }),
  defineCase({
    id: "readiness-refused-by-host-check",
    title: "The framework allows one host name; the kubelet asks by IP and gets 400",
    source: "DefectDojo/django-DefectDojo#4190",
    target: "defects.example.org/",
    async build() {
      const options = {
        replicas: 2,
        port: 8081,
        created: "-41m",
        env: { DD_ALLOWED_HOSTS: "defects.example.org" },
        probe: httpProbe("/login?force_login_form&next=/", 8081),
      };
      const c = shop("defectdojo", { app: "dojo-django", host: "defects.example.org", options });
      for (const p of c.pods("dojo-django")) neverReady(p, "HTTP probe failed with statuscode: 400", 241);
      await askInVain(c, "dojo-django", "-35m", "-18m", "-2m");
      return c.evidence();
    },
    expect: wrongProbe,
  }),
  defineCase({
    id: "readiness-with-allowed-host",
    title: "The framework allows one host name, and the probe sends it",
    target: "defects.example.org/",
    twinOf: "readiness-refused-by-host-check",
    differs: "the probe sends the allowed Host header",
    async build() {
      const probe = httpProbe("/login?force_login_form&next=/", 8081);
      const httpHeaders = [{ name: "Host", value: "defects.example.org" }];
      const options = {
        replicas: 2,
        port: 8081,
        created: "-41m",
        env: { DD_ALLOWED_HOSTS: "defects.example.org" },
        probe: { ...probe, httpGet: { ...probe.httpGet, port: 8081, httpHeaders } },
      };
      const c = shop("defectdojo", { app: "dojo-django", host: "defects.example.org", options });
      await serve(c, "dojo-django", "-35m", "-18m", "-2m");
      return c.evidence();
    },
    expect: healthy,
  }),
  defineCase({
    id: "upgrade-brought-host-check",
    title: "The new version checks host names, and since the Recreate upgrade every probe gets 400",
    source: "paperless-ngx/paperless-ngx#3214",
    target: "paper.example.net/",
    async build() {
      const image = "ghcr.example.com/paperless/paperless:1.13.0";
      const c = shop("paperless", {
        app: "paperless",
        host: "paper.example.net",
        options: { replicas: 1, port: 8000, image, strategy: "Recreate" },
      });
      const { newPods } = c.rollout("paperless", {
        at: "-26m",
        to: { image: "ghcr.example.com/paperless/paperless:1.14.0" },
      });
      for (const p of newPods) neverReady(p, "HTTP probe failed with statuscode: 400", 154);
      await askInVain(c, "paperless", "-22m", "-7m");
      return c.evidence();
    },
    expect: wrongProbe,
  }),
  defineCase({
    id: "upgrade-cannot-start",
    title: "Since the Recreate upgrade every probe gets 500: the new version itself does not work",
    target: "paper.example.net/",
    twinOf: "upgrade-brought-host-check",
    differs: "the probe is answered with 500 instead of 400",
    async build() {
      const image = "ghcr.example.com/paperless/paperless:1.13.0";
      const c = shop("paperless", {
        app: "paperless",
        host: "paper.example.net",
        options: { replicas: 1, port: 8000, image, strategy: "Recreate" },
      });
      const { newPods } = c.rollout("paperless", {
        at: "-26m",
        to: { image: "ghcr.example.com/paperless/paperless:1.14.0" },
      });
      for (const p of newPods) neverReady(p, "HTTP probe failed with statuscode: 500", 154);
      await askInVain(c, "paperless", "-22m", "-7m");
      return c.evidence();
    },
    expect: {
      status: "explained",
      causes: ["rollout-bad-revision"],
      acceptable: ["no-endpoints-pods-not-ready", "rollout-recreate-or-max-unavailable"],
      share: 1,
    },
  }),
  defineCase({
    id: "host-check-of-a-map-service",
    title: "A DaemonSet's pods answer probes with 400 for the Host header; events are all there is",
    source: "GiganticMinecraft/seichi_infra#4619",
    target: "ingress/maps",
    namespace: "games",
    async build() {
      const options = { kind: "DaemonSet", replicas: 3, port: 8123, created: "-50m" } as const;
      const c = shop("games", { app: "maps", host: "maps.example.com", options });
      for (const p of c.pods("maps")) neverReady(p, "HTTP probe failed with statuscode: 400", 295);
      c.unknown("gateway-log", "forbidden: cannot read pods/log in ingress-nginx");
      c.unknown("app-log", "forbidden: cannot read pods/log in games");
      return c.evidence();
    },
    expect: {
      status: "explained",
      causes: ["probe-wrong-port-or-protocol"],
      acceptable: ["no-endpoints-pods-not-ready"],
    },
  }),
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
