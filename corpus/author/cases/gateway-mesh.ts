import { type CorpusCase, defineCase, type Expectation } from "../case.ts";
import { shop } from "../cluster/shop.ts";
import { at, every, ordinary, type Seen, withFrontLog } from "../front/front-log.ts";
import { installIstio, istioLog } from "../front/istio.ts";
import { klog, reloaded } from "../lines.ts";
import { closes, get, ok, resets } from "../nginx/behaviours.ts";
import { record } from "../nginx/record.ts";
import { everyday } from "../nginx/traffic.ts";

const unexplained: Expectation = { status: "unexplained", causes: [] };
const host = "quotes.example.com";

/** A route that Istio's ingress gateway serves. */
function meshed() {
  const c = shop("desk", { app: "quotes", host, options: { replicas: 3, port: 8080 } });
  installIstio(c);
  c.ingress("quotes", { host, paths: { "/": "quotes" }, className: "istio" });
  return c;
}

const cluster = "outbound|80||quotes.desk.svc.cluster.local";
const logged = (c: ReturnType<typeof meshed>, seen: readonly Seen[]) =>
  withFrontLog(c.evidence(), "istio-ingressgateway.log", istioLog(host, cluster, seen));

function surge(words: string, elapsedMs: number) {
  const c = meshed();
  const targets = c.pods("quotes").map((p) => p.address);
  const refused = { method: "GET", path: "/stream/eurusd", status: 503, elapsedMs, words };
  return logged(c, [...ordinary(targets, "-58m", 12), ...at(every("-21m", 2, 140), refused)]);
}

const breakers: CorpusCase[] = [
  defineCase({
    id: "mesh-gateway-cap-on-requests-met",
    title: "A DestinationRule allows ten pending requests and a surge brings more",
    target: `${host}/`,
    build: () => surge("UO upstream_reset_before_response_started{overflow}", 0),
    expect: { status: "explained", causes: ["circuit-breaker-overflow"], share: 1 },
  }),
  defineCase({
    id: "mesh-gateway-reset-by-upstream",
    title: "The same requests are sent, and the upstream resets them",
    target: `${host}/`,
    twinOf: "mesh-gateway-cap-on-requests-met",
    differs: "the proxy sent the requests: the flag is UR, not UO",
    build: () => surge("UR upstream_reset_before_response_started{remote_reset}", 4),
    expect: unexplained,
  }),
];

/** A few cut requests, then half a minute in which the gateway finds no healthy host; three times. */
function ejected(areReady: boolean) {
  const c = meshed();
  const pods = c.pods("quotes");
  if (!areReady) for (const p of pods) p.notReady({ since: "-44m" });
  const cut = { method: "POST", path: "/orders", status: 503, elapsedMs: 6 };
  const none = { method: "GET", path: "/items", status: 503, elapsedMs: 0, words: "UH no_healthy_upstream" };
  const bursts = ["-41m", "-27m", "-12m"].flatMap((from) => [
    ...at(every(from, 1, 3), {
      ...cut,
      target: pods[0]?.address ?? "",
      words: "UC upstream_reset_before_response_started{connection_termination}",
    }),
    ...at(every(from, 2, 14), none).map((s) => ({ ...s, atMs: s.atMs + 4000 })),
  ]);
  return logged(c, [...(areReady ? ordinary(pods.map((p) => p.address)) : []), ...bursts]);
}

const ejections: CorpusCase[] = [
  defineCase({
    id: "mesh-gateway-ejects-every-pod",
    title: "Outlier detection takes every pod out after one failure each, while all are ready",
    source: "nginx/kubernetes-ingress#10191",
    target: `${host}/`,
    build: () => ejected(true),
    expect: { status: "partly-explained", causes: ["outlier-ejection-or-passive-health"], share: 0.8 },
  }),
  defineCase({
    id: "mesh-gateway-has-no-ready-pod",
    title: "The same answers, and the pods are not ready",
    target: `${host}/`,
    twinOf: "mesh-gateway-ejects-every-pod",
    differs: "no pod is ready",
    build: () => ejected(false),
    expect: { status: "partly-explained", causes: ["no-endpoints-pods-not-ready"] },
  }),
];

