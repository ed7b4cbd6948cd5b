import { type CorpusCase, defineCase } from "../case.ts";
import type { Cluster } from "../cluster/cluster.ts";
import { gatewayNamespace } from "../cluster/gateway.ts";
import { shop } from "../cluster/shop.ts";
import { get, vanished } from "../nginx/behaviours.ts";
import { record } from "../nginx/record.ts";
import { everyday } from "../nginx/traffic.ts";

/** A namespace that denies all ingress by default, and whether a policy lets the gateway in. */
function denied(letsGatewayIn: boolean): Cluster {
  const c = shop("team-blue", {
    app: "forms",
    host: "forms.example.gov",
    options: { kind: "DaemonSet", replicas: 3 },
  });
  c.add("networkpolicies", {
    metadata: { name: "default-deny-ingress" },
    spec: { podSelector: {}, policyTypes: ["Ingress"] },
  });
  if (letsGatewayIn)
    c.add("networkpolicies", {
      metadata: { name: "allow-ingress-nginx" },
      spec: {
        podSelector: {},
        policyTypes: ["Ingress"],
        ingress: [
          {
            from: [
              { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": gatewayNamespace } } },
            ],
          },
        ],
      },
    });
  c.unknown("gateway-log", "pods/log is forbidden in namespace ingress-nginx");
  return c;
}

/** The gateway's own namespace lets its pods call DNS and the namespaces named here. */
async function gatewayMayCall(...namespaces: string[]): Promise<Cluster> {
  const c = shop("reports", { app: "charts", host: "reports.example.com", options: { port: 4000 } });
  c.ingress("charts", {
    host: "reports.example.com",
    paths: { "/": "charts" },
    annotations: { "nginx.ingress.kubernetes.io/proxy-connect-timeout": "1" },
  });
  const peers = namespaces.map((name) => ({
    namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": name } },
  }));
  c.add("networkpolicies", {
    metadata: {
      name: "controller-egress",
      namespace: gatewayNamespace,
      creationTimestamp: "2026-11-18T10:05:00Z",
    },
    spec: {
      podSelector: { matchLabels: { "app.kubernetes.io/name": "ingress-nginx" } },
      policyTypes: ["Egress"],
      egress: [{ to: peers }, { ports: [{ protocol: "UDP", port: 53 }] }],
    },
  });
  const way = c.way("charts");
  const settings = { connectTimeoutS: 1 };
  const fine = await record({ ...way, settings, requests: everyday() });
  c.gatewayLog(fine.atEach("-50m", "-31m"));
  const pods = namespaces.includes("reports")
    ? {}
    : Object.fromEntries(way.servers.map((s) => [s, vanished]));
  const since = await record({
    ...way,
    settings,
    pods,
    requests: [get("/weekly", { times: 12, everyMs: 70 })],
  });
  c.gatewayLog(since.atEach("-24m", "-13m", "-3m"));
  return c;
}

export const cases: CorpusCase[] = [
  defineCase({
    id: "service-default-deny-no-gateway-log",
    title: "The namespace denies all ingress and no policy lets the gateway in; its log may not be read",
    source: "alphagov/gsp#258",
    target: "forms.example.gov/",
    build: () => denied(false).evidence(),
    expect: { status: "explained", causes: ["network-policy-blocks-ingress"] },
  }),
  defineCase({
    id: "service-default-deny-with-gateway-allowed",
    title: "The same default, and a policy lets the gateway's namespace in",
    target: "forms.example.gov/",
    twinOf: "service-default-deny-no-gateway-log",
    differs: "a second policy allows the gateway's namespace",
    build: () => denied(true).evidence(),
    expect: { status: "undecided", causes: [] },
  }),
  defineCase({
    id: "service-gateway-egress-leaves-it-out",
    title: "A policy on the gateway's pods allows calls to two namespaces, and this one is not among them",
    target: "reports.example.com/",
    build: async () => (await gatewayMayCall("shop", "intranet")).evidence(),
    expect: {
      status: "explained",
      causes: ["network-policy-blocks-ingress"],
      acceptable: ["proxy-connect-timeout"],
      share: 1,
    },
  }),
  defineCase({
    id: "service-gateway-egress-names-it",
    title: "The same policy, with this namespace among them",
    target: "reports.example.com/",
    twinOf: "service-gateway-egress-leaves-it-out",
    differs: "the egress rule names the namespace reports",
    build: async () => (await gatewayMayCall("shop", "intranet", "reports")).evidence(),
    expect: { status: "healthy", causes: [] },
  }),
];
