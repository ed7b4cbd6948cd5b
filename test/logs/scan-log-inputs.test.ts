import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { LogInput } from "../../src/gather/log-files/log-input.ts";
import { scanLogInputs, type StreamingOptions } from "../../src/gather/log-scan/scan-log-inputs.ts";
import { type GatewayScan, scanGatewayLogs, trafficFor } from "../../src/logs/scan-gateway.ts";
import type { ScanFilter } from "../../src/logs/scan/filter.ts";
import { accessLine, collectedMs, errorLine, failedLine } from "./log-text.ts";

const two = (n: number): string => String(n).padStart(2, "0");
const refused = "connect() failed (111: Connection refused) while connecting to upstream";
const stalled = "upstream timed out (110: Operation timed out) while reading upstream";

/** Access, error and controller lines of half an hour, of several clients, services and pods. */
function mixedLines(count: number): string[] {
  const lines: string[] = [];
  for (let i = 0; i < count; i++) {
    const at = `14:${two(Math.floor(i / 60) % 60)}:${two(i % 60)}`;
    const time = `20/Nov/2026:${at} +0000`;
    const client = `203.0.113.${i % 17}`;
    const request = `GET /api/v1/orders/${i % 7 === 0 ? i : "list"}?page=${i} HTTP/1.1`;
    const upstream = `shop-${["orders", "web", "cart"][i % 3]}-80`;
    const address = `10.42.3.${i % 5}:8080`;
    const common = { time, client, request, upstream, address, requestId: `id${i}` };
    const error = {
      time: `2026/11/20 ${at}`,
      client,
      request,
      connection: i,
      upstream: `http://${address}/api`,
    };
    if (i % 11 === 0) lines.push(failedLine(502, common), errorLine(refused, error));
    else if (i % 13 === 0) lines.push(errorLine(stalled, error), accessLine(common));
    else if (i % 29 === 0) lines.push(failedLine(504, { ...common, duration: "60.001", times: "60.001" }));
    else if (i % 31 === 0) lines.push(accessLine({ ...common, status: 499, statuses: "-" }));
    else if (i % 37 === 0)
      lines.push(
        accessLine({
          ...common,
          address: `${address}, 10.42.3.9:8080`,
          length: "0, 5",
          times: "0.001, 0.002",
          statuses: "502, 200",
        }),
      );
    else lines.push(accessLine(common));
    if (i % 41 === 0)
      lines.push(
        `W1120 ${at}.123456       7 controller.go:1225] Service "shop/web" does not have any active Endpoint.`,
      );
    if (i % 97 === 0) lines.push(`garbage ${i}`);
  }
  return lines;
}

/** The same lines in an order that has nothing to do with time. */
const shuffled = (lines: readonly string[]): string[] =>
  lines
    .map((line, i) => ({ line, key: (i * 7919) % 10_007 }))
    .sort((a, b) => a.key - b.key)
    .map(({ line }) => line);

/** What must not depend on how the input was cut or who read it. */
function factsOf(scan: GatewayScan): unknown {
  const { kept, clients: _clients, unrecognised: _samples, ...rest } = scan;
  const traffic = trafficFor(scan, () => true);
  const keys = [...(traffic.clients?.keys ?? [])].sort((a, b) => (a.key < b.key ? -1 : 1));
  return {
    ...rest,
    kept: kept.map(({ outcome, request }) => ({ outcome, request })),
    traffic: { ...traffic, clients: keys },
  };
}

const text = (part: readonly string[]): Buffer => Buffer.from(`${part.join("\n")}\n`);
const linesOf = (scan: GatewayScan): string[] => scan.kept.map(({ request }) => request.line);

/** What a filter asks for, in the plainest words. */
function matches(line: string, filter: ScanFilter): boolean {
  const m = /^203\S+ - - \[20\/Nov\/2026:(\S+) .0000\] "\S+ (\S+) \S+" (\d+) .* \[([^\]]*)\] \[\]/.exec(line);
  if (m === null) return false;
  const [, time = "", path = "", status = "", upstream = ""] = m;
  const ms = Date.parse(`2026-11-20T${time}Z`);
  return (
    ms >= (filter.fromMs ?? 0) &&
    ms < (filter.toMs ?? Number.POSITIVE_INFINITY) &&
    path.startsWith(filter.path ?? "") &&
    (filter.service === undefined || upstream.includes(filter.service.replace("/", "-"))) &&
    new RegExp(`^${(filter.status ?? "...").replaceAll("x", ".")}$`).test(status) &&
    filter.host === undefined
  );
}

let folder = "";
const files = new Map<string, Buffer>();

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "why5xx-scan-"));
  const lines = mixedLines(900);
  const access = lines.filter((line) => line.startsWith("203"));
  const errors = lines.filter((line) => line.startsWith("2026/"));
  files.set("mixed.log", text(lines));
  files.set("shuffled.log", text(shuffled(lines)));
  files.set("access.log.1", text(access.slice(0, 400)));
  files.set("access.log", Buffer.from(access.slice(400).join("\n")));
  files.set("error.log", text(shuffled(errors)));
  files.set("crlf.log", Buffer.from(`${lines.join("\r\n")}\r\n`));
  files.set(
    "cri.log",
    text(
      lines.map((line) => `2026-11-20T${/14:\d\d:\d\d/.exec(line)?.[0] ?? "14:00:00"}.5Z stdout F ${line}`),
    ),
  );
  for (const [name, bytes] of files) writeFileSync(join(folder, name), bytes);
  writeFileSync(join(folder, "mixed.log.gz"), gzipSync(files.get("mixed.log") ?? ""));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const inputOf = (name: string): LogInput => {
  const path = join(folder, name);
  return { name, path, codec: name.endsWith(".gz") ? "gzip" : "none", sizeBytes: statSync(path).size };
};

