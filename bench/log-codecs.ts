/**
 * What reading and decompressing a log costs, without looking at its lines: `readInput` beside the
 * system's programs and Node's zlib as it comes, in one run. node bench/log-codecs.ts [MEGABYTES]
 */
import { execFileSync, spawnSync } from "node:child_process";
import { createReadStream, createWriteStream, mkdtempSync, openSync, closeSync, rmSync } from "node:fs";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createGunzip } from "node:zlib";
import { readInput } from "../src/gather/log-files/read-input.ts";

const megabytes = Number(process.argv[2] ?? 200);
const runs = 5;

const programs = [
  { codec: "gzip", file: "access.log.gz" },
  { codec: "zstd", file: "access.log.zst" },
  { codec: "bzip2", file: "access.log.bz2" },
] as const;

/** Lines of one ingress-nginx gateway; every field that differs in real logs differs here. */
async function writeLog(path: string, sizeBytes: number): Promise<void> {
  let state = 1;
  const next = (below: number): number => {
    state = (state + 0x6d2b79f5) | 0;
    const mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    return ((mixed ^ (mixed >>> 7)) >>> 0) % below;
  };
  const agents = [
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/130.0",
    "curl/8.4.0",
    "okhttp/4.12.0",
  ];
  const file = createWriteStream(path);
  for (let written = 0, i = 0; written < sizeBytes;) {
    let lines = "";
    for (const end = i + 5000; i < end; i++) {
      const time = new Date(Date.UTC(2026, 10, 18, 10, 0, 0, i * 7)).toISOString().slice(11, 19);
      const id = `${next(2 ** 31).toString(16)}${next(2 ** 31).toString(16)}${next(2 ** 31).toString(16)}`;
      lines += `10.${next(4)}.${next(256)}.${next(256)} - - [18/Nov/2026:${time} +0000] "GET /api/cart/${next(1e6)} HTTP/1.1" ${next(50) === 0 ? 502 : 200} ${next(20_000)} "-" "${agents[next(3)]}" ${next(2000)} 0.${next(1000)} [shop-cart-80] [] 10.2.${next(8)}.${next(256)}:8080 ${next(20_000)} 0.${next(1000)} 200 ${id}\n`;
    }
    written += lines.length;
    if (!file.write(lines)) await once(file, "drain");
  }
  file.end();
  await once(file, "close");
}

interface Cost {
  readonly seconds: number;
  readonly cpuSeconds: number;
}

async function best(work: () => Promise<void>): Promise<Cost> {
  const costs: Cost[] = [];
  for (let run = 0; run < runs; run++) {
    const before = process.cpuUsage();
    const startedMs = performance.now();
    await work();
    const seconds = (performance.now() - startedMs) / 1000;
    const { user, system } = process.cpuUsage(before);
    costs.push({ seconds, cpuSeconds: (user + system) / 1e6 });
  }
  return costs.sort((a, b) => a.seconds - b.seconds)[0]!;
}

async function ours(path: string): Promise<void> {
  for await (const _ of readInput({ name: path, path, codec: "none" }, ({ why }) => fail(why)));
}

async function nodeDefault(path: string): Promise<void> {
  for await (const _ of createReadStream(path).pipe(createGunzip()));
}

function systemProgram(program: string, path: string): number {
  const seconds = Array.from({ length: runs }, () => {
    const nowhere = openSync("/dev/null", "w");
    const startedMs = performance.now();
    const { status } = spawnSync(program, ["-dcq", path], { stdio: ["ignore", nowhere, "inherit"] });
    closeSync(nowhere);
    if (status !== 0) fail(`${program} failed`);
    return (performance.now() - startedMs) / 1000;
  });
  return Math.min(...seconds);
}

function fail(why: string): never {
  throw new Error(why);
}

const folder = mkdtempSync(join(tmpdir(), "why5xx-codecs-"));
try {
  const plain = join(folder, "access.log");
  await writeLog(plain, megabytes * 1e6);
  const gigabytes = megabytes / 1000;
  const row = (what: string, { seconds, cpuSeconds }: Partial<Cost> & { seconds: number }): void => {
    const rate = `${(gigabytes / seconds).toFixed(3)} GB/s`;
    const cpu = cpuSeconds === undefined ? "" : `  ${(cpuSeconds / gigabytes).toFixed(2)} CPU s/GB`;
    process.stdout.write(`${what.padEnd(28)} ${rate}${cpu}\n`);
  };
  process.stdout.write(`${megabytes} MB of text, best of ${runs}, text out per second\n`);
  row("plain", await best(() => ours(plain)));
  for (const { codec, file } of programs) {
    const path = join(folder, file);
    execFileSync(codec, ["-kqf", plain], { stdio: "inherit" });
    row(codec, await best(() => ours(path)));
    row(`  ${codec} -dc`, { seconds: systemProgram(codec, path) });
    if (codec === "gzip") row("  Node's zlib as it comes", await best(() => nodeDefault(path)));
  }
  process.stdout.write(`peak memory ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MB\n`);
} finally {
  rmSync(folder, { recursive: true });
}
