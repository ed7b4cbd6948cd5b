import { type CorpusCase, defineCase } from "../case.ts";
import type { Cluster } from "../cluster/cluster.ts";
import { shop } from "../cluster/shop.ts";
import { get, ok, post, refusing, vanished } from "../nginx/behaviours.ts";
import { record } from "../nginx/record.ts";
import { everyday } from "../nginx/traffic.ts";

const connectFast = { connectTimeoutS: 1, tries: 1 };

/** Requests to pods that a policy hides from the gateway: connects are dropped. */
async function dropped(c: Cluster, app: string, ...whens: string[]): Promise<void> {
  const pods = Object.fromEntries(c.pods(app).map((p) => [p.address, vanished]));
  const r = await record({
    ...c.way(app),
    pods,
    settings: connectFast,
    requests: [get("/", { times: 9, everyMs: 90 }), post("/submit", { times: 3, everyMs: 200 })],
  });
  c.gatewayConfig({ "proxy-connect-timeout": "1", "proxy-next-upstream-tries": "1" });
  c.gatewayLog(r.atEach(...whens));
}

async function served(c: Cluster, app: string, ...whens: string[]): Promise<void> {
  const r = await record({ ...c.way(app), requests: everyday() });
  c.gatewayLog(r.atEach(...whens));
}

const allow = (from: unknown[], app: string, port?: number) => ({
  metadata: { name: `allow-${app}` },
  spec: {
    podSelector: { matchLabels: { app } },
    policyTypes: ["Ingress"],
    ingress: [{ from, ...(port === undefined ? {} : { ports: [{ protocol: "TCP", port }] }) }],
  },
});

const gatewayNamespace = {
  namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "ingress-nginx" } },
};

function payments(): Cluster {
  return shop("payment-gateway", { app: "gateway-api", host: "pay.example.org", options: { replicas: 2 } });
}

const policies: CorpusCase[] = [
  defineCase({
    id: "policy-pod-selector-means-own-namespace",
    title: "A policy allows pods labelled ingress-nginx, which means those of its own namespace",
    source: "kubernetes/kubernetes#112467",
    target: "pay.example.org/",
    async build() {
      const c = payments();
      const from = [{ podSelector: { matchLabels: { "app.kubernetes.io/name": "ingress-nginx" } } }];
      c.add("networkpolicies", {
        metadata: { name: "default-deny" },
        spec: { podSelector: {}, policyTypes: ["Ingress"] },
      } as never);
      c.add("networkpolicies", allow(from, "gateway-api") as never);
      await dropped(c, "gateway-api", "-20m", "-9m", "-2m");
      return c.evidence();
    },
    expect: {
      status: "explained",
      causes: ["network-policy-blocks-ingress"],
      acceptable: ["proxy-connect-timeout"],
      share: 1,
    },
  }),
  defineCase({
    id: "policy-names-the-gateways-namespace",
    title: "The same policies with the gateway's namespace named beside the pods",
    target: "pay.example.org/",
    twinOf: "policy-pod-selector-means-own-namespace",
    differs: "the peer has a namespaceSelector for the gateway's namespace",
    async build() {
      const c = payments();
      const from = [
        { ...gatewayNamespace, podSelector: { matchLabels: { "app.kubernetes.io/name": "ingress-nginx" } } },
      ];
      c.add("networkpolicies", {
        metadata: { name: "default-deny" },
        spec: { podSelector: {}, policyTypes: ["Ingress"] },
      } as never);
      c.add("networkpolicies", allow(from, "gateway-api") as never);
      await served(c, "gateway-api", "-20m", "-9m", "-2m");
      return c.evidence();
    },
    expect: { status: "healthy", causes: [] },
  }),
  defineCase({
    id: "policy-allows-another-gateway",
    title: "Default deny lets the namespace of a gateway in that is not the one in use",
    source: "iogrid/iogrid#459",
    target: "app.example.io/",
    async build() {
      const c = shop("apps", { app: "dashboard", host: "app.example.io", options: { replicas: 2 } });
      const from = [
        { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "gateway-system" } } },
      ];
      c.add("networkpolicies", allow(from, "dashboard") as never);
      await dropped(c, "dashboard", "-14m", "-3m");
      return c.evidence();
    },
    expect: {
      status: "explained",
      causes: ["network-policy-blocks-ingress"],
      acceptable: ["proxy-connect-timeout"],
      share: 1,
    },
  }),
  defineCase({
    id: "policy-allows-service-port-not-pod-port",
    title: "A policy allows the Service's port 80 where the pods listen on 8080",
    target: "app.example.io/",
    async build() {
      const c = shop("apps", { app: "dashboard", host: "app.example.io", options: { replicas: 2 } });
      c.add("networkpolicies", allow([gatewayNamespace], "dashboard", 80) as never);
      c.unknown("gateway-log", "not in the bundle");
      return c.evidence();
    },
    expect: { status: "explained", causes: ["network-policy-blocks-ingress"] },
  }),
  defineCase({
    id: "policy-allows-pod-port",
    title: "The same policy with the pods' port",
    target: "app.example.io/",
    twinOf: "policy-allows-service-port-not-pod-port",
    differs: "the policy allows 8080 instead of 80",
    async build() {
      const c = shop("apps", { app: "dashboard", host: "app.example.io", options: { replicas: 2 } });
      c.add("networkpolicies", allow([gatewayNamespace], "dashboard", 8080) as never);
      c.unknown("gateway-log", "not in the bundle");
      return c.evidence();
    },
    expect: { status: "undecided", causes: [] },
  }),
];

/** Two Deployments under one selector; the second one does not serve the port. */
async function twoUnderOneSelector(isForeign: boolean): Promise<Cluster> {
  const c = shop("llm", {
    app: "proxy",
    host: "llm.example.ai",
    options: { replicas: 2, labels: { "app.kubernetes.io/instance": "llm" } },
  });
  c.app("worker", {
    replicas: 1,
    port: 8080,
    probe: null,
    created: "-40m",
    labels: isForeign ? { app: "proxy", component: "worker" } : { component: "worker" },
  });
  const worker = c.pod("worker");
  const pods = {
    ...Object.fromEntries(c.pods("proxy").map((p) => [p.address, ok()])),
    [worker.address]: refusing,
  };
  const requests = [
    get("/v1/models", { times: 18, everyMs: 60 }),
    post("/v1/responses", { times: 12, everyMs: 90 }),
  ];
  const r = await record({ ...c.way("proxy"), pods, settings: { tries: 1 }, requests });
  c.gatewayConfig({ "proxy-next-upstream-tries": "1" });
  c.gatewayLog(r.atEach("-30m", "-12m"));
  return c;
}

const overlaps: CorpusCase[] = [
  defineCase({
    id: "selector-takes-worker-pods-too",
    title: "The Service's selector also matches the worker's pods, which do not listen",
    source: "BerriAI/litellm#40393",
    target: "llm.example.ai/v1/responses",
    build: async () => (await twoUnderOneSelector(true)).evidence(),
    expect: { status: "explained", causes: ["service-selector-overlap"], share: 1 },
  }),
  defineCase({
    id: "selector-leaves-worker-pods-out",
    title: "The worker's pods carry another label and get no request",
    target: "llm.example.ai/v1/responses",
    twinOf: "selector-takes-worker-pods-too",
    differs: "the worker's pods do not carry the label of the selector",
    build: async () => (await twoUnderOneSelector(false)).evidence(),
    expect: { status: "healthy", causes: [] },
  }),
];

/** Policies between gateway and pods, and selectors that reach too far. */
export const cases: CorpusCase[] = [...policies, ...overlaps];
