import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { trafficFor } from "../../src/logs/scan-gateway.ts";
import { accessLine, errorLine, scanText } from "./log-text.ts";
import { peelSlowly } from "./reference-peel.ts";
import { readSlowly } from "./reference-line.ts";
import { albLine } from "./samples/aws-alb.ts";
import { klog } from "./samples/klog.ts";
import { lineWrappers } from "./samples/wrappers.ts";

/** What a log amounts to. */
interface Totals {
  readonly lines: Record<string, number>;
  readonly byStatus: Record<string, number>;
  readonly byClass: Record<string, number>;
  readonly byMinute: Record<string, number>;
  readonly byUpstream: Record<string, number>;
  /** "attempts failed" by address. */
  readonly byAddress: Record<string, string>;
}

const names = ["shop-orders-80", "shop-web-http", "shop-canary-80"];

function totalsSlowly(text: string): Totals {
  const lines = { total: 0, access: 0, error: 0, other: 0, unrecognised: 0 };
  const [byStatus, byClass, byMinute, byUpstream] = [{}, {}, {}, {}] as Record<string, number>[];
  const addresses: Record<string, [number, number]> = {};
  for (const line of peelSlowly(text)) {
    const read = readSlowly(line);
    lines.total++;
    lines[read.kind === "unknown" ? "unrecognised" : read.kind]++;
    if (read.kind !== "access") continue;
    bump(byStatus, String(Number(read.status)));
    bump(byMinute, new Date(read.endMs).toISOString().slice(0, 16));
    if (names.includes(read.upstreamName)) bump(byUpstream, read.upstreamName);
    if (read.failure !== "") bump(byClass, read.failure);
    for (const { address, failure } of read.attempts) {
      if (failure !== "") bump(byClass, failure);
      if (address === "-") continue;
      const [all, failed] = addresses[address] ?? [0, 0];
      addresses[address] = [all + 1, failed + (failure === "" ? 0 : 1)];
    }
  }
  const byAddress = Object.fromEntries(
    Object.entries(addresses).map(([address, [all, failed]]) => [address, `${all} ${failed}`]),
  );
  return {
    lines,
    byStatus: byStatus ?? {},
    byClass: byClass ?? {},
    byMinute: byMinute ?? {},
    byUpstream: byUpstream ?? {},
    byAddress,
  };
}

const bump = (counts: Record<string, number> | undefined, key: string): void => {
  if (counts !== undefined) counts[key] = (counts[key] ?? 0) + 1;
};

function totalsOf(text: string): Totals {
  const scan = scanText(text);
  const { total, access, error, other, unrecognised } = scan.lines;
  const traffic = trafficFor(scan, () => true);
  const perName = names.map((name): [string, number] => [
    name,
    trafficFor(scan, (key) => key.upstreamName === name).requests,
  ]);
  const statuses = Object.entries(traffic.byStatus).map(([status, count]): [string, number] => [
    String(Number(status)),
    count,
  ]);
  return {
    lines: { total, access, error, other, unrecognised },
    byStatus: Object.fromEntries(statuses),
    // Of every station's log: `totals` is of the innermost alone.
    byClass: { ...traffic.byClass },
    byMinute: Object.fromEntries(
      traffic.perMinute
        .filter(({ requests }) => requests > 0)
        .map(({ fromMs, requests }) => [new Date(fromMs).toISOString().slice(0, 16), requests]),
    ),
    byUpstream: Object.fromEntries(perName.filter(([, count]) => count > 0)),
    byAddress: Object.fromEntries(
      [...traffic.addresses].map(([address, { attempts, failed }]) => [address, `${attempts} ${failed}`]),
    ),
  };
}

const two = (n: number): string => String(n).padStart(2, "0");
const clock = fc.record({ minute: fc.integer({ min: 0, max: 59 }), second: fc.integer({ min: 0, max: 59 }) });
const address = fc.constantFrom("10.0.0.1:80", "10.0.0.2:8080", "[fd00::1]:80");

