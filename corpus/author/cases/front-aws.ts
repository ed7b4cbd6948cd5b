import { type CorpusCase, defineCase, type Expectation } from "../case.ts";
import { AppHandle } from "../cluster/app.ts";
import { direct, key, logged } from "../front/direct.ts";
import { at, every, ordinary } from "../front/front-log.ts";

const healthy: Expectation = { status: "healthy", causes: [] };
const unexplained: Expectation = { status: "unexplained", causes: [] };

/** One of three pods never answers a connect of the load balancer. */
function blocked(lostNode: boolean) {
  const c = direct("maps", "tiles", "tiles.example.com");
  const [silent, ...others] = c.pods("tiles");
  if (silent === undefined) throw new Error("no pod");
  const waited = { method: "GET", path: "/14/8800/5373.png", status: 504, elapsedMs: 10_003 };
  if (lostNode) {
    c.loseNode(silent.node, "-21m");
    for (const p of c.pods("tiles").filter((p) => p.node === silent.node)) p.notReady({ since: "-21m" });
  }
  const serving = others.filter((p) => p.node !== silent.node).map((p) => p.address);
  return logged(c, "tiles.example.com", [
    ...ordinary(serving),
    ...at(every("-20m", 31, 36), { ...waited, target: silent.address }),
  ]);
}

const reach: CorpusCase[] = [
  defineCase({
    id: "balancer-connects-unanswered",
    title: "A security group lets the load balancer reach the nodes of one subnet only",
    source: "kubernetes-sigs/aws-load-balancer-controller#1276",
    target: "tiles.example.com/",
    build: () => blocked(false),
    expect: { status: "explained", causes: ["lb-target-connection-blocked"], share: 1 },
  }),
  defineCase({
    id: "balancer-connects-unanswered-by-a-lost-node",
    title: "The same connects go unanswered because the pod's node is gone",
    target: "tiles.example.com/",
    twinOf: "balancer-connects-unanswered",
    differs: "the node of the silent pod is not ready",
    build: () => blocked(true),
    expect: { status: "explained", causes: ["node-not-ready"], share: 1 },
  }),
];

/** A rolling update; requests still go to its old pods for some seconds. */
function updated(prestop: number) {
  const c = direct("shop", "checkout", "pay.example.com");
  c.app("checkout", {
    replicas: 3,
    port: 8080,
    ...(prestop === 0 ? {} : { preStopSeconds: prestop, graceSeconds: prestop + 30 }),
  });
  const before = c.pods("checkout").map((p) => p.address);
  const { oldPods, newPods } = c.rollout("checkout", {
    at: "-16m",
    old: "deleted",
    to: { image: "registry.example.com/checkout:2.7.1" },
  });
  const late = oldPods.flatMap((p) => {
    const stopped = Date.parse(AppHandle.deletedAt(p));
    return [1500, 4200, 9800].map((ms) => ({
      atMs: stopped + ms,
      method: "GET",
      path: "/basket",
      status: 502,
      elapsedMs: 2,
      target: p.address,
    }));
  });
  return logged(c, "pay.example.com", [
    ...ordinary(before).filter((s) => s.atMs < Date.parse(AppHandle.deletedAt(oldPods[0]!))),
    ...ordinary(
      newPods.map((p) => p.address),
      "-13m",
    ),
    ...(prestop === 0 ? late : []),
  ]);
}

const lifecycle: CorpusCase[] = [
  defineCase({
    id: "balancer-sends-to-stopped-pods",
    title: "In each update the load balancer sends to pods that have stopped, for seconds",
    source: "kubernetes-sigs/aws-load-balancer-controller#1064",
    target: "pay.example.com/",
    build: () => updated(0),
    expect: { status: "explained", causes: ["lb-deregistration-race"], share: 1 },
  }),
  defineCase({
    id: "balancer-lets-go-of-waiting-pods",
    title: "The same update, and pods wait before they stop",
    target: "pay.example.com/",
    twinOf: "balancer-sends-to-stopped-pods",
    differs: "a preStop hook waits 40 s",
    build: () => updated(40),
    expect: healthy,
  }),
];

