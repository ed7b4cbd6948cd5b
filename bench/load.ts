/**
 * How fast `why5xx load` can be trusted to send, and what it adds to a latency, beside wrk in the same run, against one
 * nginx that answers two bytes.
 */
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { availableParallelism, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { sendLoad } from "../src/act/load/send-load.ts";

const seconds = 4;
const rates = [100, 250, 500, 1000, 2000, 4000, 6000, 8000, 12_000, 16_000];
/** A rate is honest while no more than one request in a hundred is sent later than this. */
const lateMs = 10;

const folder = mkdtempSync(join(tmpdir(), "why5xx-bench-load-"));
const port = await freePort();
const nginx = spawn("nginx", ["-p", folder, "-e", "error.log", "-c", configuration()], { stdio: "inherit" });
try {
  const [busy = 0] = loadavg();
  if (busy > 0.5)
    console.log(
      `The machine does something else meanwhile (load ${busy.toFixed(1)}): figures are too low.\n`,
    );
  await untilItAnswers();
  const table: string[][] = [
    ["sender", "asked/s", "sent/s", "p50 ms", "p99 ms", "late p99 ms", "CPU", "failed"],
  ];
  for (const connections of [1, 16, 64]) table.push(wrk(connections));
  let highest = 0;
  for (const perSecond of rates) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    const { row, isHonest, sent } = await ours(perSecond);
    table.push(row);
    if (isHonest) highest = perSecond;
    if (sent < perSecond * 0.8) break;
  }
  const widths = table[0]!.map((_, column) => Math.max(...table.map((row) => row[column]!.length)));
  for (const row of table)
    console.log(
      row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join("  "),
    );
  console.log(
    `\n${availableParallelism()} cores, nginx with one worker, ${seconds} s each. Highest honest rate of why5xx load: ${highest} a second (99 % sent within ${lateMs} ms of when they were due, none held back, none failed). wrk asks again as soon as it is answered: it has no rate of its own.`,
  );
} finally {
  nginx.kill("SIGTERM");
  rmSync(folder, { recursive: true, force: true });
}

function configuration(): string {
  const path = join(folder, "nginx.conf");
  const server = `listen 127.0.0.1:${port}; keepalive_requests 1000000; location / { return 200 'ok'; }`;
  writeFileSync(
    path,
    `daemon off; worker_processes 1; pid ${folder}/pid;
events { worker_connections 2048; }
http { access_log off; client_body_temp_path ${folder}/a; proxy_temp_path ${folder}/b; fastcgi_temp_path ${folder}/c; uwsgi_temp_path ${folder}/d; scgi_temp_path ${folder}/e; server { ${server} } }`,
  );
  return path;
}

async function ours(perSecond: number): Promise<{ row: string[]; isHonest: boolean; sent: number }> {
  const latencies: number[] = [];
  let failed = 0;
  const shot = { method: "GET", url: new URL(`http://127.0.0.1:${port}/`), isInsecure: false };
  const before = process.cpuUsage();
  const pace = await sendLoad(
    {
      shot,
      userAgent: "why5xx-load",
      perSecond,
      forMs: seconds * 1000,
      answerMs: 10_000,
      mostAtOnce: 1000,
      graceMs: 0,
    },
    {
      onEnd: ({ status, dueMs, endMs }) => {
        if (status === 200) latencies.push(endMs - dueMs);
        else failed++;
      },
    },
  );
  const { user, system } = process.cpuUsage(before);
  const late = at(pace.lateMs, 0.99);
  const isHonest = late <= lateMs && pace.heldBack === 0 && failed === 0;
  const cpu = (user + system) / 1e6 / pace.seconds;
  const sent = latencies.length / pace.seconds;
  return {
    isHonest,
    sent,
    row: [
      "why5xx load",
      String(perSecond),
      sent.toFixed(0),
      at(latencies, 0.5).toFixed(2),
      at(latencies, 0.99).toFixed(2),
      late.toFixed(2),
      `${(cpu * 100).toFixed(0)} %`,
      String(failed),
    ],
  };
}

function wrk(connections: number): string[] {
  const { stdout, error } = spawnSync(
    "wrk",
    ["-t1", `-c${connections}`, `-d${seconds}s`, "--latency", `http://127.0.0.1:${port}/`],
    { encoding: "utf8" },
  );
  if (error !== undefined) throw new Error(`wrk does not run (apt: wrk): ${error.message}`);
  const value = (pattern: RegExp): string => pattern.exec(stdout)?.[1] ?? "?";
  return [
    `wrk -c${connections}`,
    "-",
    Number(value(/Requests\/sec:\s+([\d.]+)/)).toFixed(0),
    milliseconds(value(/50%\s+(\S+)/)),
    milliseconds(value(/99%\s+(\S+)/)),
    "-",
    "-",
    value(/Non-2xx or 3xx responses: (\d+)/).replace("?", "0"),
  ];
}

/** wrk writes "812.00us", "1.20ms", "1.02s". */
function milliseconds(text: string): string {
  const [, number, unit = ""] = /^([\d.]+)(us|ms|s)$/.exec(text) ?? [];
  if (number === undefined) return "?";
  return (Number(number) * ({ us: 0.001, ms: 1, s: 1000 }[unit] ?? Number.NaN)).toFixed(2);
}

function at(values: readonly number[], part: number): number {
  return values.toSorted((a, b) => a - b)[Math.max(0, Math.ceil(values.length * part) - 1)] ?? Number.NaN;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port: free } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return free;
}

async function untilItAnswers(): Promise<void> {
  for (let i = 0; i < 100; i++) {
    // oxlint-disable-next-line no-await-in-loop -- until it does
    const ok = await fetch(`http://127.0.0.1:${port}/`).then(
      ({ status }) => status === 200,
      () => false,
    );
    if (ok) return;
    // oxlint-disable-next-line no-await-in-loop
    await sleep(50);
  }
  throw new Error("nginx does not answer");
}
