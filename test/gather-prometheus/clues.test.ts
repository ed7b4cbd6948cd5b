import { describe, expect, it } from "vitest";
import { evidenceOf, frozenCases, targetOf } from "../../corpus/frozen-cases.ts";
import { catalogue } from "../../src/causes/catalogue.ts";
import { metricRequests } from "../../src/derive/metric-requests.ts";
import { resolveRoutes } from "../../src/derive/routes.ts";
import type { Evidence } from "../../src/evidence/evidence.ts";
import type { MetricName, MetricSeries } from "../../src/evidence/metrics.ts";
import type { FindingReport } from "../../src/report/report.ts";
import { parseTarget } from "../../src/target/target.ts";
import { diagnose } from "../../src/verdict/diagnose.ts";
import { shop } from "./shop.ts";

type Labels = MetricSeries["labels"];
type SeriesOf = (evidence: Evidence) => readonly (readonly [Labels, number])[];

const stepMs = 30_000;
const server = "http://127.0.0.1:9090";

/** The same value at every look of the last two hours. */
function withConstant(evidence: Evidence, name: MetricName, series: ReturnType<SeriesOf>): Evidence {
  const toMs = Date.parse(evidence.collectedAt);
  const fromMs = toMs - 240 * stepMs;
  const points = (value: number): MetricSeries["points"] =>
    Array.from({ length: 241 }, (_, i) => [fromMs + i * stepMs, value] as const);
  return {
    ...evidence,
    metrics: {
      server,
      from: new Date(fromMs).toISOString(),
      to: evidence.collectedAt,
      stepSeconds: stepMs / 1000,
      queries: [
        {
          name,
          expression: `up{pod="it's"}`,
          series: series.map(([labels, value]) => ({ labels, points: points(value) })),
        },
      ],
    },
  };
}

const ofEveryContainer =
  (value: number): SeriesOf =>
  ({ objects }) =>
    (objects.pods ?? []).flatMap(({ metadata, spec }) =>
      (spec?.containers ?? []).map(({ name }) => [
        { namespace: metadata!.namespace!, pod: metadata!.name!, container: name },
        value,
      ]),
    );

const desired =
  (value: number): SeriesOf =>
  ({ objects }) =>
    (objects.horizontalpodautoscalers ?? []).flatMap(({ metadata, spec }) => {
      const labels = { namespace: metadata!.namespace!, horizontalpodautoscaler: metadata!.name! };
      const named = (part: string): Labels => ({
        ...labels,
        __name__: `kube_horizontalpodautoscaler_${part}`,
      });
      return [
        [named("spec_max_replicas"), spec!.maxReplicas],
        [named("status_desired_replicas"), spec!.maxReplicas * value],
      ];
    });

const reload =
  (value: number): SeriesOf =>
  () => [[{ controller_namespace: "ingress-nginx", controller_pod: "ingress-nginx-controller" }, value]];

interface Told {
  readonly frozen: string;
  readonly cause: string;
  readonly name: MetricName;
  readonly bad: SeriesOf;
  readonly good: SeriesOf;
  readonly text: RegExp;
}

const cases: readonly Told[] = [
  {
    frozen: "application-killed-for-memory",
    cause: "oom-killed",
    name: "memory",
    bad: ofEveryContainer(0.97),
    good: ofEveryContainer(0.6),
    text: /^its memory was at 97 % of the limit at /,
  },
  {
    frozen: "liveness-times-out-when-throttled",
    cause: "liveness-probe-restart-loop",
    name: "cpu-throttling",
    bad: ofEveryContainer(0.8),
    good: ofEveryContainer(0.2),
    text: /^container \S+ of \S+ was held to its CPU limit(?: of \S+)? in 80 % of the periods at /,
  },
  {
    frozen: "readiness-times-out-on-all",
    cause: "readiness-probe-timeout-flapping",
    name: "cpu-throttling",
    bad: ofEveryContainer(0.8),
    good: ofEveryContainer(0.2),
    text: /was held to its CPU limit(?: of \S+)? in 80 % of the periods at /,
  },
  {
    frozen: "application-pool-exhausted-in-bursts",
    cause: "worker-pool-exhausted",
    name: "cpu-throttling",
    bad: ofEveryContainer(0.8),
    good: ofEveryContainer(0.2),
    text: /was held to its CPU limit(?: of \S+)? in 80 % of the periods at /,
  },
  {
    frozen: "autoscaler-at-maximum-under-load",
    cause: "hpa-max-replicas",
    name: "autoscaler",
    bad: desired(1),
    good: desired(0.5),
    text: /^it wanted \d+ replicas, all that it may have, from /,
  },
  {
    frozen: "gateway-cannot-load-new-host",
    cause: "config-reload-failure",
    name: "config-reload",
    bad: reload(0),
    good: reload(1),
    text: /^its metric says that the last reload failed, from /,
  },
];

