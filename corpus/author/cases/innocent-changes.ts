import { type CorpusCase, defineCase, type Expectation } from "../case.ts";
import { httpProbe } from "../cluster/probes.ts";
import { shop } from "../cluster/shop.ts";
import { reloaded } from "../lines.ts";
import { record } from "../nginx/record.ts";
import { everyday } from "../nginx/traffic.ts";

const nobody: Expectation = { status: "healthy", causes: [] };

/** Changes that were made well, or long ago: something happened and nothing failed. */
export const cases: CorpusCase[] = [
  defineCase({
    id: "rollout-clean",
    title: "A rollout with a preStop pause and surge: not one request failed",
    target: "shop.example.com/",
    async build() {
      const strategy = { maxSurge: 1, maxUnavailable: 0 };
      const c = shop("shop", { options: { replicas: 3, preStopSeconds: 10, graceSeconds: 45, strategy } });
      const before = await record({ ...c.way("cart"), requests: everyday() });
      c.rollout("cart", { at: "-20m", to: { image: "registry.example.com/shop/cart:1.9.0" }, step: "15s" });
      const after = await record({ ...c.way("cart"), requests: everyday() });
      c.gatewayLog([...before.atEach("-40m", "-21m"), ...after.atEach("-19m", "-18m", "-5m")]);
      return c.evidence();
    },
    expect: nobody,
  }),
  defineCase({
    id: "rollout-with-drain-and-budget",
    title:
      "A platform roll with startup probe, preStop drain, no unavailable pod and a budget; the 503 seen elsewhere were not its doing",
    source: "Systemorph/MeshWeaver#2787",
    target: "mesh.example.org/",
    async build() {
      const c = shop("mesh", {
        app: "portal",
        host: "mesh.example.org",
        options: {
          preStopSeconds: 15,
          graceSeconds: 60,
          startup: httpProbe("/health", "http", { periodSeconds: 5, failureThreshold: 60 }),
          probe: httpProbe("/alive"),
          strategy: { maxSurge: 1, maxUnavailable: 0 },
          readyAfter: "24s",
        },
      });
      c.pdb("portal", 1);
      const before = await record({ ...c.way("portal"), requests: everyday() });
      c.rollout("portal", {
        at: "-26m",
        to: { image: "registry.example.com/mesh/portal:2.14.0" },
        step: "40s",
      });
      c.pdb("portal", 1);
      const after = await record({ ...c.way("portal"), requests: everyday() });
      c.gatewayLog([...before.atEach("-44m", "-27m"), ...after.atEach("-24m", "-15m", "-3m")]);
      return c.evidence();
    },
    expect: nobody,
  }),
  defineCase({
    id: "first-start-waited-for-a-node",
    title: "Half an hour ago a new pod waited two minutes for a node, then was placed and serves",
    target: "shop.example.com/",
    async build() {
      const c = shop("shop");
      const first = await record({ ...c.way("cart"), requests: everyday() });
      const [p] = c.find("cart").scaleUp(1, "-31m");
      const message =
        "0/3 nodes are available: 3 Insufficient cpu. preemption: 0/3 nodes are available: 3 No preemption victims found for incoming pod.";
      p?.event("FailedScheduling", message, { first: "-33m", last: "-32m", count: 2 });
      p?.probeFails(
        "Readiness",
        `Get "http://${p.address}/healthz": dial tcp ${p.address}: connect: connection refused`,
        { first: "-30m" },
      );
      const then = await record({ ...c.way("cart"), requests: everyday() });
      c.gatewayLog([...first.atEach("-50m", "-34m"), ...then.atEach("-28m", "-12m", "-2m")]);
      return c.evidence();
    },
    expect: nobody,
  }),
  defineCase({
    id: "reload-without-failure",
    title: "The gateway was reloaded twice and every request was answered",
    target: "shop.example.com/",
    async build() {
      const c = shop("shop");
      const r = await record({ ...c.way("cart"), requests: everyday(), reloadAtMs: [800] });
      c.gatewayLog([...reloaded("-30m"), ...r.at("-30m"), ...reloaded("-10m"), ...r.at("-10m")]);
      for (const p of c.gatewayPods()) {
        p.event("RELOAD", "NGINX reload triggered due to a change in configuration", {
          first: "-30m",
          last: "-10m",
          count: 2,
          component: "nginx-ingress-controller",
        });
      }
      return c.evidence();
    },
    expect: nobody,
  }),
  defineCase({
    id: "scaled-down-gracefully",
    title: "One of three pods was scaled away; its preStop pause outlived the endpoint change",
    target: "shop.example.com/",
    async build() {
      const c = shop("shop", { options: { replicas: 3, preStopSeconds: 12 } });
      const before = await record({ ...c.way("cart"), requests: everyday() });
      const leaving = c.pod("cart", 2);
      leaving.gone("-15m");
      const app = c.find("cart");
      app.options = { ...app.options, replicas: 2 };
      c.event(app, "ScalingReplicaSet", `Scaled down replica set ${app.replicaSetName()} from 3 to 2`, {
        first: "-15m",
      });
      const after = await record({ ...c.way("cart"), requests: everyday() });
      c.gatewayLog([...before.atEach("-40m", "-16m"), ...after.atEach("-14m", "-4m")]);
      return c.evidence();
    },
    expect: nobody,
  }),
];
