import { type CorpusCase, defineCase, type Expectation } from "../case.ts";
import type { Cluster } from "../cluster/cluster.ts";
import { httpProbe } from "../cluster/probes.ts";
import { shop } from "../cluster/shop.ts";
import { record } from "../nginx/record.ts";
import { everyday } from "../nginx/traffic.ts";

const nobody: Expectation = { status: "healthy", causes: [] };

/** Everyday traffic at several times of the last hour. */
async function serve(c: Cluster, app: string, ...whens: string[]): Promise<void> {
  const r = await record({ ...c.way(app), requests: everyday() });
  c.gatewayLog(r.atEach(...whens));
}

/** Clusters in which something looks wrong and hurts nobody who asks for this route. */
export const cases: CorpusCase[] = [
  defineCase({
    id: "risky-manifests-no-failures",
    title:
      "No preStop hook, no budget, one-second probe timeout, a runtime with five seconds of keep-alive: and nothing failed",
    target: "shop.example.com/",
    async build() {
      const liveness = httpProbe("/healthz", "http", { failureThreshold: 1 });
      const c = shop("shop", {
        options: { replicas: 1, image: "node:24-alpine", liveness, graceSeconds: 5 },
      });
      await serve(c, "cart", "-47m", "-26m", "-6m");
      c.appLog(c.pod("cart"), ["Server listening on http://0.0.0.0:8080"]);
      return c.evidence();
    },
    expect: nobody,
  }),
  defineCase({
    id: "crash-loop-in-other-namespace",
    title: "A pod crash-loops in a namespace that the route does not touch",
    target: "shop.example.com/",
    async build() {
      const c = shop("shop");
      const other = c.addApp("batch", "importer", { replicas: 1, probe: null });
      other.pods[0]?.crashLoop({ exitCode: 1, reason: "Error", at: "-3m", since: "-50m", count: 14 });
      await serve(c, "cart", "-47m", "-26m", "-6m");
      return c.evidence();
    },
    expect: nobody,
  }),
  defineCase({
    id: "crash-loop-of-neighbour",
    title: "Another application of the same namespace crash-loops; the route does not use it",
    target: "shop.example.com/",
    async build() {
      const c = shop("shop");
      c.app("mailer", { replicas: 1, port: 2525, probe: null });
      c.service("mailer", { port: 2525 });
      c.pod("mailer").crashLoop({ exitCode: 2, reason: "Error", at: "-4m", since: "-45m", count: 12 });
      c.appLog(c.pod("mailer"), ["panic: missing SMTP_PASSWORD"]);
      await serve(c, "cart", "-47m", "-26m", "-6m");
      return c.evidence();
    },
    expect: nobody,
  }),
  defineCase({
    id: "autoscaler-at-maximum-no-failures",
    title:
      "The autoscaler has stood at its maximum for an hour, because requests are set far too low; nothing fails",
    source: "mitodl/ol-infrastructure#5241",
    target: "learn.example.org/",
    async build() {
      const resources = { requests: { cpu: "100m", memory: "256Mi" }, limits: { memory: "1Gi" } };
      const c = shop("learn", { app: "web", host: "learn.example.org", options: { replicas: 4, resources } });
      c.hpa("web", { min: 2, max: 4, current: 4, cpu: { target: 60, current: 145 }, lastScale: "-62m" });
      await serve(c, "web", "-47m", "-26m", "-6m");
      return c.evidence();
    },
    expect: nobody,
  }),
  defineCase({
    id: "restart-days-ago",
    title: "A pod was out of memory three days ago and has run since",
    target: "shop.example.com/",
    async build() {
      const c = shop("shop");
      c.pod("cart", 1).restart({ exitCode: 137, reason: "OOMKilled", at: "-3d", count: 2 });
      await serve(c, "cart", "-47m", "-26m", "-6m");
      return c.evidence();
    },
    expect: nobody,
  }),
  defineCase({
    id: "one-pod-not-ready-others-serve",
    title: "One of three pods is not ready; the other two answer everything",
    target: "shop.example.com/",
    async build() {
      const c = shop("shop", { options: { replicas: 3 } });
      const p = c.pod("cart", 2);
      p.notReady({ since: "-40m" });
      p.probeFails("Readiness", "HTTP probe failed with statuscode: 503", {
        first: "-40m",
        last: "-6s",
        count: 240,
      });
      await serve(c, "cart", "-36m", "-18m", "-6m");
      return c.evidence();
    },
    expect: nobody,
  }),
  defineCase({
    id: "external-traffic-policy-local-by-design",
    title:
      "With externalTrafficPolicy Local the load balancer finds only the nodes with a gateway pod healthy, as it should",
    source: "kubernetes/ingress-nginx#3519",
    target: "shop.example.com/",
    async build() {
      const c = shop("shop");
      c.edit("services", "ingress-nginx/ingress-nginx-controller", (s) => {
        s.spec = { ...s.spec, externalTrafficPolicy: "Local", healthCheckNodePort: 32_122 };
      });
      await serve(c, "cart", "-47m", "-26m", "-6m");
      return c.evidence();
    },
    expect: nobody,
  }),
  defineCase({
    id: "network-policy-allows-gateway",
    title: "NetworkPolicies deny by default and let the gateway's namespace in",
    target: "shop.example.com/",
    async build() {
      const c = shop("shop");
      c.add("networkpolicies", {
        metadata: { name: "default-deny" },
        spec: { podSelector: {}, policyTypes: ["Ingress"] },
      });
      const gateway = {
        namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "ingress-nginx" } },
      };
      const ingress = [{ from: [gateway], ports: [{ protocol: "TCP", port: 8080 }] }];
      const spec = { podSelector: { matchLabels: { app: "cart" } }, policyTypes: ["Ingress"], ingress };
      c.add("networkpolicies", { metadata: { name: "gateway-to-cart" }, spec });
      await serve(c, "cart", "-47m", "-26m", "-6m");
      return c.evidence();
    },
    expect: nobody,
  }),
  defineCase({
    id: "out-of-memory-of-other-service",
    title: "A pod of another Service is killed for memory again and again; the route's own pods are fine",
    target: "shop.example.com/",
    async build() {
      const c = shop("shop");
      c.app("thumbnails", { replicas: 2, port: 8090 });
      c.service("thumbnails");
      c.pod("thumbnails", 0).restart({ exitCode: 137, reason: "OOMKilled", at: "-19m", count: 7 });
      await serve(c, "cart", "-47m", "-26m", "-6m");
      return c.evidence();
    },
    expect: nobody,
  }),
  defineCase({
    id: "idle-node-not-ready",
    title: "A node without a pod of the route is not ready",
    target: "shop.example.com/",
    async build() {
      const c = shop("shop", { options: { nodes: ["worker-2"] } });
      c.loseNode("worker-3", "-28m");
      await serve(c, "cart", "-47m", "-20m", "-6m");
      return c.evidence();
    },
    expect: nobody,
  }),
];
