import { type CorpusCase, defineCase, type Expectation } from "../case.ts";
import type { Cluster } from "../cluster/cluster.ts";
import { controllerName, gatewayNamespace } from "../cluster/gateway.ts";
import { shop } from "../cluster/shop.ts";
import type { Line } from "../lines.ts";
import { get, post } from "../nginx/behaviours.ts";
import { type Recording, record } from "../nginx/record.ts";

const healthy: Expectation = { status: "healthy", causes: [] };

/** The route is asked in every minute of these. */
const everyMinute = (r: Recording, from: number, to: number): Line[] =>
  Array.from({ length: from - to + 1 }, (_, i) => r.at(`-${from - i}m`)).flat();

const used = (c: Cluster, app: string): Promise<Recording> =>
  record({ ...c.way(app), requests: [get("/", { times: 6, everyMs: 150 }), post("/save", { times: 2 })] });

/** The gateway's Deployment with so many pods, made anew. */
function gatewayOf(c: Cluster, replicas: number): void {
  const { options } = c.find(controllerName, gatewayNamespace);
  c.addApp(gatewayNamespace, controllerName, { ...options, replicas });
}

const ends: CorpusCase[] = [
  defineCase({
    id: "only-gateway-pod-restarts",
    title: "The only gateway pod is killed by its liveness probe; for three minutes nobody is served",
    target: "shop.example.com/",
    async build() {
      const c = shop("shop", { options: { replicas: 2 } });
      gatewayOf(c, 1);
      const r = await used(c, "cart");
      c.gatewayLog([...everyMinute(r, 28, 12), ...everyMinute(r, 7, 1)]);
      c.gatewayPods()[0]
        ?.killedByProbe("liveness", "-11m")
        .restart({ exitCode: 137, reason: "Error", at: "-11m", startedAfter: "200s", readyAfter: "20s" });
      return c.evidence();
    },
    expect: { status: "explained", causes: ["ingress-controller-restart"] },
  }),
  defineCase({
    id: "one-of-two-gateway-pods-restarts",
    title: "One of two gateway pods restarts and the other serves everything",
    target: "shop.example.com/",
    twinOf: "only-gateway-pod-restarts",
    differs: "a second gateway pod serves without a gap",
    async build() {
      const c = shop("shop", { options: { replicas: 2 } });
      const r = await used(c, "cart");
      c.gatewayLog(everyMinute(r, 28, 1), 1);
      c.gatewayPods()[0]
        ?.killedByProbe("liveness", "-11m")
        .restart({ exitCode: 137, reason: "Error", at: "-11m", startedAfter: "200s", readyAfter: "20s" });
      return c.evidence();
    },
    expect: healthy,
  }),
  defineCase({
    id: "gateway-killed-for-memory-by-new-limit",
    title: "A LimitRange gave the gateway a memory limit, and its pods are OOMKilled now and then",
    source: "dfds/postmortems PM2022-006",
    target: "shop.example.com/",
    async build() {
      const c = await gatewayWithLimit(["-14m", "-6m"]);
      return c.evidence();
    },
    expect: {
      status: "explained",
      causes: ["ingress-controller-oom-or-cpu"],
      acceptable: ["ingress-controller-restart"],
    },
  }),
  defineCase({
    id: "gateway-killed-for-memory-days-ago",
    title: "The gateway's pods were OOMKilled last week and have been well since",
    target: "shop.example.com/",
    twinOf: "gateway-killed-for-memory-by-new-limit",
    differs: "the kills are six days old",
    async build() {
      const c = await gatewayWithLimit(["-6d", "-6d"]);
      return c.evidence();
    },
    expect: healthy,
  }),
];

