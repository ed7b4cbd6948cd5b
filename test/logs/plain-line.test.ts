import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { timeLocalMs } from "../../src/logs/clock.ts";
import { newGlance } from "../../src/logs/formats/access-line.ts";
import { ingressNginx } from "../../src/logs/formats/ingress-nginx.ts";
import { pathTemplate } from "../../src/logs/path-template.ts";
import { PlainLine } from "../../src/logs/scan/plain-line.ts";
import { TemplateLanes } from "../../src/logs/scan/template-lanes.ts";
import { scanGatewayLogs, trafficFor } from "../../src/logs/scan-gateway.ts";
import { accessLine, collectedMs } from "./log-text.ts";

/** Mostly what logs are made of, now and then something odd. */
const mostly = <T>(usual: readonly T[], ...odd: readonly T[]): fc.Arbitrary<T> =>
  fc.oneof(
    { weight: 15, arbitrary: fc.constantFrom(...usual) },
    { weight: 1, arbitrary: fc.constantFrom(...odd) },
  );

const parts = fc.record({
  time: mostly(["20/Nov/2026:14:47:01 +0000", "20/Nov/2026:14:47:02 +0200"], "20/Xxx/2026:14:47:01 +0000"),
  request: mostly(
    [
      "GET /a HTTP/1.1",
      "POST /a/17?x=1 HTTP/2.0",
      String.raw`GET /\x22 HTTP/1.1`,
      "GET /v1/0b7e4b9e-1b2a-4c3d-8e4f-5a6b7c8d9e0f;v=1#x HTTP/1.1",
      "GET /a//b/ HTTP/1.1",
    ],
    "GET /a b HTTP/1.1",
    "GET http://x/y HTTP/1.1",
    "GET /é/1 HTTP/1.1",
    "get /x HTTP/1.1",
    "-",
    "",
  ),
  status: mostly(["200", "301", "404", "498"], "499", "500", "502", "009", "20x"),
  body: fc.constantFrom(0, 512, 123_456),
  agent: mostly(
    ["curl", "", "ünï", String.raw`\x22 502 1 \x22-\x22`, "] [x] [] 1 2 3 200"],
    'a" 200 5 "b',
    '" 1 0.1 [x] [] 1 2 3 200',
  ),
  client: mostly(["203.0.113.9", "fd00::1"], "", "unix:", "10.0.0.1, 10.0.0.2"),
  user: mostly(["-"], "jane", "a b"),
  duration: mostly(["0.005", "12.345"], "0", "1.5", "-", "99999999999.000"),
  upstream: mostly(["shop-orders-80", "", "-"], "a]b", "x y"),
  alternative: mostly([""], "-", "shop-canary-80"),
  address: mostly(["10.0.0.1:80", "[fd00::1]:80", "-", "shop-web", "unix:/a.sock"], "1:80, 2:80"),
  length: mostly(["512", "0", "-"], ": 5", "1, 2"),
  times: mostly(["0.004", "-"], "0.1, 0.2"),
  statuses: mostly(["200", "404", "-"], "502", "000", "200, 200"),
  requestId: mostly(["5e0f3f0c", "ü"], "", 'a"b', "a b", ": 200 1"),
});

/** Lines of the format, some with bytes changed. */
const line = fc
  .record({
    parts,
    edits: fc.array(fc.record({ at: fc.nat(400), bytes: fc.uint8Array({ maxLength: 2 }), drop: fc.nat(3) }), {
      maxLength: 2,
    }),
  })
  .map(({ parts: p, edits }) => {
    let bytes = Buffer.from(accessLine(p));
    for (const { at, bytes: put, drop } of edits) {
      const from = at % bytes.length;
      const clean = Buffer.from(put.map((byte) => (byte === 10 || byte === 13 ? 34 : byte)));
      bytes = Buffer.concat([bytes.subarray(0, from), clean, bytes.subarray(from + drop)]);
    }
    return bytes;
  });

