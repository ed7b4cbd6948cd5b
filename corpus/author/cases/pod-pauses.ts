import type { Evidence } from "../../../src/evidence/evidence.ts";
import { type CorpusCase, defineCase, type Expectation } from "../case.ts";
import { AppHandle } from "../cluster/app.ts";
import type { PodHandle } from "../cluster/pod-handle.ts";
import { tcpProbe } from "../cluster/probes.ts";
import { shop } from "../cluster/shop.ts";
import { closes, get, refusing, vanished } from "../nginx/behaviours.ts";
import { record } from "../nginx/record.ts";
import type { PodScript } from "../nginx/script.ts";
import { everyday } from "../nginx/traffic.ts";
import { at } from "../time.ts";

const healthy: Expectation = { status: "healthy", causes: [] };
const race: Expectation = {
  status: "explained",
  causes: ["shutdown-no-prestop-race"],
  acceptable: ["stale-endpoint-after-pod-deletion", "proxy-connect-timeout"],
  share: 1,
};

const allOf = (pods: readonly PodHandle[], script: PodScript): Record<string, PodScript> =>
  Object.fromEntries(pods.map((p) => [p.address, script]));

/** Pods that pause before they stop, by how long the pause is. */
export const cases: CorpusCase[] = [
  defineCase({
    id: "pause-shorter-than-propagation",
    title: "The pods wait five seconds before they stop, and the gateway learns after ten",
    source: "mattrobinsonsre/terrapod#222",
    target: "tf.example.com/",
    build: () => pausedRollout(5),
    expect: race,
  }),
  defineCase({
    id: "pause-longer-than-propagation",
    title: "The pods wait thirty seconds before they stop, and the gateway learns after ten",
    target: "tf.example.com/",
    twinOf: "pause-shorter-than-propagation",
    differs: "the preStop pause is thirty seconds",
    build: () => pausedRollout(30),
    expect: healthy,
  }),
  defineCase({
    id: "pause-ends-and-address-is-gone",
    title:
      "After a pause of five seconds the pods are gone with their addresses: connects time out for a while",
    source: "kubernetes-sigs/aws-load-balancer-controller#1064",
    target: "shop.example.com/",
    build: () => vanishedAfter(5),
    expect: {
      ...race,
      causes: ["stale-endpoint-after-pod-deletion"],
      acceptable: ["shutdown-no-prestop-race", "proxy-connect-timeout"],
    },
  }),
  defineCase({
    id: "pause-outlives-the-update",
    title: "After a pause of twenty-five seconds nothing is sent to the pods any more when they go",
    target: "shop.example.com/",
    twinOf: "pause-ends-and-address-is-gone",
    differs: "the preStop pause is twenty-five seconds",
    build: () => vanishedAfter(25),
    expect: healthy,
  }),
  defineCase({
    id: "pause-of-ninety-seconds-and-still-502",
    title:
      "The pods wait ninety seconds before they stop, and requests fail at them all the same; nobody found out why",
    source: "nginx/kubernetes-ingress#891",
    target: "portal.example.org/",
    async build() {
      const c = shop("portal", {
        app: "portal",
        host: "portal.example.org",
        options: {
          replicas: 2,
          port: 4001,
          preStopSeconds: 90,
          graceSeconds: 120,
          probe: tcpProbe(4001, { initialDelaySeconds: 90 }),
          readyAfter: "95s",
        },
      });
      const way = c.way("portal");
      const before = await record({ ...way, requests: everyday() });
      const { oldPods } = c.rollout("portal", {
        at: "-28m",
        to: { image: "registry.example.com/portal/portal:7.1.0" },
        step: "0s",
      });
      const r = await record({
        ...way,
        pods: allOf(oldPods, closes()),
        requests: [get("/", { times: 6, everyMs: 110 })],
      });
      const after = await record({ ...c.way("portal"), requests: everyday() });
      c.gatewayLog([
        ...before.atEach("-45m", "-29m"),
        ...r.at(at(AppHandle.deletedAt(oldPods[0]!), "9s")),
        ...after.atEach("-20m", "-6m"),
      ]);
      return c.evidence();
    },
    expect: { status: "unexplained", causes: [] },
  }),
];

async function pausedRollout(preStopSeconds: number): Promise<Evidence> {
  const c = shop("terraform", {
    app: "api",
    host: "tf.example.com",
    options: { replicas: 2, port: 8000, preStopSeconds, graceSeconds: preStopSeconds + 30 },
  });
  const way = c.way("api");
  const before = await record({ ...way, requests: everyday() });
  const { oldPods } = c.rollout("api", {
    at: "-26m",
    to: { image: "registry.example.com/terraform/api:0.31.0" },
    step: "0s",
  });
  const r = await record({
    ...way,
    ...(preStopSeconds < 10 ? { pods: allOf(oldPods, refusing) } : {}),
    requests: [get("/runs", { times: 26, everyMs: 80 })],
  });
  const after = await record({ ...c.way("api"), requests: everyday() });
  const deleted = AppHandle.deletedAt(oldPods[0]!);
  c.gatewayLog([
    ...before.atEach("-41m", "-28m"),
    ...r.at(at(deleted, "7s")),
    ...after.atEach("-20m", "-4m"),
  ]);
  return c.evidence();
}

/** Requests still reach the old pods eight to ten seconds after they were told to stop. */
async function vanishedAfter(preStopSeconds: number): Promise<Evidence> {
  const c = shop("shop", { options: { replicas: 2, preStopSeconds, graceSeconds: preStopSeconds + 30 } });
  c.ingress("cart", {
    paths: { "/": "cart" },
    annotations: { "nginx.ingress.kubernetes.io/proxy-connect-timeout": "1" },
  });
  const way = c.way("cart");
  const before = await record({ ...way, requests: everyday() });
  const { oldPods } = c.rollout("cart", {
    at: "-21m",
    to: { image: "registry.example.com/shop/cart:1.9.0" },
    step: "0s",
  });
  const gone = await record({
    ...way,
    ...(preStopSeconds < 8 ? { pods: allOf(oldPods, vanished) } : {}),
    settings: { connectTimeoutS: 1 },
    requests: [get("/", { times: 10, everyMs: 140 })],
  });
  const last = AppHandle.deletedAt(oldPods.at(-1)!);
  const after = await record({ ...c.way("cart"), requests: everyday() });
  c.gatewayLog([
    ...before.atEach("-40m", "-25m"),
    ...gone.at(at(last, "8s")),
    ...after.atEach("-18m", "-5m"),
  ]);
  return c.evidence();
}
