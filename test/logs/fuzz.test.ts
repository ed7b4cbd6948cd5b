import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { LogStream } from "../../src/evidence/evidence.ts";
import { scanGatewayLogs, trafficFor } from "../../src/logs/scan-gateway.ts";
import { scanAppLog } from "../../src/logs/app-log.ts";
import { newUnwrapper, unwrap } from "../../src/logs/unwrap.ts";
import { accessLine, collectedMs, gatewayStream } from "./log-text.ts";
import { documents, lineWrappers } from "./samples/wrappers.ts";
import { allSamples } from "./samples-of-all.ts";

/** The samples of every format, as they are, wrapped, and in documents. What takes too long fails by the test's own time limit. */
const lines = (await allSamples()).flatMap((samples) => samples.lines);
const wraps = Object.values(lineWrappers).map(({ wrap }) => wrap);
const wholes = Object.values(documents);

const seed = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...lines) },
  {
    weight: 3,
    arbitrary: fc
      .tuple(fc.constantFrom(...lines), fc.constantFrom(...wraps))
      .map(([line, wrap]) => wrap(line)),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.array(fc.constantFrom(...lines), { maxLength: 3 }), fc.constantFrom(...wholes))
      .map(([some, wrap]) => wrap(some)),
  },
);

const insert = fc.oneof(
  fc.uint8Array({ maxLength: 4 }).map((bytes) => Buffer.from(bytes)),
  fc
    .constantFrom(
      '"',
      "\\",
      "\n",
      "\r",
      "\0",
      "{",
      "}",
      "[",
      "]",
      ",",
      " : ",
      "502",
      "-",
      " ",
      "\ud800",
      "\u2028",
      "99999999999999999999",
      "\u001b[2J",
      "null",
      "[]",
      '{"log":"',
      '","stream":"',
      " stdout P ",
      "2026-11-20T14:47:01Z ",
      "[pod/a/b/c] ",
      "Nov 20 14:47:01 n a[1]: ",
      '{"events":[',
    )
    .map((text) => Buffer.from(text)),
);
const edit = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  insert,
  drop: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 60 })),
});

/** All chosen lines as one text, then damaged anywhere, then cut. */
const damaged = fc
  .record({
    seeds: fc.array(seed, { minLength: 1, maxLength: 25 }),
    end: fc.constantFrom("\n", "\n", "\r\n"),
    edits: fc.array(edit, { maxLength: 8 }),
    keep: fc.oneof({ weight: 3, arbitrary: fc.constant(1) }, fc.double({ min: 0, max: 1, noNaN: true })),
  })
  .map(({ seeds, end, edits, keep }) => {
    let bytes: Buffer = Buffer.from(seeds.join(end) + end);
    for (const { at, insert, drop } of edits) {
      const from = Math.floor(at * bytes.length);
      bytes = Buffer.concat([bytes.subarray(0, from), insert, bytes.subarray(from + drop)]);
    }
    return bytes.subarray(0, Math.ceil(bytes.length * keep));
  });

/** What a prefix leaves empty is no line. */
const onlyPrefix =
  /^(?:\[pod\/[^\]]*\] ?)?(?:\d{4}-\d\d-\d\dT\S{9,31}[ \t])?(?:std(?:out|err) [FP](?::\S*)?(?: |$))?\r?$/;

function linesGiven(bytes: Buffer): { most: number; least: number } {
  const texts = unwrap(bytes, collectedMs).toString("latin1").split("\n");
  const most = texts.filter((text) => text !== "" && text !== "\r").length;
  return { most, least: texts.filter((text) => !onlyPrefix.test(text)).length };
}

const formats = fc.constantFrom(
  undefined,
  '{"t":"$time_iso8601","s":"$status","a":"$upstream_addr","u":"$upstream_status"}',
  "$msec $status $upstream_addr$upstream_status",
  "$time_iso8601 $remote_addr $status $upstream_addr $upstream_status $request_id",
);

const file = (bytes: Uint8Array): LogStream => ({ name: "access.log", role: "access-log", bytes });

