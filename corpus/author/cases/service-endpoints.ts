import { type CorpusCase, defineCase } from "../case.ts";
import type { Cluster } from "../cluster/cluster.ts";
import { shop } from "../cluster/shop.ts";
import { noActiveEndpoint } from "../lines.ts";
import { get } from "../nginx/behaviours.ts";
import { record } from "../nginx/record.ts";
import { everyday } from "../nginx/traffic.ts";

/** Everyday requests at several times, to whatever the Service's endpoints are now. */
async function ask(c: Cluster, app: string, ...whens: string[]): Promise<void> {
  const r = await record({ ...c.way(app), requests: everyday() });
  c.gatewayLog(r.atEach(...whens));
}

/** A chart upgrade puts a component label on the Service's selector; the pods have it or not. */
async function componentSelected(podsCarryIt: boolean): Promise<Cluster> {
  const labels = { "app.kubernetes.io/component": "api" };
  const c = shop("billing", {
    app: "invoices",
    host: "billing.example.net",
    options: podsCarryIt ? { labels } : {},
  });
  c.service("invoices", { selector: { app: "invoices", ...labels } });
  c.editedAt("services", "invoices", "-26m", "helm");
  await ask(c, "invoices", "-25m", "-14m", "-3m");
  if (!podsCarryIt) {
    const whens = ["-26m", "-17m", "-8m"];
    c.gatewayLog(whens.map((when) => noActiveEndpoint(when, "billing/invoices")));
  }
  return c;
}

