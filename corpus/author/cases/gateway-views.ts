import { type CorpusCase, defineCase } from "../case.ts";
import type { Cluster } from "../cluster/cluster.ts";
import { controllerName, gatewayNamespace } from "../cluster/gateway.ts";
import { shop } from "../cluster/shop.ts";
import { get, hang, ok, refusing, unreachable, vanished } from "../nginx/behaviours.ts";
import { record } from "../nginx/record.ts";
import type { PodState } from "../nginx/script.ts";
import { everyday } from "../nginx/traffic.ts";

/** A redeployed application and two gateway pods: the first follows, the second does as told. */
async function twoViews(secondFollows: boolean): Promise<Cluster> {
  const c = shop("crm", { app: "contacts", host: "crm.example.com", options: { port: 8000 } });
  const before = c.way("contacts");
  c.rollout("contacts", { at: "-50m", to: { image: "registry.example.com/crm/contacts:3.1.0" } });
  const after = c.way("contacts");
  const good = await record({ ...after, requests: everyday() });
  c.gatewayLog(good.atEach("-45m", "-30m", "-15m", "-2m"));
  const pods = Object.fromEntries(before.servers.map((s) => [s, unreachable]));
  const second = secondFollows
    ? await record({ ...after, requests: everyday() })
    : await record({ ...before, pods, requests: everyday() });
  c.gatewayLog(second.atEach("-45m", "-30m", "-15m", "-2m"), 1);
  return c;
}

/** The only gateway pod is evicted at -12m; a new one is ready some time after, or was ready before. */
async function evictedGateway(newSince: string, readyAfter: string): Promise<Cluster> {
  const c = shop("hub", { app: "lab", host: "hub.example.edu", options: { replicas: 1 } });
  const { options } = c.find(controllerName, gatewayNamespace);
  const gateway = c.addApp(gatewayNamespace, controllerName, { ...options, replicas: 1, readyAfter });
  const [old] = gateway.pods;
  const [next] = gateway.scaleUp(1, newSince);
  old?.evicted(
    "-12m",
    "The node was low on resource: memory. Threshold quantity: 100Mi, available: 62Mi. Container controller was using 1482Mi, request is 90Mi, has larger consumption of memory.",
  );
  c.edit("deployments", `${gatewayNamespace}/${controllerName}`, (d) => {
    if (d.spec !== undefined) d.spec.replicas = 1;
  });
  const r = await record({ ...c.way("lab"), requests: everyday() });
  const index = c.gatewayPods().findIndex((p) => p.name === next?.name);
  c.gatewayLog(r.atEach("-8m", "-7m", "-6m", "-4m", "-3m", "-2m"), index);
  return c;
}

/** All pods are ready, no policy is there; what the log sees of them for some minutes is told. */
async function inTrouble(state: PodState): Promise<Cluster> {
  const prefix = "nginx.ingress.kubernetes.io/proxy-";
  const c = shop("maps", {
    app: "tiles",
    host: "maps.example.com",
    options: { replicas: 3, kind: "StatefulSet", nodes: ["worker-2", "worker-3"] },
  });
  c.ingress("tiles", {
    host: "maps.example.com",
    paths: { "/": "tiles" },
    annotations: { [`${prefix}connect-timeout`]: "1", [`${prefix}read-timeout`]: "2" },
  });
  const way = c.way("tiles");
  const settings = { connectTimeoutS: 1, readTimeoutS: 2 };
  const fine = await record({ ...way, requests: everyday(), settings });
  const pods = Object.fromEntries(way.servers.map((s) => [s, state]));
  const bad = await record({
    ...way,
    pods,
    settings,
    requests: [get("/12/2143/1420.png", { times: 14, everyMs: 60 })],
  });
  c.gatewayLog([...fine.atEach("-48m", "-31m", "-6m"), ...bad.atEach("-22m", "-20m")]);
  return c;
}

