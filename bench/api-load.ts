import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { serveCluster } from "../lab/api-server/serve.ts";
import { newAccounting } from "../src/gather/cluster/options.ts";
import { gatherCluster } from "../src/gather/sources/cluster.ts";
import { parseTarget } from "../src/target/target.ts";
import { podCount, syntheticCluster } from "./synthetic-cluster.ts";

/**
 * What one diagnosis asks of the API server of a large cluster. `node bench/api-load.ts` serves a
 * synthetic cluster from one process and gathers from others, so that the memory is the gatherer's own.
 */

const size = { namespaces: 200, servicesPerNamespace: 20, podsPerService: 5 };

const runs: readonly {
  readonly label: string;
  readonly target: string;
  readonly flags: readonly string[];
}[] = [
  { label: "one route", target: "team-0.example.com/svc-0", flags: [] },
  { label: "one Service", target: "service/svc-0", flags: ["-n", "team-0"] },
  { label: "one namespace", target: "", flags: ["-n", "team-0"] },
  { label: "every route", target: "", flags: [] },
];

async function main(): Promise<void> {
  const [mode, ...rest] = process.argv.slice(2);
  if (mode === "--serve") return serve();
  if (mode === "--gather") return gather(rest);
  const server = spawn(process.execPath, [import.meta.filename, "--serve"], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  try {
    const [kubeconfig] = (await once(createInterface(server.stdout), "line")) as [string];
    process.stdout.write(`${podCount(size)} pods in ${size.namespaces} namespaces\n\n`);
    process.stdout.write(
      row(["asked about", "API calls", "body MB", "wire MB", "objects", "logs kB", "ms", "CPU ms", "RSS MB"]),
    );
    for (const run of runs) {
      // oxlint-disable-next-line no-await-in-loop -- two at once would measure each other
      process.stdout.write(await measured(kubeconfig, run));
    }
  } finally {
    server.stdin.end();
  }
}

async function measured(kubeconfig: string, run: (typeof runs)[number]): Promise<string> {
  const argv = [import.meta.filename, "--gather", kubeconfig, run.target, ...run.flags];
  const { stdout } = await promisify(execFile)(process.execPath, argv);
  return row([run.label, ...(JSON.parse(stdout) as string[])]);
}

async function serve(): Promise<void> {
  const served = await serveCluster(syntheticCluster(size));
  process.stdout.write(`${served.kubeconfigPath}\n`);
  process.stdin.on("end", () => void served.close()).resume();
}

async function gather([kubeconfig = "", target = "", , namespace]: readonly string[]): Promise<void> {
  const accounting = newAccounting();
  const startMs = performance.now();
  const scope = namespace === undefined ? {} : { namespace };
  const asked = parseTarget(target, namespace);
  const evidence = await gatherCluster({ kubeconfig, accounting, ...scope }, asked, () => undefined);
  const ms = performance.now() - startMs;
  const objects = Object.values(evidence.objects).reduce((sum, list) => sum + list.length, 0);
  const logBytes = evidence.logs.reduce((sum, log) => sum + (log.bytes?.length ?? 0), 0);
  const cells = [
    String(accounting.calls),
    megabytes(accounting.bytes),
    megabytes(accounting.wireBytes),
    String(objects),
    (logBytes / 1e3).toFixed(0),
    ms.toFixed(0),
    (process.cpuUsage().user / 1000).toFixed(0),
    (process.resourceUsage().maxRSS / 1024).toFixed(0),
  ];
  process.stdout.write(JSON.stringify(cells));
}

const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(2);

const row = ([label = "", ...cells]: readonly string[]): string =>
  `${label.padEnd(16)}${cells.map((cell) => cell.padStart(10)).join("")}\n`;

await main();
