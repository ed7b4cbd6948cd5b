import { expect, test } from "vitest";
import type { ProbedHop } from "../../src/evidence/probed-hop.ts";
import type { Inside } from "../../src/probe/inside.ts";
import { judge } from "../../src/probe/judge.ts";
import { probeReport } from "../../src/probe/probe-report.ts";
import { originOf } from "../../src/probe/origin.ts";

type Outcome = number | "refused" | "deadline" | "forbidden" | "untrusted";

const answer = (status: number, body = ""): NonNullable<ProbedHop["answer"]> => ({
  status,
  statusText: "",
  headers: {},
  bodyBytes: body.length,
  bodyHash: body,
  bodyStart: body,
});

function hop(
  place: ProbedHop["place"],
  name: string,
  outcome: Outcome,
  more: Partial<ProbedHop> = {},
): ProbedHop {
  const via = place === "pod" || place === "gateway-pod" ? "port-forward" : "direct";
  const base = { place, name, via, timings: {}, ...more } as const;
  const problem = (phase: "connect" | "answer" | "tls", code: string): ProbedHop => ({
    ...base,
    problem: { phase, code, text: code },
  });
  if (typeof outcome === "number") return { ...base, answer: answer(outcome) };
  if (outcome === "refused") return problem("connect", "ECONNREFUSED");
  if (outcome === "deadline") return problem("answer", "deadline");
  if (outcome === "untrusted") return problem("tls", "CERT_HAS_EXPIRED");
  return { ...base, unasked: { reason: "forbidden" } };
}

const address = (outcome: Outcome) => hop("address", "shop.example.com:80", outcome);
const gateway = (outcome: Outcome) => hop("gateway", "10.0.0.7:80", outcome);
const gatewayPod = (name: string, outcome: Outcome) => hop("gateway-pod", name, outcome);
const pod = (name: string, outcome: Outcome, more: Partial<ProbedHop> = {}) =>
  hop("pod", `shop/${name}:8080`, outcome, { port: "target", isReady: true, ...more });

const inside = (more: Partial<Inside> = {}): Inside => ({
  target: "shop.example.com/",
  namespace: "shop",
  service: { name: "Service shop/web", state: "ok", note: "80 → 8080, 2 ready of 2 endpoints" },
  ready: 2,
  selected: 2,
  pods: [],
  gatewayPods: [],
  left: 0,
  notes: [],
  ...more,
});

const dns = { place: "dns", name: "shop.example.com", via: "resolver", timings: {} } as const;
const unresolved: ProbedHop = {
  ...dns,
  problem: { phase: "resolve", code: "ENOTFOUND", text: "no such name" },
};
const service = (note: string) => ({ name: "Service shop/web", state: "broken", note }) as const;

