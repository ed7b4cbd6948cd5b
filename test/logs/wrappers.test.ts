import { describe, expect, test } from "vitest";
import { walkLines } from "../../src/logs/lines.ts";
import { unwrap } from "../../src/logs/unwrap.ts";
import { accessLine, collectedMs, errorLine, failedLine, gatewayStream, onlyRequest } from "./log-text.ts";
import { scanGatewayLogs } from "../../src/logs/scan-gateway.ts";
import { documents, fullPod, lineWrappers, stampMs } from "./samples/wrappers.ts";

const refused = "connect() failed (111: Connection refused) while connecting to upstream";
const klog =
  'W1120 14:47:01.123456       7 controller.go:1225] Service "shop/web" does not have any active Endpoint.';
/** A quote, a backslash, a tab, a letter beyond ASCII and one beyond the 16-bit plane in every wrapper. */
const agent = String.raw`a\x22b \\ <c&d> é 😀`;
const plain = [
  errorLine(refused),
  failedLine(502, { agent }),
  klog,
  accessLine({ request: "GET /ok HTTP/1.1" }),
];

const file = (text: string) => {
  const { pod: _pod, namespace: _namespace, ...stream } = gatewayStream(text, { name: "file" });
  return scanGatewayLogs([stream], { nowMs: collectedMs });
};

interface Seen {
  readonly text: string;
  readonly pod: string;
  readonly prefixMs: number;
}

function linesOf(text: string | Buffer): Seen[] {
  const lines: Seen[] = [];
  const bytes = unwrap(Buffer.from(text), collectedMs);
  walkLines(bytes, ({ start, end, pod, prefixMs }) => {
    lines.push({ text: bytes.toString("utf8", start, end), pod, prefixMs });
  });
  return lines;
}

const counted = { total: 4, access: 2, error: 1, other: 1, unrecognised: 0, repeated: 0 };

describe.each(Object.entries(lineWrappers))("%s", (_, { wrap, pod, timed }) => {
  test("gives the line, its pod and its time", () => {
    const seen = linesOf(plain.map((line) => `${wrap(line)}\n`).join(""));
    expect(seen.map((line) => line.text)).toEqual(plain);
    expect(new Set(seen.map((line) => line.pod))).toEqual(new Set([pod]));
    const moments = new Set(seen.map((line) => line.prefixMs));
    expect(timed ? [...moments] : [stampMs]).toEqual([stampMs]);
  });

  test.each(["\n", "\r\n"])("is read by the scan, lines ending in %j", (end) => {
    const scan = file(plain.map((line) => wrap(line) + end).join(""));
    expect(scan.lines).toMatchObject(counted);
    const request = onlyRequest(scan);
    expect(request).toMatchObject({ failure: "connect-refused", path: "/api/orders" });
    expect(request.gatewayPod ?? "").toBe(pod);
  });

  test("may stand beside lines that are not wrapped", () => {
    const seen = linesOf(plain.map((line, i) => (i % 2 === 0 ? wrap(line) : line)).join("\n"));
    expect(seen.map((line) => line.text)).toEqual(plain);
  });
});

describe.each(Object.entries(documents))("%s", (name, wrap) => {
  test("gives the lines, their pod and their time", () => {
    const seen = linesOf(wrap(plain));
    expect(seen.map((line) => line.text)).toEqual(plain);
    expect(new Set(seen.map((line) => line.pod))).toEqual(new Set([fullPod]));
    expect(new Set(seen.map((line) => line.prefixMs))).toEqual(new Set([stampMs]));
  });

  test("is read by the scan, also between other lines", () => {
    const scan = file(`${plain[0]}\n${wrap(plain.slice(1))}\n${plain[3]}\n`);
    expect(scan.lines).toMatchObject({ total: 5, access: 3, error: 1, other: 1, unrecognised: 0 });
  });

  test("that is cut off gives the entries that came before, and a line for the one that was cut", () => {
    const whole = wrap(plain);
    const seen = linesOf(whole.slice(0, whole.lastIndexOf("GET /ok")));
    const entries = name === "Loki's API" ? [] : plain.slice(0, 3);
    expect(seen.slice(0, -1).map((line) => line.text)).toEqual(entries);
    expect(seen.at(-1)?.text).toContain("203.0.113.9");
  });
});

