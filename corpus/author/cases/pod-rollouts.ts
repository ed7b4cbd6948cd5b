import type { Evidence } from "../../../src/evidence/evidence.ts";
import { type CorpusCase, defineCase, type Expectation } from "../case.ts";
import type { Cluster } from "../cluster/cluster.ts";
import type { AppOptions } from "../cluster/pod-template.ts";
import { shop } from "../cluster/shop.ts";
import { askInVain, serve } from "../in-vain.ts";
import { answers, get, ok } from "../nginx/behaviours.ts";
import { record } from "../nginx/record.ts";
import { everyday } from "../nginx/traffic.ts";

const healthy: Expectation = { status: "healthy", causes: [] };
const gap: Expectation = {
  status: "explained",
  causes: ["rollout-recreate-or-max-unavailable"],
  acceptable: ["no-endpoints-pods-not-ready"],
};

/** A rollout that takes all old pods away first, as Recreate and a large maxUnavailable do. */
function replaceAll(c: Cluster, name: string, when: string, to: AppOptions): void {
  const app = c.find(name);
  const old = c.pods(name);
  const set = app.replicaSetName();
  c.event(app, "ScalingReplicaSet", `Scaled down replica set ${set} from ${old.length} to 0`, {
    first: when,
  });
  for (const p of old) {
    c.event({ kind: "ReplicaSet", name: set }, "SuccessfulDelete", `Deleted pod: ${p.name}`, { first: when });
    p.gone(when);
  }
  const revision = app.revisions.at(-1);
  if (revision !== undefined) revision.replicas = 0;
  c.rollout(name, { at: when, to, pods: old.length, step: "0s" });
}

/** Rollouts and what else replaces pods. */
export const cases: CorpusCase[] = [
  defineCase({
    id: "recreate-seen-in-the-gap",
    title:
      "The bundle was made while a Recreate rollout has stopped the old pod and the new one still starts",
    source: "agentserver/agentserver#107",
    target: "service/agent",
    namespace: "agents",
    async build() {
      const c = shop("agents", { app: "agent", options: { replicas: 1, strategy: "Recreate" } });
      replaceAll(c, "agent", "-16s", { image: "registry.example.com/agents/agent:0.9.4", readyAfter: "30s" });
      c.pod("agent").notReady({ since: "-16s" });
      c.unknown("gateway-log", "not in the bundle");
      return c.evidence();
    },
    expect: gap,
  }),
  defineCase({
    id: "rolling-update-under-way",
    title: "The bundle was made while a rolling update waits for the new pod, and the old one serves",
    target: "service/agent",
    namespace: "agents",
    twinOf: "recreate-seen-in-the-gap",
    differs: "the strategy is RollingUpdate without unavailable pods",
    async build() {
      const c = shop("agents", {
        app: "agent",
        options: { replicas: 1, strategy: { maxSurge: 1, maxUnavailable: 0 } },
      });
      c.rollout("agent", {
        at: "-16s",
        to: { image: "registry.example.com/agents/agent:0.9.4", readyAfter: "30s" },
        old: "kept",
      });
      c.pods("agent").at(-1)?.notReady({ since: "-16s" });
      c.unknown("gateway-log", "not in the bundle");
      return c.evidence();
    },
    expect: { status: "undecided", causes: [] },
  }),
  defineCase({
    id: "recreate-with-one-replica",
    title: "Each deploy stops the only pod first, and for a minute nobody answers",
    source: "Team-Commonly/commonly#654",
    target: "commons.example.org/",
    async build() {
      const options = { replicas: 1, port: 5000, strategy: "Recreate" } as const;
      const c = shop("commons", { app: "backend", host: "commons.example.org", options });
      const before = await record({ ...c.way("backend"), requests: everyday() });
      replaceAll(c, "backend", "-24m", {
        image: "registry.example.com/commons/backend:2026.11.18",
        readyAfter: "74s",
      });
      const [p] = c.pods("backend");
      p?.notReady({ since: "-24m" });
      await askInVain(c, "backend", "-23m50s", "-23m20s", "-22m55s");
      if (p !== undefined) p.container().ready = true;
      p?.setCondition("Ready", "True", "-22m44s").setCondition("ContainersReady", "True", "-22m44s");
      const after = await record({ ...c.way("backend"), requests: everyday() });
      c.gatewayLog([...before.atEach("-41m", "-29m"), ...after.atEach("-20m", "-8m")]);
      return c.evidence();
    },
    expect: { ...gap, share: 1 },
  }),
  defineCase({
    id: "surge-with-one-replica",
    title: "Each deploy starts the new pod first and stops the only old one when it is ready",
    target: "commons.example.org/",
    twinOf: "recreate-with-one-replica",
    differs: "the strategy is RollingUpdate without unavailable pods",
    async build() {
      const c = shop("commons", {
        app: "backend",
        host: "commons.example.org",
        options: {
          replicas: 1,
          port: 5000,
          preStopSeconds: 10,
          strategy: { maxSurge: 1, maxUnavailable: 0 },
        },
      });
      const before = await record({ ...c.way("backend"), requests: everyday() });
      const to = { image: "registry.example.com/commons/backend:2026.11.18", readyAfter: "74s" };
      c.rollout("backend", { at: "-24m", to });
      const after = await record({ ...c.way("backend"), requests: everyday() });
      c.gatewayLog([...before.atEach("-41m", "-29m"), ...after.atEach("-20m", "-8m")]);
      return c.evidence();
    },
    expect: healthy,
  }),
  defineCase({
    id: "all-pods-may-be-unavailable",
    title: "maxUnavailable 100 % lets a rollout take all three pods before a new one is ready",
    target: "shop.example.com/",
    async build() {
      const options = { replicas: 3, strategy: { maxSurge: 0, maxUnavailable: "100%" }, preStopSeconds: 5 };
      const c = shop("shop", { options });
      const before = await record({ ...c.way("cart"), requests: everyday() });
      replaceAll(c, "cart", "-33m", {
        image: "registry.example.com/shop/cart:1.9.0",
        readyAfter: "38s",
      });
      const pods = c.pods("cart");
      for (const p of pods) p.notReady({ since: "-33m" });
      await askInVain(c, "cart", "-32m52s", "-32m30s");
      for (const p of pods) {
        p.container().ready = true;
        p.setCondition("Ready", "True", "-32m20s").setCondition("ContainersReady", "True", "-32m20s");
      }
      const after = await record({ ...c.way("cart"), requests: everyday() });
      c.gatewayLog([...before.atEach("-50m", "-40m"), ...after.atEach("-30m", "-8m")]);
      return c.evidence();
    },
    expect: { ...gap, share: 1 },
  }),
  defineCase({
    id: "new-revision-answers-503",
    title: "Of a half-finished rollout the new pods answer 503 to everything, the old ones serve",
    target: "tickets.example.com/",
    build: () => halfRolled(false),
    expect: {
      status: "explained",
      causes: ["rollout-bad-revision"],
      acceptable: ["app-emitted-5xx"],
      share: 1,
    },
  }),
  defineCase({
    id: "both-revisions-answer-503",
    title: "Of a half-finished rollout new and old pods answer 503 alike",
    target: "tickets.example.com/",
    twinOf: "new-revision-answers-503",
    differs: "the old pods answer 503 as well",
    build: () => halfRolled(true),
    expect: { status: "explained", causes: ["app-emitted-5xx"], share: 1 },
  }),
  defineCase({
    id: "node-scale-down-took-the-only-pod",
    title:
      "The cluster autoscaler drained the node of the only pod; until the replacement was ready nobody answered",
    source: "components-web-app/components-web-app#78",
    target: "api.example.net/",
    build: () => scaledAwayNode(1),
    expect: { status: "explained", causes: ["no-endpoints-pods-not-ready"], share: 1 },
  }),
  defineCase({
    id: "node-scale-down-took-one-of-two",
    title: "The cluster autoscaler drained the node of one of two pods; the other served",
    target: "api.example.net/",
    twinOf: "node-scale-down-took-the-only-pod",
    differs: "a second pod ran on another node",
    build: () => scaledAwayNode(2),
    expect: healthy,
  }),
];

