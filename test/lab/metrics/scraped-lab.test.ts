import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { faultOf } from "../../../lab/faults/all.ts";
import { seededRandom } from "../../../lab/faults/random.ts";
import { missingForNginx } from "../../../lab/gateways/nginx/requirements.ts";
import { launchLab } from "../../../lab/machine/launch.ts";
import { labScrapeConfig, startPrometheus } from "../../../lab/metrics/start-prometheus.ts";
import { hasFailed } from "../../../lab/run/run-fault.ts";
import { programsOf } from "../../../lab/run/programs-of.ts";
import { catalogue } from "../../../src/causes/catalogue.ts";
import { withMetrics } from "../../../src/gather/prometheus/gather-metrics.ts";
import { gatherCluster } from "../../../src/gather/sources/cluster.ts";
import { parseTarget } from "../../../src/target/target.ts";
import { diagnose } from "../../../src/verdict/diagnose.ts";
import { lacks } from "../../support/programs.ts";
import { needed } from "../network/inside.ts";

const cannot =
  missingForNginx() !== undefined || lacks("a lab that is scraped", ["prometheus", "--version"], ...needed);

interface ScrapeTarget {
  readonly labels: { readonly job: string };
  readonly health: string;
  readonly lastError: string;
}

describe.skipIf(cannot)("a real Prometheus that scrapes a lab", () => {
  it("counts what the clients saw, with no log read", async () => {
    const seed = 3;
    const fault = faultOf("app-emitted-5xx")!;
    const plan = fault.plan(seededRandom(seed), "nginx");
    const folder = mkdtempSync(join(tmpdir(), "why5xx-scraped-"));
    const lab = await launchLab({
      gateway: "nginx",
      seed,
      fault: fault.id,
      programs: programsOf(plan.objects),
    });
    const prometheus = await startPrometheus(labScrapeConfig(lab.url("metrics")!), { folder });
    try {
      await lab.ask("apply", { objects: plan.objects });
      await lab.ask("settle", { timeoutMs: 30_000 });
      const { tried } = await lab.ask("traffic", { seconds: 6, withSteps: true, seed });
      // Workers tell the controller once a second, and it is looked at once a second.
      await sleep(2500);

      const answered = await fetch(`${prometheus.url}/api/v1/targets?state=active`);
      const { data } = (await answered.json()) as { data: { activeTargets: readonly ScrapeTarget[] } };
      const jobs = data.activeTargets.map(({ labels, health, lastError }) => [labels.job, health, lastError]);
      expect(jobs.toSorted()).toEqual([
        ["ingress-nginx", "up", ""],
        ["kube-state-metrics", "up", ""],
        ["kubelet", "up", ""],
        ["kubelet", "up", ""],
        ["kubelet", "up", ""],
      ]);

      const target = parseTarget(plan.target, undefined);
      const cluster = await gatherCluster({ kubeconfig: lab.kubeconfigPath }, target, () => {});
      const evidence = await withMetrics(
        { ...cluster, logs: [] },
        target,
        { url: prometheus.url, sinceMs: 120_000 },
        () => {},
      );
      expect(
        evidence.metrics!.queries.filter(({ name }) => name !== "cpu-throttling" && name !== "memory"),
      ).toEqual(
        expect.arrayContaining(
          ["requests", "latency", "config-reload", "restarts", "ready-endpoints"].map((name) =>
            expect.objectContaining({ name, series: expect.arrayContaining([expect.anything()]) }),
          ),
        ),
      );
      const { symptom } = diagnose(evidence, target, catalogue).targets[0]!;
      const failed = tried.filter(hasFailed);
      expect(failed.length).toBeGreaterThan(5);
      const codes = Object.fromEntries(
        [...Map.groupBy(failed, ({ status }) => String(status))].map(([code, all]) => [code, all.length]),
      );
      expect({ ...symptom, requests: 0, from: "", to: "" }).toMatchObject({
        countedBy: "metrics",
        failed: failed.length,
        codes,
      });
    } finally {
      await prometheus.stop();
      await lab.stop();
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