/** The Deployment is scaled from three pods to one; requests come in the seconds after the delete calls. */
async function scaledDown(state: PodState): Promise<Cluster> {
  const c = shop("quiz", { app: "answers", host: "quiz.example.com", options: { replicas: 3, port: 5000 } });
  const before = c.way("answers");
  const fine = await record({ ...before, requests: everyday() });
  c.gatewayLog(fine.atEach("-41m", "-28m"));
  const [first, second] = c.pods("answers");
  const leaving = [first, second].flatMap((p) => (p === undefined ? [] : [p]));
  const addresses = leaving.map((p) => p.address);
  const settings = { connectTimeoutS: 1, tries: 1 };
  const pods = Object.fromEntries(before.servers.map((s) => [s, addresses.includes(s) ? state : ok()]));
  const during = await record({ ...before, pods, settings, requests: everyday() });
  c.gatewayLog(during.at("-16m"));
  for (const p of leaving) p.gone("-16m");
  const app = c.find("answers");
  app.options = { ...app.options, replicas: 1 };
  c.event(app, "ScalingReplicaSet", `Scaled down replica set ${app.replicaSetName()} from 3 to 1`, {
    first: "-16m",
  });
  c.gatewayConfig({ "proxy-connect-timeout": "1", "proxy-next-upstream-tries": "1" });
  const later = await record({ ...c.way("answers"), requests: everyday() });
  c.gatewayLog(later.atEach("-14m", "-3m"));
  return c;
}

export const cases: CorpusCase[] = [
  defineCase({
    id: "gateway-one-pod-keeps-old-view",
    title: "After a deploy one of two gateway pods goes on sending to the old pods' addresses for 45 minutes",
    source: "haproxytech/kubernetes-ingress#795",
    target: "crm.example.com/",
    build: async () => (await twoViews(false)).evidence(),
    expect: { status: "explained", causes: ["controller-rbac-or-watch-stale"], share: 1 },
  }),
  defineCase({
    id: "gateway-both-pods-follow",
    title: "After the same deploy both gateway pods send to the new pods",
    target: "crm.example.com/",
    twinOf: "gateway-one-pod-keeps-old-view",
    differs: "the second gateway pod has the new endpoints",
    build: async () => (await twoViews(true)).evidence(),
    expect: { status: "healthy", causes: [] },
  }),
  defineCase({
    id: "gateway-only-pod-evicted",
    title: "The only gateway pod was evicted for memory; the next was ready two minutes later",
    source: "2i2c-org/infrastructure#2322",
    target: "hub.example.edu/",
    build: async () => (await evictedGateway("-12m", "2m")).evidence(),
    expect: { status: "explained", causes: ["ingress-controller-restart"] },
  }),
  defineCase({
    id: "gateway-pod-evicted-another-ready",
    title: "A gateway pod was evicted for memory while another had been ready for an hour",
    target: "hub.example.edu/",
    twinOf: "gateway-only-pod-evicted",
    differs: "the other gateway pod was ready before",
    build: async () => (await evictedGateway("-70m", "12s")).evidence(),
    expect: { status: "healthy", causes: [] },
  }),
  defineCase({
    id: "gateway-connects-unanswered-for-minutes",
    title: "For two minutes no connect to any pod was answered; nothing that was read says why",
    target: "maps.example.com/",
    build: async () => (await inTrouble(vanished)).evidence(),
    expect: { status: "explained", causes: ["proxy-connect-timeout"], share: 1 },
  }),
  defineCase({
    id: "gateway-connects-answered-headers-late",
    title: "For the same minutes pods took connections and sent no answer",
    target: "maps.example.com/",
    twinOf: "gateway-connects-unanswered-for-minutes",
    differs: "connects are answered, the response is not",
    build: async () => (await inTrouble(hang)).evidence(),
    expect: { status: "unexplained", causes: [] },
  }),
  defineCase({
    id: "gateway-sends-to-vanished-pods-for-seconds",
    title: "Two of three pods are gone with their addresses; for two seconds the gateway still sends there",
    source: "kubernetes/ingress-nginx#7330",
    target: "quiz.example.com/",
    build: async () => (await scaledDown(vanished)).evidence(),
    expect: {
      status: "explained",
      causes: ["stale-endpoint-after-pod-deletion"],
      acceptable: ["proxy-connect-timeout"],
      share: 1,
    },
  }),
  defineCase({
    id: "gateway-sends-to-stopped-pods-for-seconds",
    title: "Two of three pods exit at once when told to stop; for two seconds the gateway still sends there",
    source: "kubernetes/ingress-nginx#3639",
    target: "quiz.example.com/",
    twinOf: "gateway-sends-to-vanished-pods-for-seconds",
    differs: "the addresses are still there and refuse",
    build: async () => (await scaledDown(refusing)).evidence(),
    expect: { status: "explained", causes: ["shutdown-no-prestop-race"], share: 1 },
  }),
];
