/**
 * What a start costs: the built program beside an empty Node process, in one run, so that the machine
 * is the same. Build first: npm run build && npm run bench:start
 */
import { spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../", import.meta.url));
const program = join(root, "dist/why5xx.js");
const recorded = join(root, "corpus/target-port-nobody-listens-on/bundle");
const logBytes = 20 * 1024 * 1024;
const mb = 1e6;

interface Measured {
  readonly medianMs: number;
  readonly peakBytes: number;
}

function measure(args: readonly string[], runs: number, codes: readonly number[]): Measured {
  run(args, codes); // fills the disk cache and the compile cache, as any run but a machine's first finds them
  const times = Array.from({ length: runs }, () => run(args, codes)).sort((a, b) => a - b);
  return { medianMs: times[Math.floor(runs / 2)] ?? 0, peakBytes: peak(args) };
}

function run(args: readonly string[], codes: readonly number[]): number {
  const startedMs = performance.now();
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: "utf8", maxBuffer: 1e9 });
  const tookMs = performance.now() - startedMs;
  if (!codes.includes(status ?? -1))
    throw new Error(`exit code ${status}: node ${args.join(" ")}\n${stderr}`);
  return tookMs;
}

/** In a run of its own, as asking for it costs a little. */
function peak(args: readonly string[]): number {
  const ask =
    "data:text/javascript,process.on('exit',()=>process.stderr.write('peak='+process.resourceUsage().maxRSS))";
  const { stderr } = spawnSync(process.execPath, ["--import", ask, ...args], {
    encoding: "utf8",
    maxBuffer: 1e9,
  });
  return Number(/peak=(\d+)$/.exec(stderr)?.[1]) * 1024;
}

/** A recorded incident with an hour of other requests to the same gateway before it in its log. */
function largeBundle(folder: string): void {
  cpSync(recorded, folder, { recursive: true });
  const [log] = readdirSync(join(folder, "logs"), { recursive: true, encoding: "utf8" })
    .filter((file) => /ingress-nginx.*\.log$/.test(file))
    .map((file) => join(folder, "logs", file))
    .filter((path) => statSync(path).size > 0);
  if (log === undefined) throw new Error(`${recorded} has no gateway log`);
  const lineCount = Math.ceil(logBytes / servedLine(0, 1).length);
  const served = Array.from({ length: lineCount }, (_, i) => servedLine(i, lineCount));
  writeFileSync(log, served.join("") + readFileSync(log, "utf8"));
}

/** One answered request of ingress-nginx's default format, between 09:10 and 10:10 on the day of the incident. */
function servedLine(index: number, of: number): string {
  const second = Math.floor((3599 * index) / of) + 600;
  const clock = `${second >= 3600 ? "10" : "09"}:${two(Math.floor((second % 3600) / 60))}:${two(second % 60)}`;
  const id = index.toString(16).padStart(32, "0");
  return `203.0.113.${index % 250} - - [18/Nov/2026:${clock} +0000] "GET /items/${index} HTTP/1.1" 200 640 "-" "okhttp/4.12.0" 92 0.010 [shop-items-80] [] 10.42.2.9:8080 640 0.010 200 ${id}\n`;
}

const two = (n: number): string => String(n).padStart(2, "0");

if (!existsSync(program)) throw new Error("dist/why5xx.js is missing: npm run build");
const folder = mkdtempSync(join(tmpdir(), "why5xx-bench-"));
try {
  largeBundle(folder);
  const rows: [string, Measured][] = [
    ["node -e 0", measure(["-e", "0"], 20, [0])],
    ["why5xx --version", measure([program, "--version"], 20, [0])],
    ["why5xx --help", measure([program, "--help"], 20, [0])],
    ["why5xx --from, recorded incident", measure([program, "--from", recorded], 20, [0, 1, 2])],
    ["why5xx --from, 20 MB of gateway log", measure([program, "--from", folder], 5, [0, 1, 2])],
  ];
  console.log(
    `Node ${process.version}, ${availableParallelism()} cores; median of 20 runs, of 5 for the last`,
  );
  for (const [name, { medianMs, peakBytes }] of rows) {
    console.log(
      `  ${name.padEnd(36)} ${medianMs.toFixed(0).padStart(6)} ms  peak ${(peakBytes / mb).toFixed(0).padStart(4)} MB`,
    );
  }
} finally {
  rmSync(folder, { recursive: true });
}
