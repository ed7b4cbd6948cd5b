import type { Evidence } from "../../../src/evidence/evidence.ts";
import { type CorpusCase, defineCase } from "../case.ts";
import { shop } from "../cluster/shop.ts";
import { serviceNotFound } from "../lines.ts";
import { get, refusing } from "../nginx/behaviours.ts";
import { record } from "../nginx/record.ts";
import { everyday } from "../nginx/traffic.ts";

/** An Ingress that asks for `port` of a Service that has 8080 (http) and sends to the container's 3000. */
async function askingForPort(port: number | string): Promise<Evidence> {
  const c = shop("platform", { app: "dashboard", host: "console.example.io", options: { port: 3000 } });
  c.service("dashboard", { port: 8080, targetPort: 3000 });
  c.ingress("dashboard", {
    host: "console.example.io",
    paths: { "/": { service: "dashboard", port } },
    created: "-35m",
  });
  const servers = port === 80 ? [] : c.way("dashboard", 8080).servers;
  const way = { upstreamName: `platform-dashboard-${port}`, host: "console.example.io", servers };
  const r = await record({ ...way, requests: everyday() });
  c.gatewayLog(r.atEach("-34m", "-18m", "-6m"));
  return c.evidence();
}

/** An Ingress that names Service `wanted`; the Service is called web-frontend. */
async function naming(wanted: string, hasLog = true): Promise<Evidence> {
  const c = shop("store", { app: "web-frontend", host: "store.example.com" });
  c.ingress("store", {
    host: "store.example.com",
    paths: { "/": { service: wanted, port: 80 } },
    created: "-3h",
  });
  c.remove("ingresses", "web-frontend");
  const servers = wanted === "web-frontend" ? c.way("web-frontend").servers : [];
  const way = { upstreamName: `store-${wanted}-80`, host: "store.example.com", servers };
  const r = await record({ ...way, requests: everyday() });
  c.gatewayLog(r.atEach("-44m", "-23m", "-9m"));
  if (wanted !== "web-frontend")
    c.gatewayLog(["-50m", "-28m", "-6m"].map((when) => serviceNotFound(when, `store/${wanted}`)));
  if (!hasLog) c.unknown("gateway-log", "pods/log is forbidden in namespace ingress-nginx");
  return c.evidence();
}

/** Service port 80 sends to `targetPort`; the container declares 3036, its image has no shell and logs nothing. */
async function edgeSendingTo(targetPort: number): Promise<Evidence> {
  const c = shop("flags", {
    app: "edge",
    host: "flags.example.com",
    options: { port: 3036, probe: null, replicas: 1 },
  });
  c.service("edge", { targetPort });
  const way = c.way("edge");
  const pods = targetPort === 3036 ? {} : Object.fromEntries(way.servers.map((s) => [s, refusing]));
  const requests = [
    get("/api/client/features", { times: 20, everyMs: 100, userAgent: "unleash-client-node" }),
  ];
  const r = await record({ ...way, pods, requests });
  c.gatewayLog(r.atEach("-40m", "-20m", "-1m"));
  return c.evidence();
}

/** Service gateway-server, port 14523 to 8888, and two applications: which one its selector takes. */
async function selecting(app: "gateway-server" | "discovery-server"): Promise<Evidence> {
  const c = shop("dop", {
    app: "gateway-server",
    host: "api.example.dev",
    servicePort: 14523,
    options: { port: 8888, probe: null, replicas: 1 },
  });
  c.app("discovery-server", { port: 8761, probe: null, replicas: 1 });
  c.service("discovery-server", { port: 8761 });
  c.service("gateway-server", { port: 14523, targetPort: 8888, selector: { app } });
  const way = c.way("gateway-server");
  const pods = app === "gateway-server" ? {} : Object.fromEntries(way.servers.map((s) => [s, refusing]));
  const r = await record({ ...way, pods, requests: everyday("/api") });
  c.gatewayLog(r.atEach("-36m", "-15m"));
  return c.evidence();
}

/** The Service's port was renamed from web to http; the Ingress names it `written`. */
async function portRenamed(written: "web" | "http"): Promise<Evidence> {
  const c = shop("shop", { app: "catalog" });
  c.ingress("catalog", { paths: { "/": { service: "catalog", port: written } } });
  c.editedAt("services", "catalog", "-20m");
  const { servers } = c.way("catalog");
  const before = { upstreamName: "shop-catalog-web", servers };
  const gap = { upstreamName: "shop-catalog-web", servers: [] };
  const ok = await record({ ...before, requests: everyday() });
  c.gatewayLog(ok.atEach("-50m", "-32m"));
  const none = await record({ ...gap, requests: everyday() });
  if (written === "web") c.gatewayLog(none.atEach("-20m", "-12m", "-2m"));
  else {
    c.gatewayLog(none.at("-20m"));
    c.editedAt("ingresses", "catalog", "-19m");
    const after = await record({ upstreamName: "shop-catalog-http", servers, requests: everyday() });
    c.gatewayLog(after.atEach("-18m", "-12m", "-2m"));
  }
  return c.evidence();
}

