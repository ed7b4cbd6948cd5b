/**
 * What scanning logs costs, beside other programs on the same files in the same run. Build first:
 * npm run build && npm run bench:logs [-- --gigabytes 1.3 --growth 0.1,1,10 --runs 3]
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { generate } from "./log-bench/generate.ts";
import { alb, ingressNginx, json, type Kind } from "./log-bench/lines.ts";
import { type Measured, measure } from "./log-bench/measure.ts";
import { duckdb, goaccess, mawk, ours, ripgrep, type Tool } from "./log-bench/tools.ts";

const { values } = parseArgs({
  options: {
    gigabytes: { type: "string", default: "1.3" },
    growth: { type: "string", default: "" },
    runs: { type: "string", default: "3" },
  },
});
const gb = 1e9;
const mb = 1e6;

/** The fastest of some runs: what disturbs a run only makes it slower. */
function best(tool: Tool, path: string): Measured | { readonly failed: string } {
  const command = tool.command(path);
  if ("missing" in command) return { failed: command.missing };
  let fastest: Measured | undefined;
  for (let i = 0; i < Number(values.runs); i++) {
    const measured = measure(command);
    if ("failed" in measured) return measured;
    if (fastest === undefined || measured.seconds < fastest.seconds) fastest = measured;
  }
  return fastest ?? { failed: "no run" };
}

const cell = (text: string, width: number): string => text.padStart(width);

function row(label: string, textBytes: number, measured: ReturnType<typeof best>, unit?: number): string {
  if ("failed" in measured) return `${label.padEnd(44)} skipped: ${measured.failed}`;
  const { seconds, cpuSeconds, peakBytes } = measured;
  return [
    label.padEnd(44),
    cell(seconds.toFixed(2), 9),
    cell((textBytes / mb / seconds).toFixed(0), 8),
    cell((cpuSeconds / (textBytes / gb)).toFixed(2), 9),
    cell((peakBytes / mb).toFixed(0), 8),
    cell(unit === undefined ? "" : `${(seconds / unit).toFixed(2)} ×`, 9),
  ].join(" ");
}

const head = `${"".padEnd(44)} ${cell("seconds", 9)} ${cell("MB/s", 8)} ${cell("CPU s/GB", 9)} ${cell("RSS MB", 8)} ${cell("to ours", 9)}`;

interface LogFile {
  readonly path: string;
  readonly textBytes: number;
  readonly extension: string;
}

async function logOf(folder: string, kind: Kind, bytes: number): Promise<LogFile> {
  const path = join(folder, `${bytes}.${kind.extension}`);
  const lines = await generate(path, kind, bytes);
  const { size } = statSync(path);
  console.log(`${path}: ${lines} lines, ${(size / mb).toFixed(0)} MB`);
  return { path, textBytes: size, extension: kind.extension };
}

async function compare(folder: string): Promise<void> {
  const bytes = Number(values.gigabytes) * gb;
  const plain = await logOf(folder, ingressNginx, bytes);
  const { status } = spawnSync("gzip", ["-k", "-6", plain.path]);
  const gz = { ...plain, path: `${plain.path}.gz`, extension: "log.gz" };
  const others = [await logOf(folder, json, bytes / 4), await logOf(folder, alb, bytes / 4)];
  console.log(`\n${head}`);
  const unit = best(ours, plain.path);
  console.log(row("why5xx logs, plain", plain.textBytes, unit));
  const seconds = "failed" in unit ? undefined : unit.seconds;
  for (const tool of [mawk, duckdb(join(folder, "duckdb")), goaccess, ripgrep]) {
    console.log(row(tool.name, plain.textBytes, best(tool, plain.path), seconds));
  }
  for (const file of [...(status === 0 ? [gz] : []), ...others])
    console.log(row(`why5xx logs, ${file.extension}`, file.textBytes, best(ours, file.path)));
}

async function grow(folder: string): Promise<void> {
  const sizes = values.growth.split(",").filter((size) => size !== "");
  if (sizes.length === 0) return;
  console.log(`\n${head}`);
  for (const size of sizes) {
    const file = await logOf(folder, ingressNginx, Number(size) * gb);
    console.log(row(`why5xx logs, ${size} GB`, file.textBytes, best(ours, file.path)));
    rmSync(file.path);
  }
}

const folder = mkdtempSync(join(tmpdir(), "why5xx-bench-"));
console.log(`${availableParallelism()} cores, Node ${process.version}`);
try {
  await compare(folder);
  await grow(folder);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
