import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { faultOf } from "../../../lab/faults/all.ts";
import type { Fault, GatewayName } from "../../../lab/faults/fault.ts";
import { seededRandom } from "../../../lab/faults/random.ts";
import { launchLab } from "../../../lab/machine/launch.ts";
import { labScrapeConfig, startPrometheus } from "../../../lab/metrics/start-prometheus.ts";
import { programsOf } from "../../../lab/run/programs-of.ts";
import { controllerNames } from "../../../src/rules/controllers.ts";
import { ruleFile } from "../../../src/rules/rules.ts";
import { inNotation, type LabSeries } from "./lab-series.ts";

/**
 * Makes faults of the lab happen while a Prometheus scrapes it each second, and keeps the series that rules read:
 *
 *     npm run rules:record -- oom-killed:nginx wrong-target-port-number:haproxy
 */
for (const asked of process.argv.slice(2)) {
  const [id = "", gateway] = asked.split(":");
  const fault = faultOf(id);
  if (fault === undefined) throw new Error(`there is no fault ${id}. See: why5xx lab list`);
  // oxlint-disable-next-line no-await-in-loop -- labs run one after the other
  const file = await record(fault, (gateway ?? fault.gateways[0]) as GatewayName);
  process.stdout.write(`${file}\n`);
}

async function record(fault: Fault, gateway: GatewayName): Promise<string> {
  const seed = 1;
  const plan = fault.plan(seededRandom(seed), gateway);
  const folder = mkdtempSync(join(tmpdir(), "why5xx-series-"));
  const lab = await launchLab({
    gateway,
    seed,
    programs: programsOf(plan.objects),
    takeSignals: true,
    onNotice: (text) => process.stderr.write(`${text}\n`),
    fault: fault.id,
  });
  try {
    const prometheus = await startPrometheus(labScrapeConfig(lab.url("metrics") ?? ""), { folder });
    try {
      await lab.ask("apply", { objects: plan.objects });
      await lab.ask("settle", { timeoutMs: plan.settleMs ?? 30_000 });
      const sinceMs = Date.now() - 8000;
      await lab.ask("traffic", { seconds: plan.seconds, withSteps: true, seed });
      const series = await rangesOf(prometheus.url, sinceMs, Date.now());
      const kept: LabSeries = { fault: fault.id, gateway, seed, target: plan.target, ...series };
      const file = join(import.meta.dirname, `${fault.id}-${gateway}.json.gz`);
      writeFileSync(file, gzipSync(JSON.stringify(kept), { level: 9 }));
      return file;
    } finally {
      await prometheus.stop();
    }
  } finally {
    await lab.stop();
    rmSync(folder, { recursive: true });
  }
}

interface Answer {
  readonly data: {
    readonly result: readonly { metric: Record<string, string>; values: [number, string][] }[];
  };
}

async function rangesOf(
  url: string,
  fromMs: number,
  toMs: number,
): Promise<Pick<LabSeries, "seconds" | "series">> {
  const from = Math.floor(fromMs / 1000);
  const seconds = Math.floor(toMs / 1000) - from + 1;
  const read = JSON.stringify(ruleFile({ controllers: controllerNames, objective: 99.9 }));
  const names = ((await asked(`${url}/api/v1/label/__name__/values`)) as { data: string[] }).data.filter(
    (name) => new RegExp(`\\b${name}\\b`).test(read),
  );
  const series: Record<string, string> = {};
  for (const name of names) {
    const query = new URLSearchParams({
      query: name,
      start: String(from),
      end: String(from + seconds - 1),
      step: "1",
    });
    // oxlint-disable-next-line no-await-in-loop -- a few, of a server that just scraped
    const { data } = (await asked(`${url}/api/v1/query_range?${query}`)) as Answer;
    for (const { metric, values } of data.result) {
      const { __name__, ...labels } = metric;
      const at = new Map(values.map(([second, value]) => [second - from, Number(value)]));
      const text = Object.entries(labels).map(([label, value]) => `${label}=${JSON.stringify(value)}`);
      series[`${__name__}{${text.join(",")}}`] = inNotation(
        Array.from({ length: seconds }, (_, second) => at.get(second)),
      );
    }
  }
  return { seconds, series };
}

async function asked(url: string): Promise<unknown> {
  const answer = await fetch(url);
  const text = await answer.text();
  if (!answer.ok || !text.includes('"data":')) throw new Error(`${url} answers ${answer.status}: ${text}`);
  return JSON.parse(text);
}