describe("what is no wrapper stays as it is", () => {
  test.each([
    [
      "an application's JSON log",
      '{"level":"error","message":"connect ECONNREFUSED","time":"2026-11-20T14:47:01Z","pid":1}',
    ],
    [
      "an access line that has a message",
      '{"message":"request","status":502,"method":"GET","uri":"/","time":"2026-11-20T14:47:01Z"}',
    ],
    [
      "a load balancer's entry",
      '{"httpRequest":{"status":502},"jsonPayload":{"statusDetails":"x"},"resource":{"type":"http_load_balancer"},"timestamp":"2026-11-20T14:47:01Z"}',
    ],
    ["words before a line", "server started on port 8080"],
    ["a thread's name before a line", "worker-1 started serving requests"],
    ["an application's month", "Nov 20 14:47:01 INFO server: started"],
    ["a list in brackets", "[1, 2, 3]"],
    ["an object that is not JSON", "{ code: 'ECONNREFUSED',\n  errno: -111 }"],
    ["an object over several lines that is not JSON", "{\n  code: 'ECONNREFUSED'\n}"],
    ["a truncated object", '{"log":"203.0.113.9 - - ['],
    ["an unclosed list", "[\n{\n"],
    ["a bracket and other lines", "[\nfoo\nbar"],
    ["a list of numbers over lines", "[\n  1,\n  2\n]"],
  ])("%s", (_, text) => {
    expect(unwrap(Buffer.from(`${text}\n`), collectedMs).toString()).toBe(`${text}\n`);
  });

  test("a month before a line, when the moment of collection is not known", () => {
    const line = `Nov 20 14:47:01 node-3 nginx[11]: ${accessLine()}`;
    expect(unwrap(Buffer.from(line)).toString()).toBe(line);
  });
});

test("HAProxy's own name before its lines stays, and its process with it", () => {
  const line =
    'haproxy[11]: 10.42.0.1:55262 [20/Nov/2026:14:48:55.775] http-in a/b 0/0/0/1/1 200 217 - - ---- 1/1/0/0/0 0/0 "GET / HTTP/1.1"';
  const journal = {
    MESSAGE: line.slice(13),
    __REALTIME_TIMESTAMP: "1795186021250000",
    SYSLOG_IDENTIFIER: "haproxy",
    _PID: "11",
  };
  for (const text of [
    `Nov 20 14:48:55 node-3 ${line}`,
    `<134>Nov 20 14:48:55 ${line}`,
    JSON.stringify(journal),
  ])
    expect(linesOf(text)[0]?.text).toBe(line);
});

test.each([
  ["2026-11-24T12:00:00Z", "2025"],
  ["2027-01-01T00:00:00Z", "2026"],
])("a wrapper's day without a year is the last one before the collection: at %s in %s", (now, year) => {
  const line = `Dec 31 23:59:59 n nginx[1]: ${accessLine()}\n`;
  expect(unwrap(Buffer.from(line), Date.parse(now)).toString().slice(0, 4)).toBe(year);
});

const stamp = "2026-11-20T14:47:01.250000000Z";
const docker = (log: string): string => JSON.stringify({ log, stream: "stdout", time: stamp });
const fluentBit = (log: string, tag: string, pod_name: string): string =>
  JSON.stringify({
    time: stamp,
    stream: "stdout",
    _p: tag,
    log,
    kubernetes: { pod_name, namespace_name: "b" },
  });

describe("parts of one line", () => {
  const line = failedLine(502);

  test("of Fluent Bit are put together, each container by itself", () => {
    const text = [
      fluentBit(line.slice(0, 30), "P", "x"),
      fluentBit(line.slice(0, 40), "P", "y"),
      fluentBit(line.slice(30), "F", "x"),
      fluentBit(line.slice(40), "F", "y"),
    ].join("\n");
    expect(linesOf(text)).toMatchObject([
      { text: line, pod: "b/x" },
      { text: line, pod: "b/y" },
    ]);
  });

  test("of docker are put together where other lines end by themselves", () => {
    const parts = [line.slice(0, 20), line.slice(20, 50), `${line.slice(50)}\n`, `${line}\n`].map(docker);
    expect(linesOf(parts.join("\n")).map((seen) => seen.text)).toEqual([line, line]);
  });

  test("are whole lines where no line ends by itself", () => {
    for (const count of [3, 200]) {
      const seen = linesOf(Array.from({ length: count }, () => docker(line)).join("\n"));
      expect(seen.map((one) => one.text)).toEqual(Array.from({ length: count }, () => line));
    }
  });
});

test("what a container printed begins no line and names no pod", () => {
  const text = "one\ntwo [pod/evil/evil-1/x] 2026-11-20T14:47:01Z stdout F three";
  const [seen, ...others] = linesOf(
    JSON.stringify({ log: text, kubernetes: { pod_name: "a\n] b", namespace_name: "c" } }),
  );
  expect(others).toEqual([]);
  expect(seen?.pod).toBe("");
  expect(seen?.text).toBe(text.replace("\n", "\\n"));
});