async function gatewayWithLimit(kills: readonly string[]): Promise<Cluster> {
  const c = shop("shop", { options: { replicas: 2 } });
  c.add("limitranges", {
    metadata: {
      name: "default-limits",
      namespace: gatewayNamespace,
      creationTimestamp: "2026-11-10T09:00:00Z",
    },
    spec: { limits: [{ type: "Container", default: { memory: "128Mi" } }] },
  });
  c.gatewayPods().forEach((p, i) => {
    p.edit((pod) => {
      for (const container of pod.spec?.containers ?? [])
        container.resources = { ...container.resources, limits: { memory: "128Mi" } };
    });
    p.restart({ exitCode: 137, reason: "OOMKilled", at: kills[i] ?? "-6m", count: 3, readyAfter: "15s" });
  });
  const r = await used(c, "cart");
  c.gatewayLog(everyMinute(r, 24, 1));
  c.gatewayLog(everyMinute(r, 24, 1), 1);
  return c;
}

/** Gateway pods on worker-1 and worker-2 behind externalTrafficPolicy Local; the nodes named are cordoned. */
function localTraffic(...cordoned: string[]): Cluster {
  const c = shop("hub", { app: "binder", host: "binder.example.org", options: { nodes: ["worker-3"] } });
  c.edit("services", `${gatewayNamespace}/${controllerName}`, (s) => {
    s.spec = { ...s.spec, externalTrafficPolicy: "Local", healthCheckNodePort: 31999 };
  });
  for (const name of cordoned)
    c.edit("nodes", name, (node) => {
      node.spec = {
        ...node.spec,
        unschedulable: true,
        taints: [{ key: "node.kubernetes.io/unschedulable", effect: "NoSchedule" }],
      };
    });
  return c;
}

const ways: CorpusCase[] = [
  defineCase({
    id: "gateway-nodes-all-cordoned",
    title: "Every node with a gateway pod is cordoned; the load balancer has nobody left to send to",
    source: "jupyterhub/mybinder.org-deploy 2019-04-03-ingress-cordoned",
    target: "binder.example.org/",
    build() {
      return localTraffic("worker-1", "worker-2").evidence();
    },
    expect: { status: "explained", causes: ["external-traffic-policy-local-no-endpoint"] },
  }),
  defineCase({
    id: "gateway-nodes-one-cordoned",
    title: "One of two nodes with a gateway pod is cordoned; the other takes all requests",
    target: "binder.example.org/",
    twinOf: "gateway-nodes-all-cordoned",
    differs: "one node with a gateway pod is in use, and requests come",
    async build() {
      const c = localTraffic("worker-1");
      c.gatewayLog(everyMinute(await used(c, "binder"), 20, 1), 1);
      return c.evidence();
    },
    expect: healthy,
  }),
  defineCase({
    id: "ingress-class-misspelt",
    title: "The Ingress names class ngnix, which nobody has; no request of it reaches a pod",
    target: "wiki.example.org/",
    build() {
      const c = shop("team", { app: "wiki", host: "wiki.example.org" });
      c.ingress("wiki", { host: "wiki.example.org", paths: { "/": "wiki" }, className: "ngnix" });
      return c.evidence();
    },
    expect: { status: "explained", causes: ["ingress-class-mismatch"] },
  }),
  defineCase({
    id: "ingress-class-by-default",
    title: "The Ingress names no class and the cluster's default class takes it",
    target: "wiki.example.org/",
    twinOf: "ingress-class-misspelt",
    differs: "no class is named, and nginx is the default class",
    async build() {
      const c = shop("team", { app: "wiki", host: "wiki.example.org" });
      c.ingress("wiki", { host: "wiki.example.org", paths: { "/": "wiki" }, className: null });
      c.edit("ingressclasses", "nginx", (k) => {
        k.metadata = {
          ...k.metadata,
          annotations: { "ingressclass.kubernetes.io/is-default-class": "true" },
        };
      });
      c.gatewayLog(everyMinute(await used(c, "wiki"), 9, 1));
      return c.evidence();
    },
    expect: healthy,
  }),
];

/** Whether a gateway runs where requests arrive, and whether it takes the Ingress. */
export const cases: CorpusCase[] = [...ends, ...ways];