export const cases: CorpusCase[] = [
  defineCase({
    id: "service-route-asks-for-port-80",
    title: "The route asks for port 80, the Service has only 8080",
    source: "cozystack/cozystack#3235",
    target: "console.example.io/",
    build: () => askingForPort(80),
    expect: { status: "explained", causes: ["ingress-port-not-in-service"], share: 1 },
  }),
  defineCase({
    id: "service-route-asks-for-port-by-name",
    title: "The route asks for the Service's port by its name",
    target: "console.example.io/",
    twinOf: "service-route-asks-for-port-80",
    differs: "the Ingress names the port http instead of 80",
    build: () => askingForPort("http"),
    expect: { status: "healthy", causes: [] },
  }),
  defineCase({
    id: "service-route-asks-for-container-port",
    title: "The route asks for the container's port; ingress-nginx takes a targetPort for a port",
    source: "vdupain/gitops-k8s#58",
    target: "console.example.io/",
    build: () => askingForPort(3000),
    expect: { status: "healthy", causes: [] },
  }),
  defineCase({
    id: "service-port-renamed-route-keeps-old-name",
    title: "The Service's port was renamed and the Ingress still asks for the old name",
    source: "kubernetes/ingress-nginx#7390",
    target: "shop.example.com/",
    build: () => portRenamed("web"),
    expect: { status: "explained", causes: ["ingress-port-not-in-service"], share: 1 },
  }),
  defineCase({
    id: "service-port-renamed-route-followed",
    title:
      "The Service's port was renamed, the Ingress followed a minute later: 503 in between, all well since",
    source: "kubernetes/ingress-nginx#7390",
    target: "shop.example.com/",
    twinOf: "service-port-renamed-route-keeps-old-name",
    differs: "the Ingress asks for the new name",
    build: () => portRenamed("http"),
    expect: { status: "healthy", causes: [] },
  }),
  defineCase({
    id: "service-named-otherwise",
    title: "The Ingress names a Service that is called otherwise",
    source: "kubernetes-sigs/aws-load-balancer-controller#2807",
    target: "store.example.com/",
    build: () => naming("web-fronted"),
    expect: { status: "explained", causes: ["service-missing"], share: 1 },
  }),
  defineCase({
    id: "service-named-rightly",
    title: "The same Ingress, with the Service's name",
    target: "store.example.com/",
    twinOf: "service-named-otherwise",
    differs: "the Ingress names the Service that exists",
    build: () => naming("web-frontend"),
    expect: { status: "healthy", causes: [] },
  }),
  defineCase({
    id: "service-gone-no-gateway-log",
    title: "The Ingress names a Service that was never there; the gateway's log may not be read",
    target: "ingress/store",
    namespace: "store",
    build: () => naming("checkout", false),
    expect: { status: "explained", causes: ["service-missing"] },
  }),
  defineCase({
    id: "service-target-port-80-container-on-3036",
    title:
      "The chart's Service sends to 80, the container is on 3036, and its image has no shell to look with",
    source: "Unleash/helm-charts#106",
    target: "flags.example.com/api",
    build: () => edgeSendingTo(80),
    expect: { status: "explained", causes: ["wrong-target-port-number"], share: 1 },
  }),
  defineCase({
    id: "service-target-port-as-container",
    title: "The chart's Service sends to 3036, as the container declares",
    target: "flags.example.com/api",
    twinOf: "service-target-port-80-container-on-3036",
    differs: "targetPort is 3036 instead of 80",
    build: () => edgeSendingTo(3036),
    expect: { status: "healthy", causes: [] },
  }),
  defineCase({
    id: "service-selects-another-application",
    title: "The Service's selector names another application, which does not listen on its port",
    source: "kubernetes/ingress-nginx#3610",
    target: "api.example.dev/api",
    build: () => selecting("discovery-server"),
    expect: { status: "explained", causes: ["wrong-target-port-number"], share: 1 },
  }),
  defineCase({
    id: "service-selects-its-own-application",
    title: "The same Services, and the selector names the application that listens on the port",
    target: "api.example.dev/api",
    twinOf: "service-selects-another-application",
    differs: "the selector is app=gateway-server",
    build: () => selecting("gateway-server"),
    expect: { status: "healthy", causes: [] },
  }),
];