describe("the reader of bytes", () => {
  test("takes only lines that the reader of strings calls plain, and reads the same from them", () => {
    const plain = new PlainLine();
    const out = newGlance();
    let taken = 0;
    fc.assert(
      fc.property(line, (bytes) => {
        const next = plain.read(Buffer.concat([bytes, Buffer.from("\nGET / x")]), 0);
        const textOf = (from: number, to: number): string => bytes.toString("latin1", from, to);
        const timeMs = timeLocalMs(textOf(plain.timeFrom, plain.timeFrom + 26));
        if (next === 0 || Number.isNaN(timeMs)) return;
        taken++;
        expect(next).toBe(bytes.length + 1);
        expect(ingressNginx.glance?.(bytes.toString("utf8"), out)).toBe("plain");
        expect(out).toMatchObject({
          endMs: timeMs,
          status: plain.status,
          method: textOf(plain.methodFrom, plain.methodTo),
          path: textOf(plain.pathFrom, plain.pathTo),
          client: textOf(plain.clientFrom, plain.clientTo),
          upstreamName: textOf(plain.nameFrom, plain.nameTo),
          address: textOf(plain.addressFrom, plain.addressTo),
          durationMs: plain.durationMs,
          requestBytes: plain.requestBytes,
        });
      }),
      { numRuns: 8000 },
    );
    expect(taken).toBeGreaterThan(1000);
  });

  test("takes the lines that logs are made of", () => {
    const plain = new PlainLine();
    for (const text of [
      accessLine(),
      accessLine({ status: 304, address: "-", length: "-", times: "-", statuses: "-" }),
    ]) {
      expect(plain.read(Buffer.from(`${text}\n`), 0)).toBe(text.length + 1);
    }
    expect(plain.read(Buffer.from(`${accessLine({ status: 502 })}\n`), 0)).toBe(0);
  });

  test("counts what the reader of strings counts", () => {
    const first = Buffer.from(accessLine());
    fc.assert(
      fc.property(fc.array(line, { maxLength: 30 }), (lines) => {
        const streams = [first, ...lines].map((bytes) => ({ name: "x", role: "access-log" as const, bytes }));
        const whole = Buffer.concat(streams.flatMap(({ bytes }) => [bytes, Buffer.from("\n")]));
        // The first line of a stream is always read as a string, so streams of one line know nothing of bytes.
        const [slow, fast] = [streams, [{ name: "x", role: "access-log" as const, bytes: whole }]].map(
          (all) => scanGatewayLogs(all, { nowMs: collectedMs }),
        );
        expect(fast?.buckets).toEqual(slow?.buckets);
        expect(fast?.lines).toEqual(slow?.lines);
        expect(trafficFor(fast!, () => true)).toEqual(trafficFor(slow!, () => true));
      }),
      { numRuns: 300 },
    );
  });
});

describe("templates folded on bytes", () => {
  const segment = fc.oneof(
    fc.constantFrom(
      "orders",
      "v1",
      "4711",
      "a1b2c3d4",
      "",
      "0b7e4b9e-1b2a-4c3d-8e4f-5a6b7c8d9e0f",
      "abcdefab-abcd-abcd-abcd-abcdefabcdef",
      "user42",
      "Qm9va21hcmsxMjM0NTY3",
    ),
    fc.stringMatching(/^[a-z0-9._-]{0,20}$/),
  );
  const path = fc
    .record({ segments: fc.array(segment, { maxLength: 7 }), end: fc.constantFrom("", "?a=1", "#x", ";v=2") })
    .map(({ segments, end }) => `/${segments.join("/")}${end}`);

  test("two paths have the same lanes when they have the same template", () => {
    const templates = new TemplateLanes();
    const lanesOf = (text: string): string => {
      const bytes = Buffer.from(text);
      expect(templates.fold(bytes, 0, bytes.length)).toBe(true);
      return `${templates.lanes.h1} ${templates.lanes.h2}`;
    };
    fc.assert(
      fc.property(path, path, (a, b) => {
        expect(lanesOf(a) === lanesOf(b)).toBe(pathTemplate(a) === pathTemplate(b));
        expect(lanesOf(`${a.replace(/[?#;].*/, "")}?other`)).toBe(lanesOf(a));
      }),
      { numRuns: 3000 },
    );
  });
});
