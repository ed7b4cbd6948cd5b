import { execFileSync } from "node:child_process";
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startPrometheus } from "../../lab/metrics/start-prometheus.ts";
import { noonMs } from "./shop.ts";

/** One series: its labels in text, and its value so many minutes before noon; no value where nothing was scraped. */
export interface Series {
  readonly name: string;
  readonly labels: string;
  readonly at: (minutesBefore: number) => number | undefined;
}

export interface Backfilled {
  readonly url: string;
  stop(): Promise<void>;
}

const scrapeMinutes = 0.5;
const spanMinutes = 70;

/** A real Prometheus that has scraped these series every half minute for 70 minutes up to noon. */
export async function backfilled(series: readonly Series[]): Promise<Backfilled> {
  const folder = mkdtempSync(join(tmpdir(), "why5xx-prometheus-"));
  const input = join(folder, "series.txt");
  const data = join(folder, "data");
  mkdirSync(data);
  writeFileSync(input, openMetrics(series));
  execFileSync("promtool", ["tsdb", "create-blocks-from", "openmetrics", input, data], { stdio: "pipe" });
  const prometheus = await startPrometheus("", { folder });
  return {
    url: prometheus.url,
    stop: async () => {
      await prometheus.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function openMetrics(series: readonly Series[]): string {
  const lines = [...Map.groupBy(series, ({ name }) => name)].flatMap(([name, own]) => [
    `# TYPE ${name} unknown`,
    ...own.flatMap(({ labels, at }) => {
      const points: string[] = [];
      for (let before = spanMinutes; before >= 0; before -= scrapeMinutes) {
        const value = at(before);
        const seconds = (noonMs - before * 60_000) / 1000;
        if (value !== undefined) points.push(`${name}{${labels}} ${value} ${seconds}`);
      }
      return points;
    }),
  ]);
  return `${lines.join("\n")}\n# EOF\n`;
}