const attempt = fc.record({
  address: fc.oneof({ weight: 6, arbitrary: address }, fc.constantFrom("shop-web", "unix:/run/x.sock")),
  length: fc.constantFrom("0", "0", "512", "-"),
  time: fc.constantFrom("0.000", "0.004", "5.001", "60.001", "61.9", "-"),
  status: fc.constantFrom("200", "404", "500", "502", "503", "504", "-"),
  separator: fc.constantFrom(", ", ", ", " : "),
});

const nginx = fc.record({
  clock,
  method: fc.constantFrom("GET", "POST", "HEAD"),
  path: fc.constantFrom("/", "/a/17", "/b?x=502,%20504", String.raw`/\x22 502 0 \x22`),
  status: fc.constantFrom("200", "200", "200", "301", "404", "499", "500", "502", "503", "504", "009"),
  body: fc.constantFrom(0, 150, 170, 190, 160, 592, 512),
  agent: fc.constantFrom("curl", String.raw`\x22 502 1 \x22-\x22`, "] [x] [] 10.0.0.9:1 0 0.0 502"),
  name: fc.constantFrom(...names, ""),
  canary: fc.constantFrom("", "", "-", "shop-canary-80"),
  attempts: fc.array(attempt, { maxLength: 3 }),
  requestId: fc.constantFrom("abc", ", 502", ": 200 1", "] [x-80] [] 10.0.0.9:1 0 0.0 502 y"),
});

type Nginx = Parameters<Parameters<typeof nginx.map>[0]>[0];

const listOf = (r: Nginx, pick: (one: Nginx["attempts"][number]) => string): string =>
  r.attempts.length === 0
    ? "-"
    : r.attempts.map((one, i) => (i === 0 ? "" : one.separator) + pick(one)).join("");

const localTime = ({ minute, second }: { minute: number; second: number }): string =>
  `20/Nov/2026:14:${two(minute)}:${two(second)} +0000`;

const ingressLine = (r: Nginx): string =>
  accessLine({
    time: localTime(r.clock),
    request: `${r.method} ${r.path} HTTP/1.1`,
    status: r.status,
    body: r.body,
    agent: r.agent,
    upstream: r.name,
    alternative: r.canary,
    address: listOf(r, (one) => one.address),
    length: listOf(r, (one) => one.length),
    times: listOf(r, (one) => one.time),
    statuses: listOf(r, (one) => one.status),
    requestId: r.requestId,
  });

const olderLine = (r: Nginx): string =>
  ingressLine({ ...r, canary: "" }).replace(`[${r.name}] [] `, `[${r.name}] `);
const combinedLine = (r: Nginx): string =>
  `203.0.113.9 - - [${localTime(r.clock)}] "${r.method} ${r.path} HTTP/1.1" ${r.status} ${r.body} "-" "${r.agent}"`;

const jsonLine = (r: Nginx): string =>
  JSON.stringify({
    ts: `2026-11-20T14:${two(r.clock.minute)}:${two(r.clock.second)}+00:00`,
    method: r.method,
    uri: r.path,
    status: r.status,
    upstream_addr: r.attempts.length === 0 ? "" : listOf(r, (one) => one.address),
    upstream_status: r.attempts.length === 0 ? "" : listOf(r, (one) => one.status),
    upstream_response_time: r.attempts.length === 0 ? "" : listOf(r, (one) => one.time),
    proxy_upstream_name: r.name,
    user_agent: r.agent,
  });

const alb = fc.record({
  clock,
  own: fc.constantFrom("200", "404", "502", "503", "504", "460"),
  isAnswered: fc.boolean(),
  address: fc.oneof(address, fc.constant("-")),
  elapsed: fc.constantFrom(0, 5, 10, 30),
  sent: fc.boolean(),
});

const albOf = (r: Parameters<Parameters<typeof alb.map>[0]>[0]): string => {
  const endMs = Date.parse(`2026-11-20T14:${two(r.clock.minute)}:${two(r.clock.second)}.186Z`);
  const answered = r.isAnswered && r.address !== "-" && r.own !== "460";
  return albLine({
    time: new Date(endMs).toISOString().replace("Z", "641Z"),
    created: new Date(endMs - r.elapsed * 1000).toISOString().replace("Z", "641Z"),
    target: r.address,
    status: r.own,
    targetStatus: answered ? r.own : "-",
    times: answered ? "0.001 0.018 0.000" : r.sent ? "0.001 -1 -1" : "-1 -1 -1",
  });
};

