import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { newLineReader } from "../../src/logs/line-reader.ts";
import { JsonLine } from "../../src/logs/scan/json-line.ts";
import { PlainFields } from "../../src/logs/scan/plain-fields.ts";
import { scanGatewayLogs, trafficFor } from "../../src/logs/scan-gateway.ts";
import { collectedMs } from "./log-text.ts";

type Value = string | number | null | boolean | readonly string[];

/** Mostly what logs are made of, now and then something odd. */
const mostly = (usual: readonly Value[], ...odd: readonly Value[]): fc.Arbitrary<Value> =>
  fc.oneof(
    { weight: 25, arbitrary: fc.constantFrom(...usual) },
    { weight: 2, arbitrary: fc.constantFrom(...usual, ...odd) },
  );

const time = mostly(
  ["2026-11-20T14:47:01+00:00", "2026-11-20T14:47:01.250Z", "2026-11-20T14:47:02.5Z"],
  "20/Nov/2026:14:47:01 +0000",
  "1795186021.123",
  1_795_186_021.12,
  "99999999999999.123",
  "2026-13-20T14:47:01Z",
  "-",
);
const words = mostly(["10.42.3.17:8080", "-", "shop-web"], "", "1:80, 2:80", "1:80 : 2:80", "é");
const spent = mostly(["0.004", "0.012", "-"], "0.1, 0.2", "", "1.5", 0.004, 0.05, 7);
/** Values by key; several keys stand for the same variable. */
const valuesOf: Record<string, fc.Arbitrary<Value>> = {
  time,
  "@timestamp": time,
  msec: mostly(["1795186021.123", "1795186022.000"], "-", "1", "2026-11-20T14:47:01Z"),
  time_local: mostly(
    ["20/Nov/2026:14:47:01 +0000", "20/Nov/2026:14:47:02 +0200"],
    "20/Xxx/2026:14:47:01 +0000",
  ),
  remote_addr: mostly(["203.0.113.9", "fd00::1"], "", "1.1.1.1, 2.2.2.2", "unix:", 7),
  client_ip: mostly(["203.0.113.10"]),
  host: mostly(["shop.example", "-", ""], "a b", "ünï"),
  request: mostly(
    ["GET /a?x=1 HTTP/1.1", "POST /v1/77/x HTTP/2.0"],
    "GET /a b HTTP/1.1",
    "GET http://x/y HTTP/1.1",
    "GET /x",
    "-",
    String.raw`GET /\x22 HTTP/1.1`,
  ),
  request_method: mostly(["GET", "POST"], "get", "", "-"),
  uri: mostly(["/a", "/v1/4711?x=1", "/b;v=1"], "", "x", "/é", "/a b", "http://x/y"),
  status: mostly(["200", "404", 204], "499", "502", "20", 20, "0200", null),
  request_length: mostly(["310", 512, "-"], "", "x", 1.5, "00012"),
  request_time: mostly(["0.005", "12.345", "-", 0.25], "", "1", "99999999999.000", 0.5, "1e3"),
  proxy_upstream_name: mostly(["shop-orders-80", "-", ""], "a b"),
  proxy_alternative_upstream_name: mostly(["", "-"], "shop-canary-80"),
  upstream_addr: words,
  upstream_status: mostly(["200", "404", "-"], "502", "200, 200", "", 200, "000"),
  upstream_response_time: spent,
  upstream_header_time: spent,
  namespace: mostly(["shop"]),
  service_name: mostly(["orders"]),
  service_port: mostly(["80", 80]),
  agent: mostly(["curl", "", "ünï", "a, b: {}"], String.raw`\"`, '"', "\u0001", true, ["x"]),
  STATUS: mostly(["301"]),
  response_code: mostly([200]),
};

const keys = fc
  .tuple(
    fc.constantFrom(
      ["time", "remote_addr", "request_method", "uri", "status", "upstream_addr", "request_time"],
      ["@timestamp", "remote_addr", "request", "status", "upstream_addr", "upstream_status"],
      ["msec", "client_ip", "host", "request_method", "uri", "status", "upstream_addr", "request_length"],
      ["time_local", "remote_addr", "request", "status", "upstream_addr"],
    ),
    fc.array(fc.constantFrom(...Object.keys(valuesOf)), { maxLength: 3 }),
  )
  .chain(([own, more]) => fc.shuffledSubarray([...new Set([...own, ...more])], { minLength: own.length }));

const entryOf = (list: readonly string[]): fc.Arbitrary<Record<string, Value>> =>
  fc.record(Object.fromEntries(list.map((key) => [key, valuesOf[key]!])));