test.each<[string, readonly ProbedHop[], Partial<Inside> | undefined, readonly string[]]>([
  ["all answer", [address(200), gateway(200), pod("a", 200)], {}, []],
  ["a redirect and a 404 are answers", [address(301), pod("a", 404)], {}, []],
  ["the name does not resolve", [unresolved, gateway(200)], {}, ["the client - DNS"]],
  [
    "the name does not resolve, and the pods fail as well",
    [unresolved, gateway(503), pod("a", 503)],
    {},
    ["the client - DNS", "the pods - the application"],
  ],
  [
    "the address is closed, the gateway is not",
    [address("refused"), gateway(200), pod("a", 200)],
    {},
    ["the client - shop.example.com:80"],
  ],
  [
    "the certificate is not trusted",
    [address("untrusted"), pod("a", 200)],
    {},
    ["the client - shop.example.com:80"],
  ],
  [
    "what stands before the gateway answers 502, the gateway does not",
    [address(502), gateway(200), pod("a", 200)],
    {},
    ["shop.example.com:80 - the gateway at 10.0.0.7:80"],
  ],
  [
    "the load balancer loses what the gateway's pods answer",
    [address(502), gatewayPod("x/g-1:80", 200), pod("a", 200)],
    {},
    ["shop.example.com:80 - gateway pod x/g-1:80"],
  ],
  [
    "one of the gateway's pods fails",
    [address(200), gatewayPod("x/g-1:80", 200), gatewayPod("x/g-2:80", 503), pod("a", 200)],
    {},
    ["the load balancer - gateway pod x/g-2:80"],
  ],
  [
    "a port of the gateway's pods that was guessed wrong",
    [address(200), gatewayPod("x/g-1:80", "refused"), pod("a", 200)],
    {},
    [],
  ],
  [
    "no Service",
    [address(503)],
    { service: service("missing"), ready: undefined, selected: undefined } as unknown as Partial<Inside>,
    ["the gateway - Service shop/web"],
  ],
  [
    "no pod is selected",
    [address(503)],
    { service: service("0"), ready: 0, selected: 0 },
    ["Service shop/web - the pods"],
  ],
  [
    "pods answer and none is an endpoint",
    [address(503), pod("a", 200, { isReady: false })],
    { service: service("0"), ready: 0 },
    ["Service shop/web - the pods"],
  ],
  [
    "pods hang",
    [address("deadline"), pod("a", "deadline"), pod("b", "deadline")],
    {},
    ["the pods - the application"],
  ],
  [
    "one of two pods fails",
    [address(502), pod("a", 200), pod("b", 502)],
    {},
    ["the gateway - pod shop/b:8080"],
  ],
  ["pods may not be asked", [address(502), pod("a", "forbidden")], {}, ["the gateway - the application"]],
  ["no cluster", [address(502)], undefined, ["shop.example.com:80 - the application"]],
  [
    "pods that listen at their own address alone, behind a gateway that is well",
    [address(200), pod("a", "refused")],
    {},
    [],
  ],
  [
    "a pod that is not ready fails where no request comes",
    [address(200), pod("a", 200), pod("b", 503, { isReady: false })],
    {},
    [],
  ],
])("%s", (_, hops, within, expected) => {
  const verdict = judge({
    hops,
    ...(within === undefined ? { noInside: "no cluster" } : { inside: inside(within) }),
  });
  expect(verdict.layers.map(({ from, to }) => `${from} - ${to}`)).toEqual(expected);
  expect(verdict.state).toBe(expected.length === 0 ? "well" : "failing");
  for (const { what } of verdict.layers) expect(verdict.sentence).toContain(what);
});

test("pods alone say nothing of what stands before them, and nothing asked says nothing", () => {
  expect(judge({ hops: [pod("a", 200)], inside: inside() }).state).toBe("unknown");
  expect(judge({ hops: [], noInside: "no cluster" }).state).toBe("unknown");
});

test.each<[string, NonNullable<ProbedHop["answer"]>, readonly ProbedHop[], string]>([
  [
    "a pod gives the same",
    answer(503, "sold out"),
    [{ ...pod("a", 503), answer: answer(503, "sold out") }, pod("b", 200)],
    "application",
  ],
  [
    "all pods give the status, the gateway another page",
    answer(503, "page"),
    [pod("a", 503), pod("b", 503)],
    "application",
  ],
  [
    "some pods give the status, with another body",
    answer(503, "page"),
    [pod("a", 503), pod("b", 200)],
    "unknown",
  ],
  ["no pod gives it", answer(503, "page"), [pod("a", 200), pod("b", 404)], "gateway"],
  ["not all pods were asked", answer(503, "page"), [pod("a", 200), pod("b", "forbidden")], "unknown"],
  [
    "nginx's page, and no pod was asked",
    answer(
      503,
      "<html>\r\n<head><title>503 Service Temporarily Unavailable</title></head>\r\n<body>\r\n<center><h1>",
    ),
    [],
    "unknown",
  ],
  ["Envoy's words, and no pod was asked", answer(503, "no healthy upstream"), [], "gateway"],
  [
    "an AWS load balancer's header",
    { ...answer(502, "x"), headers: { server: "awselb/2.0" } },
    [],
    "load-balancer",
  ],
])("who made it: %s", (_, given, pods, expected) => {
  const front: ProbedHop = { ...address(200), answer: given };
  expect(originOf(front, [front, ...pods])?.who).toBe(expected);
});

test("a certificate that holds is told when most of its life is over", () => {
  const chain = [
    { subject: "a", issuer: "b", names: ["a"], from: "2026-01-01T00:00:00Z", to: "2026-04-01T00:00:00Z" },
  ];
  const hops = [{ ...address(200), tls: { protocol: "TLSv1.3", isVerified: true, chain } }];
  const notesAt = (startedAt: string): readonly string[] =>
    probeReport({ method: "GET", url: "https://a/", startedAt, next: [] }, { hops }).notes;
  expect(notesAt("2026-03-01T00:00:00Z")).toEqual([]);
  expect(notesAt("2026-03-25T00:00:00Z")).toEqual([
    "The certificate of shop.example.com:80 ends on 2026-04-01: it should have been renewed by now.",
  ]);
});