export const cases: CorpusCase[] = [
  defineCase({
    id: "service-selector-label-new-in-chart",
    title: "A chart upgrade added a label to the Service's selector that the running pods do not carry",
    source: "helm/charts#21508",
    target: "billing.example.net/",
    build: async () => (await componentSelected(false)).evidence(),
    expect: { status: "explained", causes: ["no-endpoints-selector-mismatch"], share: 1 },
  }),
  defineCase({
    id: "service-selector-label-on-pods-too",
    title: "The same upgrade, and the pods were replaced with ones that carry the label",
    target: "billing.example.net/",
    twinOf: "service-selector-label-new-in-chart",
    differs: "the pods carry the label that the selector asks for",
    build: async () => (await componentSelected(true)).evidence(),
    expect: { status: "healthy", causes: [] },
  }),
  defineCase({
    id: "service-selector-typo-no-gateway-log",
    title: "A StatefulSet runs and is ready, the selector is misspelt, and nobody kept the gateway's log",
    source: "kubernetes/ingress-nginx#908",
    target: "service/ledger",
    namespace: "finance",
    build() {
      const c = shop("finance", {
        app: "ledger",
        host: "ledger.example.com",
        servicePort: 9000,
        options: { kind: "StatefulSet", replicas: 3, port: 9000 },
      });
      c.service("ledger", { selector: { app: "leger" } });
      c.unknown("gateway-log", "not in the bundle");
      return c.evidence();
    },
    expect: { status: "explained", causes: ["no-endpoints-selector-mismatch"] },
  }),
  defineCase({
    id: "service-selector-right-scaled-to-zero",
    title: "The StatefulSet is scaled to zero; its Service selects it rightly",
    target: "service/ledger",
    namespace: "finance",
    twinOf: "service-selector-typo-no-gateway-log",
    differs: "the selector is right and the StatefulSet has no replicas",
    build() {
      const c = shop("finance", {
        app: "ledger",
        host: "ledger.example.com",
        servicePort: 9000,
        options: { kind: "StatefulSet", replicas: 3, port: 9000 },
      });
      c.find("ledger").scaleToZero("-2h");
      c.unknown("gateway-log", "not in the bundle");
      return c.evidence();
    },
    expect: { status: "explained", causes: ["no-endpoints-scaled-to-zero"] },
  }),
  defineCase({
    id: "service-idle-since-the-weekend",
    title: "Somebody scaled the Deployment to zero 40 minutes ago; clients get 503 since",
    target: "shop.example.com/",
    async build() {
      const c = shop("staging");
      await ask(c, "cart", "-55m", "-47m");
      c.find("cart").scaleToZero("-40m");
      await ask(c, "cart", "-39m", "-21m", "-4m");
      c.gatewayLog(["-40m", "-30m", "-20m"].map((when) => noActiveEndpoint(when, "staging/cart")));
      return c.evidence();
    },
    expect: { status: "explained", causes: ["no-endpoints-scaled-to-zero"], share: 1 },
  }),
  defineCase({
    id: "service-mismatch-noticed-after-gateway-restart",
    title:
      "The selector was changed to match nothing; the gateway kept its old endpoints until it was restarted, then every request got 503",
    source: "kubernetes/ingress-nginx#3523",
    target: "shop.example.com/cart",
    async build() {
      const c = shop("shop", { path: "/cart", options: { replicas: 3 } });
      await ask(c, "cart", "-52m", "-44m", "-24m");
      c.service("cart", { selector: { app: "cart", track: "blue" } });
      c.editedAt("services", "cart", "-46m");
      await ask(c, "cart", "-16m", "-7m");
      for (const p of c.gatewayPods())
        p.restart({ exitCode: 0, reason: "Completed", at: "-18m", count: 1, readyAfter: "10s" });
      c.gatewayLog([noActiveEndpoint("-17m", "shop/cart"), noActiveEndpoint("-8m", "shop/cart")]);
      return c.evidence();
    },
    expect: {
      status: "explained",
      causes: ["no-endpoints-selector-mismatch"],
      acceptable: ["controller-rbac-or-watch-stale"],
      share: 1,
    },
  }),
  defineCase({
    id: "service-pods-all-unready-outer-symptom-only",
    title: "Every pod is Running and not ready; neither events nor application logs were kept",
    target: "shop.example.com/",
    async build() {
      const c = shop("shop", { options: { probe: null, kind: "DaemonSet", replicas: 3 } });
      for (const p of c.pods("cart")) {
        p.edit((pod) => {
          pod.spec!.readinessGates = [{ conditionType: "target-health.example.com/registered" }];
        });
        p.setCondition("target-health.example.com/registered", "False", "-31m", "NotRegistered");
        p.setCondition(
          "Ready",
          "False",
          "-31m",
          "ReadinessGatesNotReady",
          'the status of pod readiness gate "target-health.example.com/registered" is not "True", but False',
        );
      }
      await ask(c, "cart", "-30m", "-12m", "-2m");
      c.gatewayLog([noActiveEndpoint("-30m", "shop/cart"), noActiveEndpoint("-12m", "shop/cart")]);
      c.unknown("events", 'events is forbidden: cannot list resource "events" in the namespace "shop"');
      c.unknown("app-log", "not in the bundle");
      return c.evidence();
    },
    expect: { status: "explained", causes: ["no-endpoints-pods-not-ready"], share: 1 },
  }),
  defineCase({
    id: "service-pods-ready-again",
    title: "The same pods became ready 40 minutes ago and have served since",
    target: "shop.example.com/",
    twinOf: "service-pods-all-unready-outer-symptom-only",
    differs: "the pods' readiness gate is met",
    async build() {
      const c = shop("shop", { options: { probe: null, kind: "DaemonSet", replicas: 3 } });
      for (const p of c.pods("cart")) {
        p.edit((pod) => {
          pod.spec!.readinessGates = [{ conditionType: "target-health.example.com/registered" }];
        });
        p.setCondition("target-health.example.com/registered", "True", "-40m");
        p.setCondition("Ready", "True", "-40m");
      }
      await ask(c, "cart", "-30m", "-12m", "-2m");
      c.unknown("events", 'events is forbidden: cannot list resource "events" in the namespace "shop"');
      c.unknown("app-log", "not in the bundle");
      return c.evidence();
    },
    expect: { status: "healthy", causes: [] },
  }),
  defineCase({
    id: "service-port-name-no-container-has",
    title: "targetPort is web, the container port is called http: ready pods, and no endpoint",
    target: "docs.example.org/guide",
    async build() {
      const c = shop("docs", { app: "site", host: "docs.example.org", options: { port: 3000 } });
      c.service("site", { targetPort: "web" });
      const r = await record({ ...c.way("site"), requests: [get("/guide", { times: 18, everyMs: 90 })] });
      c.gatewayLog(r.atEach("-33m", "-19m", "-5m"));
      c.gatewayLog([noActiveEndpoint("-33m", "docs/site")]);
      return c.evidence();
    },
    expect: { status: "explained", causes: ["wrong-target-port-name"], share: 1 },
  }),
  defineCase({
    id: "service-port-name-container-has",
    title: "The same Service, and the container port is called web",
    target: "docs.example.org/guide",
    twinOf: "service-port-name-no-container-has",
    differs: "the container port has the name that targetPort gives",
    async build() {
      const options = { port: 3000, portName: "web" };
      const c = shop("docs", { app: "site", host: "docs.example.org", options });
      c.service("site", { targetPort: "web" });
      const r = await record({ ...c.way("site"), requests: [get("/guide", { times: 18, everyMs: 90 })] });
      c.gatewayLog(r.atEach("-33m", "-19m", "-5m"));
      return c.evidence();
    },
    expect: { status: "healthy", causes: [] },
  }),
];