/** A line, another with the same keys and some of its values, and a change to one byte of that, now and then. */
const pair = keys.chain((list) =>
  fc
    .record({
      entries: fc
        .tuple(entryOf(list), entryOf(list), fc.subarray(list))
        .map(([first, other, kept]) => [
          first,
          Object.fromEntries(list.map((key) => [key, (kept.includes(key) ? first : other)[key]!])),
        ]),
      spaced: fc.boolean(),
      edit: fc.option(fc.record({ at: fc.nat(500), byte: fc.nat(255) }), { freq: 8, nil: undefined }),
    })
    .map(({ entries, spaced, edit }) => {
      const [first, second] = entries.map((entry) => {
        const text = JSON.stringify(entry);
        return Buffer.from(spaced ? text.replaceAll('":', '": ').replaceAll(',"', ', "') : text);
      }) as [Buffer, Buffer];
      if (edit !== undefined && ![10, 13].includes(edit.byte)) second[edit.at % second.length] = edit.byte;
      return { first, second };
    }),
);

describe("the reader of JSON from bytes", () => {
  test("takes only lines that the reader of strings calls plain, and reads the same from them", () => {
    let taken = 0;
    fc.assert(
      fc.property(pair, ({ first, second }) => {
        const reader = newLineReader({}, "");
        if (reader.look(first.toString("utf8"), Number.NaN) !== "plain") return;
        if (reader.formatName !== "nginx-json") return;
        const json = new JsonLine();
        json.learn(first.toString("utf8"));
        const out = new PlainFields();
        const next = json.read(Buffer.concat([second, Buffer.from("\n{}")]), 0, out);
        if (next === 0) return;
        taken++;
        const textOf = (from: number, to: number): string => second.toString("latin1", from, to);
        expect(next).toBe(second.length + 1);
        expect(reader.look(second.toString("utf8"), Number.NaN)).toBe("plain");
        expect(reader.glance).toEqual({
          format: "nginx-json",
          hop: "",
          endMs: json.endMs,
          status: out.status,
          method: textOf(out.methodFrom, out.methodTo),
          path: textOf(out.pathFrom, out.pathTo),
          host: textOf(out.hostFrom, out.hostTo),
          client: textOf(out.clientFrom, out.clientTo),
          upstreamName: textOf(out.nameFrom, out.nameTo),
          address: textOf(out.addressFrom, out.addressTo),
          durationMs: out.durationMs,
          requestBytes: out.requestBytes,
        });
      }),
      { numRuns: 15_000 },
    );
    expect(taken).toBeGreaterThan(500);
  });

  test("takes the lines that logs are made of", () => {
    const entry = {
      time_iso8601: "2026-11-20T14:47:01.250Z",
      remote_addr: "203.0.113.9",
      request_method: "GET",
      request_uri: "/orders/4711",
      status: "200",
      http_user_agent: "curl/8.11 é",
      request_time: "0.005",
      proxy_upstream_name: "shop-orders-80",
      upstream_addr: "10.42.3.17:8080",
      upstream_status: "200",
      upstream_response_time: "0.004",
    };
    const json = new JsonLine();
    json.learn(JSON.stringify({ ...entry, status: "201" }));
    const read = (more: Record<string, string>): number =>
      json.read(Buffer.from(`${JSON.stringify({ ...entry, ...more })}\n`), 0, new PlainFields());
    expect(read({})).toBe(Buffer.byteLength(JSON.stringify(entry)) + 1);
    expect(read({ upstream_addr: "-", upstream_status: "-", upstream_response_time: "-" })).not.toBe(0);
    expect(read({ status: "502" })).toBe(0);
    expect(read({ upstream_status: "502, 200" })).toBe(0);
    expect(read({ http_user_agent: '"' })).toBe(0);
  });

  test("counts what the reader of strings counts", () => {
    fc.assert(
      fc.property(fc.array(pair, { minLength: 1, maxLength: 10 }), (pairs) => {
        const lines = pairs.flatMap(({ first, second }) => [first, second, first]);
        const role = "access-log" as const;
        const alone = lines.map((bytes) => ({ name: "x", role, bytes }));
        const whole = Buffer.concat(lines.flatMap((bytes) => [bytes, Buffer.from("\n")]));
        // The first line of a stream is always read as a string, so streams of one line know nothing of bytes.
        const [slow, fast] = [alone, [{ name: "x", role, bytes: whole }]].map((streams) =>
          scanGatewayLogs(streams, { nowMs: collectedMs }),
        );
        expect(fast?.buckets).toEqual(slow?.buckets);
        expect(fast?.lines).toEqual(slow?.lines);
        expect(trafficFor(fast!, () => true)).toEqual(trafficFor(slow!, () => true));
      }),
      { numRuns: 200 },
    );
  });
});