describe("what metrics add to a cause that stands", () => {
  it.each(cases)("$cause: $name", async ({ frozen: id, cause, name, bad, good, text }) => {
    const frozen = frozenCases().find((c) => c.id === id)!;
    const evidence = await evidenceOf(frozen);
    const findings = (of: Evidence): readonly FindingReport[] =>
      diagnose(of, targetOf(frozen), catalogue).targets[0]!.findings.filter((f) => f.state === "supported");
    const [plain, worse, well] = [
      findings(evidence),
      findings(withConstant(evidence, name, bad(evidence))),
      findings(withConstant(evidence, name, good(evidence))),
    ];
    const of = (all: readonly FindingReport[]): FindingReport => all.find((f) => f.cause === cause)!;
    const clue = of(worse).clues.find((c) => text.test(c.text));
    expect(clue).toMatchObject({ for: true, weight: "moderate", source: expect.stringContaining(server) });
    expect(of(worse).confidence).toBeGreaterThanOrEqual(of(plain).confidence);
    expect(worse.map((f) => f.cause)).toEqual(plain.map((f) => f.cause));
    expect(well).toEqual(plain);
  });

  it("a command that asks again is quoted for a shell", async () => {
    const frozen = frozenCases().find((c) => c.id === "application-killed-for-memory")!;
    const evidence = await evidenceOf(frozen);
    const told = withConstant(evidence, "memory", ofEveryContainer(0.97)(evidence));
    const { findings } = diagnose(told, targetOf(frozen), catalogue).targets[0]!;
    const clues = findings.flatMap((f) => f.clues).filter((c) => c.text.startsWith("its memory was"));
    expect(clues.map((c) => c.see)).toEqual([
      `curl -sG ${server}/api/v1/query --data-urlencode 'query=up{pod="it'\\''s"}'`,
    ]);
  });

  it("a pod that is gone and was killed for memory is a reason to look, and no accusation", () => {
    const labels = { namespace: "shop", pod: "cart-5d9f7c-zzzzz", container: "cart", reason: "OOMKilled" };
    const told = withConstant(shop(), "oom-kills", [[labels, 1]]);
    const { findings } = diagnose(told, parseTarget("shop.example.com/cart", undefined), catalogue)
      .targets[0]!;
    expect(findings.find((f) => f.cause === "oom-killed")).toMatchObject({
      state: "undecided",
      why: expect.stringMatching(/^shop\/cart-5d9f7c-zzzzz was OOMKilled before .+ is gone/),
    });
  });
});

describe("whose request it was, as each gateway names it", () => {
  const [route] = resolveRoutes(shop(), parseTarget("shop.example.com/cart", undefined)).routes;
  const nginx = { ingress: "cart", namespace: "shop", service: "cart", status: "503", controller_pod: "a" };
  const istio = {
    destination_service_name: "cart",
    destination_service_namespace: "shop",
    response_code: "503",
  };
  const countedOf = (labels: Labels): unknown => {
    const points = [0, 1, 2].map((i) => [i * stepMs, i * 5] as const);
    const query = { name: "requests" as const, expression: "e", series: [{ labels, points }] };
    const counted = metricRequests([query], [], route!, stepMs);
    return counted.state === "present" ? [counted.value.requests, counted.value.failed] : counted.state;
  };

  it.each<[string, Labels]>([
    ["ingress-nginx", nginx],
    ["HAProxy, jcmoraisjr", { proxy: "shop_cart_http", code: "5xx" }],
    ["HAProxy, haproxytech", { proxy: "shop_svc_cart_http", code: "5xx" }],
    ["Traefik", { service: "shop-cart-80@kubernetes", code: "502" }],
    ["Traefik with its CRDs", { service: "shop-cart-80@kubernetescrd", code: "504" }],
    ["Istio", istio],
  ])("%s", (_, labels) => {
    expect(countedOf(labels)).toEqual([10, 10]);
  });

  it.each<[string, Labels]>([
    ["another Service of the Ingress", { ...nginx, service: "pay" }],
    ["an Ingress of that name elsewhere", { ...nginx, namespace: "other" }],
    ["a Service whose name begins so", { proxy: "shop_cart_old_http", code: "5xx" }],
    ["another namespace's", { proxy: "other_cart_http", code: "5xx" }],
    ["a Service of that name from a file", { service: "shop-cart-80@file", code: "502" }],
    ["a Service whose name begins so, by Traefik", { service: "shop-cart-api-80@kubernetes", code: "502" }],
    ["another destination", { ...istio, destination_service_namespace: "other" }],
    ["nobody's", {}],
  ])("not %s", (_, labels) => {
    expect(countedOf(labels)).toBe("unknown");
  });
});
