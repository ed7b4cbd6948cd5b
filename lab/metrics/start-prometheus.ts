import { spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { LabProblem } from "../machine/lab-problem.ts";

/** A real Prometheus on 127.0.0.1. */
export interface Prometheus {
  readonly url: string;
  /** Its storage, for promtool: tsdb dump. */
  readonly dataFolder: string;
  stop(): Promise<void>;
}

export interface PrometheusOptions {
  /** For configuration and storage; is made. */
  readonly folder: string;
  /** Default 1000. */
  readonly scrapeIntervalMs?: number;
  /** Instead of a free one. */
  readonly port?: number;
}

/** What scrapes a lab: `url` is its metrics door. Labels of the exporters win, as in the usual monitors. */
export function labScrapeConfig(url: string): string {
  return `scrape_configs:
  - job_name: lab
    honor_labels: true
    http_sd_configs:
      - url: ${url}/targets
        refresh_interval: 1s
    relabel_configs:
      - target_label: __address__
        replacement: ${new URL(url).host}
`;
}

/**
 * Starts Prometheus with these scrape configs and resolves when it is ready.
 * @throws LabProblem when it is not installed or does not start, with its last words
 */
export async function startPrometheus(
  scrapeConfigs: string,
  { folder, scrapeIntervalMs = 1000, port: wanted }: PrometheusOptions,
): Promise<Prometheus> {
  const dataFolder = join(folder, "data");
  mkdirSync(dataFolder, { recursive: true });
  const config = join(folder, "prometheus.yml");
  const interval = `${scrapeIntervalMs}ms`;
  writeFileSync(
    config,
    `global:\n  scrape_interval: ${interval}\n  scrape_timeout: ${interval}\n  evaluation_interval: ${interval}\n${scrapeConfigs}`,
  );
  const port = wanted ?? (await freePort());
  const url = `http://127.0.0.1:${port}`;
  const child = spawn(
    "prometheus",
    [
      `--config.file=${config}`,
      `--storage.tsdb.path=${dataFolder}`,
      `--web.listen-address=127.0.0.1:${port}`,
      "--log.level=warn",
    ],
    { stdio: ["ignore", "ignore", "pipe"] },
  );
  let words = "";
  child.stderr.on("data", (bytes: Buffer) => (words = (words + bytes.toString()).slice(-2000)));
  let hasEnded = false;
  const ended = new Promise<void>((resolve) => {
    const end = (): void => {
      hasEnded = true;
      resolve();
    };
    child.once("exit", end);
    child.once("error", (error) => {
      words += error.message;
      end();
    });
  });
  const stop = (): Promise<void> => {
    child.kill("SIGTERM");
    return ended;
  };
  for (let tries = 0; !(await isReady(url)); tries += 1) {
    if (hasEnded || tries > 300) {
      await stop();
      throw new LabProblem(
        `Prometheus did not start: ${words.trim()}. Install it with: apt install prometheus`,
      );
    }
    await sleep(100);
  }
  return { url, dataFolder, stop };
}

const isReady = (url: string): Promise<boolean> =>
  fetch(`${url}/-/ready`).then(
    ({ ok }) => ok,
    () => false,
  );

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject).listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