const proxy = {
  name: "istio-proxy",
  image: "docker.io/istio/proxyv2:1.27.3",
  args: ["proxy", "sidecar"],
  ports: [{ name: "http-envoy-prom", containerPort: 15_090, protocol: "TCP" as const }],
};

/** Pods in the mesh behind a gateway that is in it or not; every connection is reset. */
async function strict(isGatewayInjected: boolean) {
  const c = shop("vault", {
    app: "safes",
    host: "safes.example.org",
    options: { replicas: 2, spec: (spec) => void spec.containers.push(proxy) },
  });
  if (isGatewayInjected)
    for (const p of c.gatewayPods()) p.edit((pod) => void pod.spec?.containers.push(proxy));
  const way = c.way("safes");
  const pods = Object.fromEntries(way.servers.map((s) => [s, resets()]));
  const r = await record({ ...way, pods, requests: everyday() });
  c.gatewayLog(r.atEach("-33m", "-18m", "-5m"));
  return c.evidence();
}

const mesh: CorpusCase[] = [
  defineCase({
    id: "mesh-demands-mutual-tls",
    title: "PeerAuthentication became STRICT and the gateway is outside the mesh",
    source: "istio/istio#18176",
    target: "safes.example.org/",
    build: () => strict(false),
    expect: { status: "explained", causes: ["mesh-mtls-strict-plain-ingress"], share: 1 },
  }),
  defineCase({
    id: "mesh-takes-the-gateway-in",
    title: "The same resets, and the gateway has a sidecar of its own",
    target: "safes.example.org/",
    twinOf: "mesh-demands-mutual-tls",
    differs: "the gateway's pods have a sidecar, which speaks mutual TLS",
    build: () => strict(true),
    expect: unexplained,
  }),
];

/** A reload a minute; connections are cut for a moment at each, or between them. */
async function storm(offset: string) {
  const c = shop("news", { app: "feed", host: "feed.example.net", options: { replicas: 2 } });
  const way = c.way("feed");
  const calm = await record({
    ...way,
    pods: Object.fromEntries(way.servers.map((s) => [s, ok()])),
    requests: everyday(),
  });
  const cut = await record({
    ...way,
    pods: Object.fromEntries(way.servers.map((s) => [s, closes(240)])),
    requests: [get("/feed.json", { times: 3, everyMs: 90 })],
  });
  const minutes = Array.from({ length: 20 }, (_, i) => `-${29 - i}m`);
  for (const when of minutes) c.gatewayLog(reloaded(when));
  c.gatewayLog([
    ...calm.atEach("-50m", "-40m", "-28m40s", "-20m40s", "-12m40s", "-4m"),
    ...cut.atEach(...minutes.filter((_, i) => i % 2 === 0).map((m) => m.replace("m", offset))),
    klog("I", "-58m", "main.go:79", "Creating API client"),
  ]);
  return c.evidence();
}

const reloads: CorpusCase[] = [
  defineCase({
    id: "gateway-reloads-every-minute",
    title: "A tool rewrites an Ingress every minute and each reload cuts requests",
    source: "nginx/kubernetes-ingress#10324",
    target: "feed.example.net/",
    build: () => storm("m"),
    expect: { status: "explained", causes: ["config-reload-storm"], share: 1 },
  }),
  defineCase({
    id: "gateway-reloads-and-fails-in-between",
    title: "The same reloads, and requests are cut half a minute away from them",
    target: "feed.example.net/",
    twinOf: "gateway-reloads-every-minute",
    differs: "the cut requests lie between the reloads",
    build: () => storm("m30s"),
    expect: unexplained,
  }),
];

export const cases: CorpusCase[] = [...breakers, ...ejections, ...mesh, ...reloads];