describe("whatever becomes of logs of every format", () => {
  test("every line is counted as something, and the parts are the whole", () => {
    fc.assert(
      fc.property(damaged, formats, (bytes, format) => {
        const scan = scanGatewayLogs([file(bytes)], {
          nowMs: collectedMs,
          ...(format === undefined ? {} : { formats: { "*": format } }),
        });
        const { total, access, error, other, unrecognised, repeated } = scan.lines;
        const given = linesGiven(bytes);
        expect(total).toBeLessThanOrEqual(given.most);
        expect(total).toBeGreaterThanOrEqual(given.least);
        expect(access + error + other + unrecognised).toBe(total);
        expect(repeated).toBe(0);
        expect(scan.unrecognised?.length ?? 0).toBe(Math.min(3, unrecognised));
        expect(scan.totals.requests).toBe(scan.stations?.[0]?.requests ?? 0);
        expect(Number.isFinite(scan.fromMs) && scan.fromMs <= scan.toMs).toBe(true);
        const formatLines = Object.values(scan.formats).reduce((sum, count) => sum + count, 0);
        expect(formatLines).toBe(access + error + other);
        const traffic = trafficFor(scan, () => true);
        expect(traffic.requests).toBe(access);
        expect(traffic.failures.length).toBe(traffic.outcomes?.failed);
        for (const { request } of scan.kept) {
          expect(Number.isFinite(request.startMs) && Number.isFinite(request.endMs)).toBe(true);
          expect(request.startMs).toBeLessThanOrEqual(request.endMs);
        }
      }),
      { numRuns: 400 },
    );
  });

  test("a log scanned twice as two streams of one pod counts once", () => {
    fc.assert(
      fc.property(damaged, (bytes) => {
        const one = scanGatewayLogs([gatewayStream(bytes)], { nowMs: collectedMs });
        const two = scanGatewayLogs([gatewayStream(bytes), gatewayStream(bytes)], { nowMs: collectedMs });
        expect(two.totals).toEqual(one.totals);
        expect(two.lines).toEqual({ ...one.lines, repeated: one.lines.total });
      }),
      { numRuns: 100 },
    );
  });

  test("an application's log of the same bytes is read", () => {
    fc.assert(
      fc.property(damaged, (bytes) => {
        const signals = scanAppLog({ ...file(bytes), pod: "web-1" }, collectedMs);
        expect(signals.every(({ timeMs }) => Number.isFinite(timeMs ?? 0))).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  test("bytes in chunks are unwrapped as the whole is", () => {
    fc.assert(
      fc.property(
        damaged,
        fc.array(fc.integer({ min: 1, max: 3000 }), { minLength: 1, maxLength: 4 }),
        (bytes, sizes) => {
          const unwrapper = newUnwrapper({ nowMs: collectedMs });
          const out: Buffer[] = [];
          for (let at = 0, i = 0; at < bytes.length; at += sizes[i++ % sizes.length] ?? 1)
            out.push(unwrapper.push(bytes.subarray(at, at + (sizes[i % sizes.length] ?? 1))));
          out.push(unwrapper.end());
          expect(Buffer.concat(out).toString("latin1")).toBe(unwrap(bytes, collectedMs).toString("latin1"));
        },
      ),
      { numRuns: 200 },
    );
  });
});

const marked = fc
  .array(fc.constantFrom(...wraps), { minLength: 1, maxLength: 12 })
  .map((some) => some.map((wrap, i) => wrap(accessLine({ request: `GET /marked${i}x HTTP/1.1` }))));
const markedWhole = fc
  .tuple(fc.constantFrom(...wholes), fc.integer({ min: 1, max: 4 }))
  .map(([wrap, count]) =>
    wrap(Array.from({ length: count }, (_, i) => accessLine({ request: `GET /marked${i}x HTTP/1.1` }))),
  );
const breaks = fc.array(
  fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    insert: fc.constantFrom("\n", "\0", "}", "]", "{", "[", "x", "\n{\n", "\n[\n", "false", "\ufffd"),
  }),
  { maxLength: 5 },
);

test("no line is lost with the wrapper around it, however that is broken", () => {
  fc.assert(
    fc.property(
      fc.oneof(marked, fc.array(markedWhole, { maxLength: 3 })),
      breaks,
      fc.double({ min: 0, max: 1, noNaN: true }),
      (parts, inserts, keep) => {
        let text = parts.join("\n");
        for (const { at, insert } of inserts) {
          const from = Math.floor(at * text.length);
          text = text.slice(0, from) + insert + text.slice(from);
        }
        text = text.slice(0, Math.ceil(text.length * keep));
        const out = unwrap(Buffer.from(text), collectedMs).toString();
        const intact = new Set(text.match(/\/marked\d+x /g) ?? []);
        expect([...intact].filter((marker) => !out.includes(marker))).toEqual([]);
      },
    ),
    { numRuns: 500 },
  );
});

test("keys of an envelope may hold anything", () => {
  const objects = [
    ...wraps.map((wrap) => wrap(accessLine())),
    ...wholes.map((wrap) => wrap([accessLine()])),
  ].filter((text) => /^[{[]/.test(text) && !/^\[(?:pod)/.test(text));
  const json = objects.flatMap((text) => text.split(/\n(?=\{)/)).map((text): unknown => JSON.parse(text));
  fc.assert(
    fc.property(
      fc.constantFrom(...json),
      fc.infiniteStream(
        fc.oneof(
          { weight: 8, arbitrary: fc.constant(undefined) },
          fc.anything({
            maxDepth: 2,
            key: fc.constantFrom("toString", "name", "field", "__proto__", "length", "a"),
          }),
        ),
      ),
      (value, values) => {
        const strange = JSON.stringify(value, (key, inner: unknown) => {
          const next = key === "" ? undefined : values.next().value;
          return typeof next === "bigint" || next === undefined ? inner : next;
        });
        const scan = scanGatewayLogs([file(Buffer.from(`${strange}\n`))], { nowMs: collectedMs });
        expect(scan.lines.total).toBe(scan.lines.access + scan.lines.unrecognised);
      },
    ),
    { numRuns: 600 },
  );
});

const deep = 200_000;

/** Lines on which a careless pattern or parser takes time that grows with the square of their length, or a stack that is too deep. */
const hostile: readonly (readonly [string, string])[] = [
  ["lists in lists", `{"kubernetes":{},"a":${"[".repeat(deep)}${"]".repeat(deep)},"b":1,"c":2,"time":1}`],
  ["objects in objects", `{"_source":${'{"a":'.repeat(deep)}1${"}".repeat(deep)}}`],
  ["a payload of lists in lists", `{"jsonPayload":{"a":${"[".repeat(deep)}${"]".repeat(deep)}},"b":1}`],
  [
    "a message of objects",
    `{"pod":"a","container":"b","message":${'{"a":'.repeat(deep)}1${"}".repeat(deep)}}`,
  ],
  [
    "envelopes in envelopes",
    Array.from({ length: 12 }).reduce<string>((text) => JSON.stringify({ log: text }), "x"),
  ],
  ["an open document", `{"events": [\n${'{"message":"x"},'.repeat(20_000)}`],
  ["open lists", `${"[\n".repeat(50_000)}`],
  ["open objects", `${"{\n".repeat(50_000)}`],
  ["documents one behind the other", '{"events":[]}'.repeat(30_000)],
  ["labels without end", `2026-11-20T14:47:01Z {${'a="b", '.repeat(80_000)}`],
  ["a label of backslashes", `2026-11-20T14:47:01Z {a="${"\\".repeat(500_000)}`],
  ["a stream name without end", `2026-11-20T14:47:01.000000+00:00 ${"a/".repeat(250_000)}`],
  ["file names in a tag", JSON.stringify({ log: "x", tag: "/pods/a_b_".repeat(50_000) })],
  ["containers in a tag", JSON.stringify({ log: "x", tag: "containers.a_b_".repeat(50_000) })],
  ["spaces behind a bracket", `[${" ".repeat(500_000)}`],
  ["spaces behind a brace", `{${" ".repeat(500_000)}`],
  ["colours", "\u001b[31m".repeat(100_000)],
  ["words of a name", "a-".repeat(250_000)],
  ["pods", "[pod/".repeat(100_000)],
  ["syslog heads", "<134>1 ".repeat(100_000)],
  ["months", "Nov 20 14:47:01 ".repeat(50_000)],
  ["times", "2026-11-20T14:47:01Z ".repeat(40_000)],
  ["parts", "2026-11-20T14:47:01.250000000Z stdout P a\n".repeat(20_000)],
  ["docker's parts", '{"log":"a","stream":"stdout","time":"2026-11-20T14:47:01Z"}\n'.repeat(20_000)],
  [
    "escapes in docker's object",
    `{"log":"${"\\u0041".repeat(80_000)}\\n","stream":"stdout","time":"2026-11-20T14:47:01Z"}`,
  ],
  ["lines without anything", "\n".repeat(500_000)],
  ["carriage returns", "\r".repeat(500_000)],
  ["NULs", "\0".repeat(500_000)],
];

test.each(hostile)("no line takes long or breaks anything: %s", (_, text) => {
  const bytes = Buffer.from(`${accessLine()}\n${text}\n${accessLine()}\n`);
  const scan = scanGatewayLogs([file(bytes)], { nowMs: collectedMs });
  expect(scan.lines.access).toBeGreaterThanOrEqual(1);
  expect(scan.lines.access + scan.lines.error + scan.lines.other + scan.lines.unrecognised).toBe(
    scan.lines.total,
  );
  expect(scanAppLog({ ...file(bytes), pod: "web-1" }, collectedMs).length).toBeLessThan(1000);
});
