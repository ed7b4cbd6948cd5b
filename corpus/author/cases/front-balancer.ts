import { type CorpusCase, defineCase, type Expectation } from "../case.ts";
import type { Cluster } from "../cluster/cluster.ts";
import { shop } from "../cluster/shop.ts";
import { albLog } from "../front/alb.ts";
import { at, every, ordinary, type Seen, withFrontLog } from "../front/front-log.ts";
import { googleLog } from "../front/google.ts";

const healthy: Expectation = { status: "healthy", causes: [] };
const unexplained: Expectation = { status: "unexplained", causes: [] };

/** The load balancer sends to the pods of the gateway on port 80. */
const gatewayTargets = (c: Cluster): string[] => c.gatewayPods().map((p) => `${p.ip}:80`);
const get = { method: "GET", elapsedMs: 2 };

/** The gateway's own log was not collected; only that of the load balancer in front of it. */
function outside(c: Cluster, host: string, seen: readonly Seen[]) {
  c.unknown("gateway-log", "not collected");
  return withFrontLog(c.evidence(), "alb/eu-west-1.log", albLog(host, seen, "k8s-ingressn-ingressn-8b1d"));
}

function google(c: Cluster, host: string, seen: readonly Seen[]) {
  c.unknown("gateway-log", "not collected");
  const backend = "k8s1-4fa1-ingress-nginx-ingress-nginx-controller-80-7c21";
  return withFrontLog(c.evidence(), "gcp/http_load_balancer.json", googleLog(host, seen, backend));
}

const emptied = (seen: Omit<Seen, "atMs">): Seen[] => at(every("-22m", 9, 90), seen);

const targets: CorpusCase[] = [
  defineCase({
    id: "balancer-without-targets",
    title: "Nothing is registered in the load balancer's target group; the cluster is well",
    source: "kubernetes-sigs/aws-load-balancer-controller#2132",
    target: "tickets.example.com/",
    build() {
      const c = shop("box-office", { app: "seats", host: "tickets.example.com" });
      const seen = emptied({ ...get, path: "/seats?row=7", status: 503, elapsedMs: 0 });
      return outside(c, "tickets.example.com", seen);
    },
    expect: { status: "explained", causes: ["lb-no-healthy-targets"], share: 1 },
  }),
  defineCase({
    id: "balancer-with-targets",
    title: "The same load balancer with the gateway's pods in its target group",
    target: "tickets.example.com/",
    twinOf: "balancer-without-targets",
    differs: "the gateway's pods are registered as targets",
    build() {
      const c = shop("box-office", { app: "seats", host: "tickets.example.com" });
      const [target = ""] = gatewayTargets(c);
      const seen = emptied({
        ...get,
        path: "/seats?row=7",
        status: 200,
        elapsedMs: 18,
        target,
        answered: 200,
      });
      return outside(c, "tickets.example.com", seen);
    },
    expect: healthy,
  }),
  defineCase({
    id: "balancer-gives-up-on-an-export",
    title: "An export takes minutes and the load balancer's idle timeout is a minute",
    source: "kubernetes/ingress-nginx#10093",
    target: "books.example.com/",
    build() {
      const c = shop("ledger", { app: "books", host: "books.example.com" });
      const [a = "", b = ""] = gatewayTargets(c);
      const late = { method: "POST", path: "/exports/yearly", status: 504, elapsedMs: 60_004 };
      return outside(c, "books.example.com", [
        ...ordinary([a, b]),
        ...at(["-51m", "-42m", "-30m", "-17m"], { ...late, target: a }),
        ...at(["-47m", "-21m", "-6m"], { ...late, target: b, elapsedMs: 60_011 }),
      ]);
    },
    expect: { status: "explained", causes: ["lb-idle-timeout-expired"], share: 1 },
  }),
  defineCase({
    id: "balancer-passes-on-a-504",
    title: "The target itself answers 504 after a minute, and the load balancer passes it on",
    target: "books.example.com/",
    twinOf: "balancer-gives-up-on-an-export",
    differs: "the 504 is the target's own, so a timer behind the load balancer ran out",
    build() {
      const c = shop("ledger", { app: "books", host: "books.example.com" });
      const [a = "", b = ""] = gatewayTargets(c);
      const late = { method: "POST", path: "/exports/yearly", status: 504, answered: 504, elapsedMs: 60_004 };
      return outside(c, "books.example.com", [
        ...ordinary([a, b]),
        ...at(["-51m", "-42m", "-30m", "-17m"], { ...late, target: a }),
        ...at(["-47m", "-21m", "-6m"], { ...late, target: b, elapsedMs: 60_011 }),
      ]);
    },
    expect: unexplained,
  }),
];

const sparse = ["-49m2s", "-33m17s", "-14m39s"];

/** Google's load balancer keeps idle connections to its backends for 600 s. */
function reused(keepAlive: string | undefined) {
  const c = shop("post", { app: "mailbox", host: "mail.example.org" });
  if (keepAlive !== undefined) c.gatewayConfig({ "keep-alive": keepAlive });
  const [a = "", b = ""] = gatewayTargets(c);
  const closed = {
    method: "POST",
    path: "/letters",
    status: 502,
    words: "backend_connection_closed_before_data_sent_to_client",
    elapsedMs: 4,
  };
  return google(c, "mail.example.org", [
    ...ordinary([a, b], "-58m", 8),
    ...at(sparse, { ...closed, target: a }),
    ...at(["-25m51s"], { ...closed, target: b }),
  ]);
}

const reuse: CorpusCase[] = [
  defineCase({
    id: "balancer-reuses-what-the-gateway-closes",
    title: "The gateway closes idle connections after 75 s that the load balancer keeps for ten minutes",
    source: "kubernetes/ingress-gce#769",
    target: "mail.example.org/",
    build: () => reused(undefined),
    expect: { status: "explained", causes: ["lb-backend-keepalive-race"], share: 1 },
  }),
  defineCase({
    id: "balancer-reuses-what-the-gateway-keeps",
    title: "The same closed connections, and the gateway keeps idle ones for longer than the load balancer",
    target: "mail.example.org/",
    twinOf: "balancer-reuses-what-the-gateway-closes",
    differs: "keep-alive of the gateway is 650 s",
    build: () => reused("650"),
    expect: unexplained,
  }),
];

/** An answer of some users that the load balancer drops. */
function dropped(words: string) {
  const c = shop("club", { app: "members", host: "club.example.net" });
  const [a = "", b = ""] = gatewayTargets(c);
  const seen = { method: "GET", path: "/me/badges", status: 502, elapsedMs: 31, words };
  return google(c, "club.example.net", [
    ...ordinary([a, b]),
    ...at(["-50m", "-49m", "-31m", "-12m"], { ...seen, target: a }),
    ...at(["-40m", "-8m"], { ...seen, target: b }),
  ]);
}

const answers: CorpusCase[] = [
  defineCase({
    id: "balancer-drops-long-headers",
    title: "A page sets a cookie for each badge and the load balancer drops the answer of members with many",
    target: "club.example.net/",
    build: () => dropped("backend_response_headers_too_long"),
    expect: { status: "explained", causes: ["lb-response-header-limit"], share: 1 },
  }),
  defineCase({
    id: "balancer-drops-corrupt-answers",
    title: "The same answers are dropped because they are no HTTP",
    target: "club.example.net/",
    twinOf: "balancer-drops-long-headers",
    differs: "the load balancer calls the answer corrupted, not its header too long",
    build: () => dropped("backend_response_corrupted"),
    expect: unexplained,
  }),
];

export const cases: CorpusCase[] = [...targets, ...reuse, ...answers];