const envoyLine = fc
  .record({
    clock,
    flag: fc.constantFrom("-", "-", "UH", "UT", "UC", "UO", "DC"),
    code: fc.constantFrom(200, 404, 503),
    ms: fc.constantFrom(0, 19, 15_001),
    address,
  })
  .map((r) => {
    const code = r.flag === "-" ? r.code : r.flag === "DC" ? 0 : r.flag === "UT" ? 504 : 503;
    const host = r.flag === "UH" || r.flag === "UO" ? "-" : r.address;
    const service = r.flag === "-" ? "18" : "-";
    return `[2026-11-20T14:${two(r.clock.minute)}:${two(r.clock.second)}.120Z] "GET /x HTTP/1.1" ${code} ${r.flag} 0 512 ${r.ms} ${service} "203.0.113.9" "curl" "id" "shop.example" "${host}"`;
  });

/** Of another client than every access line, so that none is joined to one. */
const stranger = { client: "198.51.100.77" };
const noise = fc.constantFrom(
  errorLine("connect() failed (111: Connection refused) while connecting to upstream", stranger),
  errorLine("upstream prematurely closed connection while reading upstream", stranger),
  klog.noEndpoint,
  klog.reloaded,
);

const garbage = fc.constantFrom(
  'garbage [20/Nov/2026:14:47:01 +0000] "GET / HTTP/1.1" 502',
  accessLine().slice(0, 120),
  "502, 502 : 504",
  "\u0000\u0001\ufffd",
  '{"status":"502"',
  "}",
  "[error] 1#1: x",
  "2026-11-20 14:47:01 something",
  "é".repeat(200),
);

const entry = fc.oneof(
  { weight: 5, arbitrary: nginx.map(ingressLine) },
  { weight: 2, arbitrary: nginx.map(olderLine) },
  { weight: 2, arbitrary: nginx.map(combinedLine) },
  { weight: 2, arbitrary: nginx.map(jsonLine) },
  { weight: 2, arbitrary: alb.map(albOf) },
  { weight: 2, arbitrary: envoyLine },
  { weight: 1, arbitrary: noise },
  { weight: 1, arbitrary: garbage },
);

/** A line as it is, wrapped, or in two CRI parts. */
const wraps = Object.values(lineWrappers).map(({ wrap }) => wrap);
const stamp = "2026-11-20T14:47:01.250000000Z";
const inParts = (line: string): string =>
  `${stamp} stderr P ${line.slice(0, 33)}\n${stamp} stderr F ${line.slice(33)}`;
const wrapped = fc.oneof(
  { weight: 3, arbitrary: entry },
  { weight: 2, arbitrary: fc.tuple(entry, fc.constantFrom(...wraps)).map(([line, wrap]) => wrap(line)) },
  { weight: 1, arbitrary: entry.map(inParts) },
);

const log = fc.array(wrapped, { maxLength: 40 });

describe("a mixed log", () => {
  test("counts as a slow reader counts it", () => {
    fc.assert(
      fc.property(log, fc.constantFrom("\n", "\r\n"), (lines, end) => {
        const text = lines.join(end);
        expect(totalsOf(text)).toEqual(totalsSlowly(text));
      }),
      { numRuns: 300 },
    );
  });

  test("counts the same in any order, and twice when it is there twice", () => {
    fc.assert(
      fc.property(
        log.chain((lines) =>
          fc.tuple(fc.constant(lines), fc.shuffledSubarray(lines, { minLength: lines.length })),
        ),
        ([lines, shuffled]) => {
          const once = totalsOf(lines.join("\n"));
          expect(totalsOf(shuffled.join("\n"))).toEqual(once);
          const twice = totalsOf([...lines, ...shuffled].join("\n"));
          expect(twice).toEqual(totalsSlowly([...lines, ...shuffled].join("\n")));
          expect(twice.lines["total"]).toBe((once.lines["total"] ?? 0) * 2);
        },
      ),
      { numRuns: 100 },
    );
  });
});
