import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { catalogue } from "../../src/causes/catalogue.ts";
import type { Evidence } from "../../src/evidence/evidence.ts";
import { writeBundle } from "../../src/evidence/write-bundle.ts";
import { openSource } from "../../src/gather/open-source.ts";
import { withMetrics } from "../../src/gather/prometheus/gather-metrics.ts";
import type { TargetReport } from "../../src/report/report.ts";
import { parseTarget } from "../../src/target/target.ts";
import { diagnose } from "../../src/verdict/diagnose.ts";
import { lacks } from "../support/programs.ts";
import { type Backfilled, backfilled, type Series } from "./backfilled.ts";
import { address, amid, autoscaler, cadvisor, ofPod, reload, requests } from "./series.ts";
import { pod, shop } from "./shop.ts";

const target = parseTarget("shop.example.com/cart", undefined);

const asked = (evidence: Evidence, { url }: Backfilled, sinceMs = 3_600_000): Promise<Evidence> =>
  withMetrics(evidence, target, { url, sinceMs }, () => {});

const told = (evidence: Evidence): TargetReport => diagnose(evidence, target, catalogue).targets[0]!;
const sentences = (evidence: Evidence): string[] => (told(evidence).metrics ?? []).map(({ text }) => text);

const supported = (of: Evidence): string[] =>
  told(of)
    .findings.filter((f) => f.state === "supported")
    .map((f) => f.cause);

const again = (series: Series): Series[] => [
  { ...series, labels: `${series.labels},job="a"` },
  { ...series, labels: `${series.labels},job="b"` },
];

const steady = (before: number): number => (70 - before) * 600;
/** 40 failures within two minutes; the counter is there from the first of them on. */
const failing = (before: number): number | undefined =>
  before > 20 ? undefined : Math.min(40, (20.5 - before) * 20);

const isWithout = lacks(
  "what a real Prometheus tells",
  ["prometheus", "--version"],
  ["promtool", "--version"],
);