async function halfRolled(isOldBroken: boolean): Promise<Evidence> {
  const c = shop("tickets", { app: "tickets", host: "tickets.example.com", options: { replicas: 4 } });
  const before = await record({ ...c.way("tickets"), requests: everyday() });
  const { oldPods, newPods } = c.rollout("tickets", {
    at: "-12m",
    to: { image: "registry.example.com/tickets/tickets:6.0.0" },
    old: "kept",
    keep: 3,
    pods: 1,
  });
  const old = oldPods.slice(0, 3);
  const broken = isOldBroken ? [...old, ...newPods] : newPods;
  const r = await record({
    ...c.way("tickets"),
    pods: Object.fromEntries(
      [...old, ...newPods].map((p) => [p.address, broken.includes(p) ? answers(503) : ok()]),
    ),
    requests: [get("/events/2026", { times: 32, everyMs: 60 })],
  });
  c.gatewayLog([...before.atEach("-40m", "-25m"), ...r.atEach("-11m50s", "-8m", "-3m")]);
  return c.evidence();
}

async function scaledAwayNode(replicas: 1 | 2): Promise<Evidence> {
  const options = { replicas, nodes: ["worker-3", "worker-2"], preStopSeconds: 5 };
  const c = shop("api", { app: "php-api", host: "api.example.net", options });
  const before = await record({ ...c.way("php-api"), requests: everyday() });
  const api = c.find("php-api");
  const old = c.pod("php-api");
  old.event("ScaleDown", "deleting pod for node scale down", {
    first: "-36m",
    component: "cluster-autoscaler",
  });
  old.gone("-36m");
  api.options = { ...api.options, nodes: ["worker-1"], readyAfter: "47s" };
  const [next] = api.scaleUp(1, "-36m");
  c.store.objects.events = c.store.objects.events.filter(
    (e) => e.reason !== "ScalingReplicaSet" || e.involvedObject?.name !== "php-api",
  );
  const revision = api.revisions.at(-1);
  if (revision !== undefined) revision.replicas = replicas;
  api.options = { ...api.options, replicas };
  next?.notReady({ since: "-36m" });
  if (replicas === 1) await askInVain(c, "php-api", "-35m50s", "-35m25s");
  else await serve(c, "php-api", "-35m50s", "-35m25s");
  if (next !== undefined) next.container().ready = true;
  next?.setCondition("Ready", "True", "-35m11s").setCondition("ContainersReady", "True", "-35m11s");
  const after = await record({ ...c.way("php-api"), requests: everyday() });
  c.gatewayLog([...before.atEach("-55m", "-44m"), ...after.atEach("-30m", "-10m")]);
  return c.evidence();
}