/** The rule of the Ingress answers by itself; which Services there are was not read. */
function fixed(annotations: Record<string, string>) {
  const c = direct("campus", "courses", "courses.example.edu", annotations);
  c.unknown("services", "forbidden: cannot list services");
  c.unknown("endpointslices", "forbidden: cannot list endpointslices");
  const seen = at(every("-18m", 7, 120), {
    method: "GET",
    path: "/catalogue",
    status: 503,
    elapsedMs: 0,
    words: "fixed-response",
  });
  return logged(c, "courses.example.edu", seen);
}

const downtime = JSON.stringify({
  type: "fixed-response",
  fixedResponseConfig: { contentType: "text/plain", statusCode: "503", messageBody: "back at noon" },
});

const rules: CorpusCase[] = [
  defineCase({
    id: "balancer-rule-without-a-backend",
    title: "The Ingress names a Service that its controller does not find, and the rule answers 503",
    source: "kubernetes-sigs/aws-load-balancer-controller#2807",
    target: "courses.example.edu/",
    build: () => fixed({}),
    expect: { status: "explained", causes: ["lb-fixed-response-missing-service"], share: 1 },
  }),
  defineCase({
    id: "balancer-rule-for-a-downtime",
    title: "The Ingress itself asks for a fixed 503 during a downtime",
    target: "courses.example.edu/",
    twinOf: "balancer-rule-without-a-backend",
    differs: "an annotation of the Ingress defines the fixed response",
    build: () => fixed({ [key("actions.downtime")]: downtime }),
    expect: unexplained,
  }),
];

function calls(status: number, answered?: number) {
  const c = direct("rides", "dispatch", "api.rides.example", { [key("backend-protocol-version")]: "GRPC" });
  const [target = ""] = c.pods("dispatch").map((p) => p.address);
  const call = { method: "POST", path: "/rides.Dispatch/Assign", status, elapsedMs: 1 };
  return logged(
    c,
    "api.rides.example",
    at(every("-19m", 11, 60), answered === undefined ? call : { ...call, answered, target, elapsedMs: 14 }),
  );
}

function login(fails: boolean) {
  const c = direct("intranet", "wiki", "wiki.corp.example");
  const pods = c.pods("wiki").map((p) => p.address);
  const moments = ["-50m", "-44m", "-31m", "-28m", "-11m", "-4m"];
  const back = { method: "GET", path: "/oauth2/idpresponse", elapsedMs: 5012 };
  return logged(c, "wiki.corp.example", [
    ...ordinary(pods),
    ...(fails
      ? at(moments, { ...back, status: 561, words: "AuthTokenEpRequestTimeout" })
      : at(moments, { ...back, status: 302, elapsedMs: 140 })),
  ]);
}

const protocol: CorpusCase[] = [
  defineCase({
    id: "balancer-group-speaks-grpc-clients-do-not",
    title: "The target group is of gRPC and clients call in plain HTTP/1.1",
    target: "api.rides.example/",
    build: () => calls(464),
    expect: { status: "explained", causes: ["lb-protocol-version-mismatch"], share: 1 },
  }),
  defineCase({
    id: "balancer-group-and-clients-speak-grpc",
    title: "The target group is of gRPC and clients speak it",
    target: "api.rides.example/",
    twinOf: "balancer-group-speaks-grpc-clients-do-not",
    differs: "the clients speak gRPC",
    build: () => calls(200, 200),
    expect: healthy,
  }),
  defineCase({
    id: "balancer-login-provider-too-late",
    title: "The identity provider does not answer the load balancer's question for a token",
    target: "wiki.corp.example/",
    build: () => login(true),
    expect: { status: "explained", causes: ["lb-auth-idp-error"], share: 1 },
  }),
  defineCase({
    id: "balancer-login-provider-answers",
    title: "The same logins, and the identity provider answers",
    target: "wiki.corp.example/",
    twinOf: "balancer-login-provider-too-late",
    differs: "the identity provider answers in time",
    build: () => login(false),
    expect: healthy,
  }),
];

export const cases: CorpusCase[] = [...reach, ...lifecycle, ...rules, ...protocol];