describe.skipIf(isWithout)("a real Prometheus", () => {
  const running: Backfilled[] = [];
  const holding = async (...series: readonly Series[]): Promise<Backfilled> => {
    const prometheus = await backfilled(series);
    running.push(prometheus);
    return prometheus;
  };
  let whole: Backfilled;
  beforeAll(async () => {
    whole = await holding(
      requests("200", steady),
      requests("503", failing),
      // Of another Ingress and of another namespace's Ingress of this name: not this route's.
      requests("503", (b) => steady(b) * 7, { ingress: "other" }),
      reload((b) => (amid(10, 5)(b) ? 0 : 1)),
      ...cadvisor("container_cpu_cfs_periods_total", "aaaaa", steady),
      ...cadvisor("container_cpu_cfs_throttled_periods_total", "aaaaa", (b) => Math.max(0, 20 - b) * 500),
      ...cadvisor("container_memory_working_set_bytes", "bbbbb", (b) => (b === 15 ? 260e6 : 200e6)),
      ...cadvisor("container_spec_memory_limit_bytes", "bbbbb", () => 256 * 2 ** 20),
      ofPod("kube_pod_container_status_restarts_total", "bbbbb", "", (b) => (b < 15 ? 1 : 0)),
      ofPod("kube_pod_container_status_last_terminated_reason", "bbbbb", ',reason="OOMKilled"', (b) =>
        b < 15 ? 1 : undefined,
      ),
      autoscaler("spec_max_replicas", () => 3),
      autoscaler("status_desired_replicas", (b) => (b < 30 ? 3 : 2)),
      autoscaler("status_current_replicas", (b) => (b < 30 ? 3 : 2)),
      address("10.0.1.1", true, (b) => (amid(40, 25)(b) ? undefined : 1)),
      address("10.0.1.1", false, (b) => (amid(40, 25)(b) ? 1 : undefined)),
      address("10.0.1.2", true, (b) => (b < 20 ? 1 : undefined)),
    );
  });
  afterAll(() => Promise.all(running.map((prometheus) => prometheus.stop())));

  it("counts requests and failures where there is no log, from a counter's first failure on", async () => {
    const { symptom, status, headline } = told(await asked(shop(), whole));
    expect(symptom).toEqual({
      counted: true,
      countedBy: "metrics",
      requests: 36_040,
      failed: 40,
      masked: 0,
      codes: { "503": 40 },
      classes: {},
      pattern: "burst",
      from: "2026-01-01T11:39:30.000Z",
      to: "2026-01-01T11:41:30.000Z",
    });
    expect(status).toBe("unexplained");
    expect(headline).toBe("40 of 36040 requests failed, and nothing that was read says why");
  });

  it("says what each exporter tells of the route's objects", async () => {
    expect(sentences(await asked(shop(), whole))).toEqual([
      "36040 requests counted, 40 failed (503 ×40), from 11:39:30 to 11:41:30",
      "the last reload of ingress-nginx-1 had failed from 11:50:00 to 11:55:00",
      // Without the mark that a scrape leaves, a series is held to be there for five minutes more, or half a minute less.
      expect.stringMatching(/^ready endpoints: 0 to 2, fewest at 11:(?:24:30|25:00)$/),
      expect.stringMatching(/^no ready endpoint from 11:(?:24:30|25:00) to 11:35:00$/),
      `container cart of ${pod("bbbbb")} restarted once, last by 11:45:30`,
      `container cart of ${pod("bbbbb")} was OOMKilled, seen from 11:45:30 on`,
      `container cart of ${pod("aaaaa")} was held to its CPU limit in up to 83% of the periods (11:44:00)`,
      `container cart of ${pod("bbbbb")} used up to 97% of its memory limit (11:45:00)`,
      "autoscaler cart wanted at most 3 of 3 replicas, the maximum from 11:30:30 to 12:00:00",
    ]);
  });

  it("accuses nobody by itself: what the objects rule out is at most undecided", async () => {
    const { findings } = told(await asked(shop(), whole));
    expect(findings.filter((f) => f.state === "supported")).toEqual([]);
    const empty = findings.find((f) => f.cause === "no-endpoints-pods-not-ready");
    expect(empty?.state).toBe("undecided");
    expect(empty?.why).toMatch(
      /^3 of 3 selected pods are ready, and none was from 2026-01-01T11:2.+, says Prometheus$/,
    );
  });

  it("counts once what is scraped twice, and an address once for all its ports", async () => {
    const second = address("10.0.1.1", true, () => 1);
    const twice = await holding(
      ...again(requests("200", steady)),
      ...again(requests("503", failing)),
      ...again(second),
      { ...second, labels: second.labels.replace('port_number="8080"', 'port_number="9090"') },
    );
    const evidence = await asked(shop(), twice);
    expect([told(evidence).symptom.requests, told(evidence).symptom.codes]).toEqual([36_040, { "503": 40 }]);
    expect(sentences(evidence)).toContain("ready endpoints: 1 all the time");
  });

  it("tells the same of series that a scrape renamed, and of none that are another's", async () => {
    const renamed = await holding(
      requests("200", steady, { prefix: "exported_" }),
      requests("503", failing, { prefix: "exported_" }),
      requests("502", steady, { prefix: "exported_", ingress: "other" }),
    );
    const { symptom } = told(await asked(shop(), renamed));
    expect([symptom.requests, symptom.codes]).toEqual([36_040, { "503": 40 }]);
  });

  it("counts on over a counter that began anew, and each controller pod by itself", async () => {
    const restarted = await holding(
      requests("200", (b) => (b >= 30 ? steady(b) : (30 - b) * 600)),
      requests("502", (b) => (b >= 30 ? 500 : 30 - Math.ceil(b)), {}),
      requests("200", (b) => (b < 10 ? 100 * (10 - b) : undefined), { controllerPod: "ingress-nginx-2" }),
    );
    const { symptom } = told(await asked(shop(), restarted));
    // 60 minutes of 600 a minute, and what the second pod counted after it was first looked at.
    expect(symptom.codes).toEqual({ "502": 30 });
    expect(symptom.requests).toBe(36_000 + 950 + 30);
  });

  it("counts what came before the first look at any counter, when the gateway was looked at before", async () => {
    const late = await holding(
      requests("503", (b) => (b <= 20 ? 35 : undefined)),
      reload(() => 1),
    );
    const { symptom } = told(await asked(shop(), late));
    expect([symptom.requests, symptom.codes, symptom.pattern]).toEqual([35, { "503": 35 }, "constant"]);
  });

  it("says which exporter is missing, and knows nothing of what it would tell", async () => {
    const only = await holding(requests("200", steady));
    const evidence = await asked(shop(), only);
    const reasons = evidence.losses.map(({ what, why }) => `${what.replace(only.url, "URL")}: ${why}`);
    expect(reasons.toSorted()).toEqual([
      "Prometheus at URL (autoscaler): it has no series of kube_horizontalpodautoscaler_spec_max_replicas: does it scrape kube-state-metrics?",
      "Prometheus at URL (config-reload): it has no series of nginx_ingress_controller_config_last_reload_successful: does it scrape the metrics of ingress-nginx?",
      "Prometheus at URL (cpu-throttling): it has no series of container_cpu_cfs_periods_total: does it scrape cAdvisor (the kubelets' /metrics/cadvisor)?",
      "Prometheus at URL (latency): it has no such series of these objects in this window",
      "Prometheus at URL (memory): it has no series of container_memory_working_set_bytes: does it scrape cAdvisor (the kubelets' /metrics/cadvisor)?",
      "Prometheus at URL (ready-endpoints): it has no series of kube_endpoint_address: does it scrape kube-state-metrics?",
      "Prometheus at URL (restarts, oom-kills): it has no series of kube_pod_container_status_restarts_total: does it scrape kube-state-metrics?",
    ]);
    expect(sentences(evidence)).toEqual(["36000 requests counted, none failed"]);
    expect(told(evidence).status).toBe("healthy");
  });

  it("takes a window without traffic for what it is", async () => {
    const before = await holding(
      requests("200", () => 5000),
      reload(() => 1),
    );
    const { symptom, status } = told(await asked(shop(), before));
    expect([symptom.requests, symptom.failed, status]).toEqual([0, 0, "undecided"]);
  });

  it("gives the same answer from a bundle, which holds the answers and no credential", async () => {
    const url = whole.url.replace("http://", "http://reader:hunter2secret@");
    const evidence = await withMetrics(shop(), target, { url, sinceMs: 3_600_000 }, () => {});
    const folder = mkdtempSync(join(tmpdir(), "why5xx-metrics-"));
    try {
      const out = join(folder, "bundle");
      await writeBundle(evidence, out);
      const back = await openSource(out);
      expect(back.metrics).toEqual(evidence.metrics);
      expect(told(back)).toEqual(told(evidence));
      expect(JSON.stringify(back)).not.toContain("hunter2secret");
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it("accuses nobody anew when any of its answers is lost", async () => {
    const evidence = await asked(shop(), whole);
    const { metrics } = evidence;
    const lost = metrics!.queries.map((_, at): Evidence => ({
      ...evidence,
      metrics: {
        ...metrics!,
        queries: metrics!.queries.map((query, i) =>
          i === at ? { ...query, series: [], reason: "lost" } : query,
        ),
      },
    }));
    expect(lost).toHaveLength(9);
    expect(lost.flatMap(supported)).toEqual(supported(evidence));
  });
});
