import { describe, expect, test } from "vitest";
import { scanAppLog } from "../../src/logs/app-log.ts";
import { topicMask } from "../../src/logs/app/topic-mask.ts";
import { appStream, briefly, signalsOf } from "./app-text.ts";
import { collectedMs } from "./log-text.ts";

describe("requests that the application logged", () => {
  test.each<[string, object]>([
    [
      '10.42.0.1 - - [20/Nov/2026:14:47:01 +0000] "GET /api/orders?x=1 HTTP/1.1" 200 1234 "-" "kube-probe/1.30"',
      { method: "GET", path: "/api/orders?x=1", status: 200 },
    ],
    [
      '10.42.0.1 - - [20/Nov/2026 14:47:01] "POST /x HTTP/1.1" 500 -',
      { method: "POST", path: "/x", status: 500 },
    ],
    [
      'INFO:     10.42.0.1:1234 - "GET /x HTTP/1.1" 503 Service Unavailable',
      { method: "GET", path: "/x", status: 503 },
    ],
    [
      '[GIN] 2026/11/20 - 14:47:01 | 200 |     1.2s |  10.0.0.1 | GET      "/x"',
      { method: "GET", path: "/x", status: 200, durationMs: 1200 },
    ],
    ["GET /x 304 3.123 ms - -", { method: "GET", path: "/x", status: 304, durationMs: 3 }],
    [
      "method=GET path=/orders format=json controller=O action=index status=200 duration=58.33 view=1.2",
      { method: "GET", path: "/orders", status: 200, durationMs: 58 },
    ],
    [
      "      Request finished HTTP/1.1 GET http://shop/x - 200 - text/html 12.3ms",
      { method: "GET", path: "http://shop/x", status: 200, durationMs: 12 },
    ],
    [
      '{"level":30,"time":1795186021000,"req":{"method":"GET","url":"/x"},"res":{"statusCode":200},"responseTime":5,"msg":"request completed"}',
      { method: "GET", path: "/x", status: 200, durationMs: 5 },
    ],
    [
      '{"http.req.method":"GET","http.req.path":"/cart","http.resp.status":500,"http.resp.took_ms":12,"message":"request complete"}',
      { method: "GET", path: "/cart", status: 500, durationMs: 12 },
    ],
  ])("%s", (line, request) => {
    expect(briefly(line)).toEqual([{ kind: "request", request }]);
  });

  test("a path that imitates an error is only a path", () => {
    expect(
      briefly(
        '10.0.0.1 - - [x] "GET /?q=ECONNREFUSED%20panic:%20listening%20on%20port%203000 HTTP/1.1" 200 5',
      ).map((s) => s.kind),
    ).toEqual(["request"]);
  });
});

describe("times", () => {
  const at = "2026-11-20T14:47:01.123Z";
  test.each([
    [`${at} ERROR Connection refused`, at],
    ["2026-11-20 14:47:01,123 ERROR Connection refused", at],
    ["[2026-11-20T14:47:01.123+00:00] Connection refused", at],
    ["2026-11-20T15:47:01.123+01:00 stderr F Connection refused", at],
    ["2026-11-20T14:47:01.123Z 2020-01-01T00:00:00Z Connection refused", at],
    ["2026/11/20 14:47:01.123456 Connection refused", at],
    ["E1120 14:47:01.123456       7 a.go:1] Connection refused", at],
    ["[20/Nov/2026:15:47:01 +0100] Connection refused", "2026-11-20T14:47:01Z"],
    ["1:M 20 Nov 2026 14:47:01.123 # Connection refused", at],
    ["Nov 20 14:47:01 web app: Connection refused", "2026-11-20T14:47:01Z"],
    ["1795186021.123 Connection refused", at],
    ['{"time":1795186021123,"msg":"Connection refused"}', at],
    ['{"ts":1795186021.123,"msg":"Connection refused"}', at],
    ['{"@timestamp":"2026-11-20T14:47:01.123Z","message":"Connection refused"}', at],
    ['time="2026-11-20T14:47:01.123Z" level=error msg="Connection refused"', at],
    ['{"log":"Connection refused\\n","stream":"stderr","time":"2026-11-20T14:47:01.123456789Z"}', at],
  ])("%s", (line, iso) => {
    expect(signalsOf(line).map((signal) => signal.timeMs)).toEqual([Date.parse(iso)]);
  });

  test("a line without a time is of the line before it", () => {
    expect(
      signalsOf(
        `${at} ERROR call failed with status 1\n    at x.js:1\nError: connect ECONNREFUSED 10.0.0.1:80`,
      ).at(-1)?.timeMs,
    ).toBe(Date.parse(at));
    expect(signalsOf("Error: connect ECONNREFUSED 10.0.0.1:80")[0]?.timeMs).toBeUndefined();
  });

  test("without the moment of collection a time without a year is none", () => {
    expect(scanAppLog(appStream("Nov 20 14:47:01 web app: Connection refused"))[0]?.timeMs).toBeUndefined();
  });
});

describe("a long log", () => {
  test("keeps the first and last of each kind, and says how many there were", () => {
    const lines = Array.from(
      { length: 1000 },
      (_, i) => `${new Date(collectedMs + i * 1000).toISOString()} Error: connect ECONNREFUSED 10.0.0.1:80`,
    );
    const signals = signalsOf(lines.join("\n"));
    expect(signals.length).toBeLessThanOrEqual(40);
    expect(signals[0]).toMatchObject({ count: 1000, timeMs: collectedMs });
    expect(signals.at(-1)?.timeMs).toBe(collectedMs + 999_000);
    const times = signals.map((signal) => signal.timeMs ?? 0);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
  });

  test("keeps other kinds and peers although one fills it", () => {
    const noise = Array.from({ length: 500 }, () => "Error: connect ECONNREFUSED 10.0.0.1:80");
    const signals = briefly(
      [...noise, "Error: connect ECONNREFUSED 10.0.0.2:80", ...noise, "java.lang.OutOfMemoryError: x"].join(
        "\n",
      ),
    );
    expect(signals.filter((signal) => signal.peer === "10.0.0.2:80")).toHaveLength(1);
    expect(signals.at(-1)).toEqual({ kind: "out-of-memory" });
  });

  test("is bounded however many peers it names", () => {
    const lines = Array.from(
      { length: 20_000 },
      (_, i) => `Error: connect ECONNREFUSED 10.${i >> 8}.${i & 255}.1:80`,
    );
    expect(signalsOf(lines.join("\n")).length).toBeLessThan(600);
  });

  test("names its pod, container and whether it is of the run before", () => {
    const stream = { ...appStream("java.lang.OutOfMemoryError: x"), previous: true };
    expect(scanAppLog(stream)[0]).toMatchObject({
      namespace: "shop",
      pod: "web-1",
      container: "app",
      previous: true,
      line: "java.lang.OutOfMemoryError: x",
    });
    const { bytes: _bytes, ...unread } = stream;
    expect(scanAppLog(unread)).toEqual([]);
  });
});

const mask = (line: string): number => topicMask(Buffer.from(line), 0, line.length);

test("the cheap look at a line leaves most ordinary lines alone", () => {
  expect(mask("2026-11-20T14:47:01Z INFO order 17 shipped to customer 4711")).toBe(0);
  expect(mask("CONNECTION REFUSED")).toBe(mask("connection refused"));
  expect(mask("connection refused")).not.toBe(0);
});
