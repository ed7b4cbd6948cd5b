import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { newLineReader } from "../../src/logs/line-reader.ts";
import { AlbLine } from "../../src/logs/scan/alb-line.ts";
import { PlainFields } from "../../src/logs/scan/plain-fields.ts";
import { scanGatewayLogs, trafficFor } from "../../src/logs/scan-gateway.ts";
import { collectedMs } from "./log-text.ts";

/** Mostly what logs are made of, now and then something odd. */
const mostly = (usual: readonly string[], ...odd: readonly string[]): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 40, arbitrary: fc.constantFrom(...usual) },
    { weight: 1, arbitrary: fc.constantFrom(...usual, ...odd) },
  );

const group = "arn:aws:elasticloadbalancing:us-east-2:123456789012:targetgroup";
const quoted = mostly(["-", "a b", ""], String.raw`\"`, '"', 'x" ', String.raw`a\\`);
const fields = fc.tuple(
  mostly(["https", "h2", "http", "ws"], "tls", "x", ""),
  mostly(["2026-11-20T14:47:01.186641Z", "2026-11-20T14:47:02.5Z"], "2026-13-20T14:47:01Z", "-"),
  mostly(["app/shop/50dc6c495c0c9188"], "", "é"),
  mostly(
    ["203.0.113.9:51234", "[2001:db8::1]:51234"],
    "203.0.113.9",
    "[::1]",
    "a:1",
    "[x]:1",
    "1.1.1.1:123456",
    ":1",
  ),
  mostly(["10.42.3.17:8080", "-"], "", '"x"', "é"),
  mostly(["0.001", "-1"]),
  mostly(["0.004", "-1"], '"'),
  mostly(["0.000"], ""),
  mostly(["200", "301", "404"], "502", "460", "499", "20", "2000", "-"),
  mostly(["200", "404", "-"], "502", "x00", "20", "099"),
  mostly(["310", "0"], "-", "1234567890123456"),
  mostly(["512"], ""),
  mostly(
    [
      '"GET https://shop.example:443/orders/4711?x=1 HTTP/2.0"',
      '"POST http://a/b HTTP/1.1"',
      '"GET https://[2001:db8::1]:443/ HTTP/1.1"',
    ],
    '"- http://shop.example:80- -"',
    '"GET https://shop.example:123456/x HTTP/1.1"',
    '"GET https://-/x HTTP/1.1"',
    '"GET https://shop.example HTTP/1.1"',
    '"GET https://shop.example/a b HTTP/1.1"',
    '"get https://x/y HTTP/1.1"',
    '"GET https://x/é HTTP/1.1"',
    String.raw`"GET https://x/\x22 HTTP/1.1"`,
    '"GET https://x/y "',
    '"-"',
  ),
  quoted.map((text) => `"${text}"`),
  mostly(["ECDHE-RSA-AES128-GCM-SHA256", "-"], ""),
  mostly(["TLSv1.2", "-"], '"x"'),
  mostly([`${group}/shop-orders/73e2d6bc24d8a067`, "-"], `${group}/`, `x${group}`, `${group}/a${group}/b`),
  quoted.map((text) => `"${text}"`),
  quoted.map((text) => `"${text}"`),
  quoted.map((text) => `"${text}"`),
  mostly(["0", "-1"]),
  mostly(["2026-11-20T14:47:01.100000Z", "2026-11-20T14:46:01Z"], "2026-11-20T14:47:09.1Z", "-"),
  mostly(['"forward"', '"waf,forward"'], "forward"),
  mostly(['"-"']),
  mostly(['"-"'], '"-', ""),
  mostly(['"-" "-" "-" "-"', '"10.0.0.1:80" "200" "-" "-" TID_1', '"-" "-" "-" "-" "-" "-" "-"'], '"-" "-"'),
);

/** Lines of the format, some with bytes changed. */
const line = fc
  .record({
    fields,
    edit: fc.option(fc.record({ at: fc.nat(700), byte: fc.nat(255) }), { freq: 6, nil: undefined }),
  })
  .map(({ fields: parts, edit }) => {
    const bytes = Buffer.from(parts.join(" "));
    if (edit !== undefined && ![10, 13].includes(edit.byte)) bytes[edit.at % bytes.length] = edit.byte;
    return bytes;
  });

const usual = Buffer.from(
  `https 2026-11-20T14:47:01.186641Z app/shop/50dc6c495c0c9188 203.0.113.9:51234 10.42.3.17:8080 0.001 0.004 0.000 200 200 310 512 "GET https://shop.example:443/orders/4711 HTTP/2.0" "curl/8.11 é" - - ${group}/shop/73e2d6bc24d8a067 "Root=1" "shop.example" "-" 0 2026-11-20T14:47:01.100000Z "forward" "-" "-" "-" "-" "-" "-"`,
);

const read = (text: string): number => new AlbLine().read(Buffer.from(`${text}\n`), 0, new PlainFields());

describe("the reader of a load balancer's bytes", () => {
  test("takes only lines that the reader of strings calls plain, and reads the same from them", () => {
    const reader = newLineReader({}, "");
    const alb = new AlbLine();
    const out = new PlainFields();
    let taken = 0;
    fc.assert(
      fc.property(line, (bytes) => {
        const next = alb.read(Buffer.concat([bytes, Buffer.from(`\n"x" "y" `), usual]), 0, out);
        if (next === 0) return;
        taken++;
        const textOf = (from: number, to: number): string => bytes.toString("latin1", from, to);
        expect(next).toBe(bytes.length + 1);
        reader.look(usual.toString("utf8"), Number.NaN);
        expect(reader.look(bytes.toString("utf8"), Number.NaN)).toBe("plain");
        expect(reader.formatName).toBe("aws-alb");
        expect(reader.glance).toEqual({
          format: "",
          hop: "load-balancer",
          endMs: alb.endMs,
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
      { numRuns: 8000 },
    );
    expect(taken).toBeGreaterThan(1000);
  });

  test("takes the lines that logs are made of", () => {
    const text = usual.toString("utf8");
    expect(read(text)).toBe(usual.length + 1);
    expect(read(text.replace("10.42.3.17:8080", "-"))).not.toBe(0);
    expect(read(text.replace("200 200", "502 502"))).toBe(0);
    expect(read(text.replace(/ "-"$/, ""))).toBe(0);
  });

  test("counts what the reader of strings counts", () => {
    fc.assert(
      fc.property(fc.array(line, { maxLength: 30 }), (more) => {
        const lines = [usual, ...more];
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
