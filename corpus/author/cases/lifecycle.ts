import type { Evidence } from "../../../src/evidence/evidence.ts";
import { type CorpusCase, defineCase } from "../case.ts";
import { AppHandle } from "../cluster/app.ts";
import { shop } from "../cluster/shop.ts";
import { get, refusing, vanished } from "../nginx/behaviours.ts";
import { record } from "../nginx/record.ts";
import type { PodScript } from "../nginx/script.ts";
import { everyday } from "../nginx/traffic.ts";
import { at } from "../time.ts";

/** How the end of a pod looks from the gateway: first nobody listens, then nobody is there. */
export const cases: CorpusCase[] = [
  defineCase({
    id: "rollout-first-refuses-then-vanishes",
    title:
      "At every rolling update some 502, then some 504: the pods stop at SIGTERM, then their addresses go",
    source: "traefik/traefik#4452",
    target: "hello.example.net/whoami",
    build: () => update(0),
    expect: {
      status: "explained",
      causes: ["shutdown-no-prestop-race"],
      acceptable: ["stale-endpoint-after-pod-deletion", "proxy-connect-timeout"],
      share: 1,
    },
  }),
  defineCase({
    id: "rollout-with-a-pause-before-sigterm",
    title: "At a rolling update the pods wait twenty seconds before they stop, and nothing fails",
    target: "hello.example.net/whoami",
    twinOf: "rollout-first-refuses-then-vanishes",
    differs: "a preStop sleep of twenty seconds",
    build: () => update(20),
    expect: { status: "healthy", causes: [] },
  }),
];

async function update(preStopSeconds: number): Promise<Evidence> {
  const c = shop("hello", {
    app: "whoami",
    host: "hello.example.net",
    path: "/whoami",
    options: { replicas: 2, port: 8000, ...(preStopSeconds > 0 ? { preStopSeconds } : {}) },
  });
  c.ingress("whoami", {
    host: "hello.example.net",
    paths: { "/whoami": "whoami" },
    annotations: { "nginx.ingress.kubernetes.io/proxy-connect-timeout": "1" },
  });
  const way = c.way("whoami");
  const before = await record({ ...way, requests: everyday("/whoami") });
  const { oldPods } = c.rollout("whoami", {
    at: "-18m",
    to: { image: "registry.example.com/hello/whoami:1.11.0" },
    step: "0s",
  });
  const ends: PodScript = [
    [0, refusing],
    [1100, vanished],
  ];
  const r = await record({
    ...way,
    ...(preStopSeconds === 0 ? { pods: Object.fromEntries(oldPods.map((p) => [p.address, ends])) } : {}),
    settings: { connectTimeoutS: 1 },
    requests: [get("/whoami", { times: 20, everyMs: 110 })],
  });
  const after = await record({ ...c.way("whoami"), requests: everyday("/whoami") });
  c.gatewayLog([
    ...before.atEach("-34m", "-21m"),
    ...r.at(at(AppHandle.deletedAt(oldPods[0]!), "1s")),
    ...after.atEach("-12m", "-3m"),
  ]);
  return c.evidence();
}