const inMemory = (...names: string[]): GatewayScan =>
  scanGatewayLogs(
    names.map((name) => ({ name, role: "access-log", bytes: files.get(name) ?? Buffer.alloc(0) })),
    { nowMs: collectedMs },
  );

const streamed = (names: readonly string[], options: Partial<StreamingOptions>): Promise<GatewayScan> =>
  scanLogInputs(names.map(inputOf), { nowMs: collectedMs, ...options });

const sets: readonly (readonly string[])[] = [
  ["mixed.log"],
  ["shuffled.log"],
  ["access.log.1", "access.log", "error.log"],
  ["access.log", "error.log", "access.log.1"],
  ["crlf.log"],
  ["cri.log"],
];
const ways: readonly Partial<StreamingOptions>[] = [
  { workers: 0 },
  { workers: 0, rangeBytes: 300, marginBytes: 1_000_000 },
  { workers: 1, rangeBytes: 5000, marginBytes: 1_000_000 },
  { workers: 2, rangeBytes: 1000, marginBytes: 1_000_000 },
];

describe("streaming gives what scanning in memory gives", () => {
  for (const names of sets) {
    const expected = (): unknown => factsOf(inMemory(...names));
    test.each(ways)(`${names.join(", ")} with %o`, async (way) => {
      const scan = await streamed(names, way);
      expect(scan.totals.failed).toBeGreaterThan(100);
      expect(scan.totals.byClass["truncated"] ?? 0).toBeGreaterThan(20);
      expect(factsOf(scan)).toEqual(expected());
    });
  }

  test("also from a compressed file, in pieces", async () => {
    const scan = await streamed(["mixed.log.gz"], { workers: 1 });
    expect(factsOf(scan)).toEqual(factsOf(inMemory("mixed.log")));
  });
});

describe("a sample of kept requests", () => {
  test("is the same one however the input was cut, and counts are of all", async () => {
    const names = ["access.log.1", "access.log", "error.log"];
    const scans = await Promise.all(ways.map((way) => streamed(names, { ...way, maxKept: 60 })));
    expect(scans[0]?.kept.length).toBe(60);
    for (const scan of scans) {
      expect(linesOf(scan)).toEqual(linesOf(scans[0]!));
      expect(scan.totals).toEqual(inMemory(...names).totals);
    }
    expect(trafficFor(scans[0]!, () => true).cut).toContain("are kept, drawn by the hashes of their lines");
  });
});

describe("limits of waiting lines", () => {
  test("are said, and every request is counted", async () => {
    const scan = await streamed(["shuffled.log"], { workers: 0, rangeBytes: 2000, maxPending: 20 });
    expect(scan.totals.requests).toBe(inMemory("shuffled.log").totals.requests);
    expect(scan.totals.failed).toBeGreaterThan(80);
    expect(scan.losses.join()).toContain("more failed requests than can wait");
  });
});

describe("a filter", () => {
  const day = "2026-11-20T";
  const filters = [
    { fromMs: Date.parse(`${day}14:05:00Z`), toMs: Date.parse(`${day}14:07:00Z`) },
    { service: "shop/web" },
    { service: "orders", status: "5xx" },
    { path: "/api/v1/orders/7" },
    { status: "504" },
    { host: "shop.example" },
  ];

  test.each(filters)(
    "%o counts the same streaming as in memory, and as counted line by line",
    async (filter) => {
      const options = { nowMs: collectedMs, filter };
      const bytes = files.get("mixed.log") ?? Buffer.alloc(0);
      const whole = scanGatewayLogs([{ name: "mixed.log", role: "access-log", bytes }], options);
      const scan = await scanLogInputs([inputOf("mixed.log")], {
        ...options,
        workers: 0,
        rangeBytes: 3000,
        marginBytes: 1_000_000,
      });
      expect(scan.totals).toEqual(whole.totals);
      const asked = bytes
        .toString()
        .split("\n")
        .filter((line) => matches(line, filter));
      expect(scan.totals.requests).toBe(asked.length);
    },
  );

  test("by time leaves out parts of files that are in order, and only of those", async () => {
    const options = { nowMs: collectedMs, workers: 0, rangeBytes: 3000, filter: filters[0]! };
    const ordered = await scanLogInputs([inputOf("access.log")], options);
    expect(ordered.losses.join()).toMatch(
      /it runs from 20.* of it before or after the asked time were not read/,
    );
    const unordered = await scanLogInputs([inputOf("shuffled.log")], options);
    expect(unordered.losses).toEqual([]);
    expect(unordered.totals.requests).toBe(120);
  });
});

test("progress comes to the end of what is there", async () => {
  const seen: number[] = [];
  const input = inputOf("mixed.log");
  const scan = await scanLogInputs(
    [input],
    { nowMs: collectedMs, workers: 0, rangeBytes: 20_000 },
    (progress) => {
      seen.push(progress.readBytes);
      expect(progress.totalBytes).toBe(input.sizeBytes);
    },
  );
  expect(seen.at(-1)).toBe(input.sizeBytes);
  expect(seen.length).toBeGreaterThan(2);
  expect(scan.unrecognised).toHaveLength(3);
});

test("a file that has gone is a loss, not an error", async () => {
  const gone: LogInput = { name: "gone.log", path: join(folder, "gone.log"), codec: "none", sizeBytes: 1000 };
  const scan = await scanLogInputs([gone, inputOf("mixed.log")], { nowMs: collectedMs });
  expect(scan.totals.requests).toBe(inMemory("mixed.log").totals.requests);
  expect(scan.losses.join()).toContain("gone.log");
});
