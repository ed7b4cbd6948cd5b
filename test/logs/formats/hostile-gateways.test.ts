import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { AccessFormat } from "../../../src/logs/formats/access-line.ts";
import { apisix } from "../../../src/logs/formats/apisix.ts";
import { haproxy } from "../../../src/logs/formats/haproxy.ts";
import { readHaproxyEvent } from "../../../src/logs/formats/haproxy-events.ts";
import { kong } from "../../../src/logs/formats/kong.ts";
import { klogSignal, readKlog } from "../../../src/logs/formats/klog.ts";
import { nginxF5 } from "../../../src/logs/formats/nginx-f5.ts";
import { readNginxError } from "../../../src/logs/formats/nginx-error.ts";
import { meaningOf } from "../../../src/logs/formats/nginx-error-meaning.ts";
import { traefikClf, traefikGenericClf } from "../../../src/logs/formats/traefik-clf.ts";
import { traefikJson } from "../../../src/logs/formats/traefik-json.ts";
import { alone } from "../../../src/logs/formats/json-formats.ts";
import { collectedMs, errorLine } from "../log-text.ts";
import { lines as apisixLines } from "../samples/apisix.ts";
import { community, events, lines as haproxyLines } from "../samples/haproxy.ts";
import { lines as kongLines, samples as ofKong, unresolvedError } from "../samples/kong.ts";
import { lines as f5Lines, samples as ofF5 } from "../samples/nginx-f5.ts";
import { common, generic, lines as traefikLines } from "../samples/traefik-clf.ts";
import { lines as traefikJsonLines, samples as ofTraefikJson } from "../samples/traefik-json.ts";

const formats: readonly AccessFormat[] = [
  haproxy,
  traefikClf,
  traefikGenericClf,
  alone(traefikJson),
  nginxF5,
  kong,
  apisix,
];

const errorLines = [
  unresolvedError,
  errorLine("connect() failed (111: Connection refused) while connecting to upstream"),
  "2026/11/20 14:47:01 [error] 31#31: *5 [lua] init.lua:646: handle_upstream(): failed to set upstream: no valid upstream node, context: ngx.timer",
  'W1120 14:47:01.123456       7 controller.go:1225] Service "shop/web" does not have any active Endpoint.',
];

const seeds = [
  haproxyLines,
  Object.values(events),
  traefikLines,
  traefikJsonLines,
  f5Lines,
  kongLines,
  apisixLines,
  errorLines,
].flat();

const classes = new Set(
  (
    "no-endpoint connect-refused unreachable connect-timeout closed-before-header response-timeout bad-response " +
    "tls-failure truncated local-resource config-answer app-status unclassified"
  ).split(" "),
);

const scraps = [
  '"',
  " ",
  "-",
  "/",
  "-1",
  "+",
  "{",
  "}",
  '" "',
  "\\",
  "#",
  "#4",
  "<",
  ">",
  "9".repeat(30),
  "\0",
  "\ufffd",
  '] "',
  "ms",
  " - ",
];

/** A sample with parts replaced, left out or put in, then cut. */
const mutated = fc
  .record({
    seed: fc.constantFrom(...seeds),
    edits: fc.array(
      fc.record({
        at: fc.double({ min: 0, max: 0.999, noNaN: true }),
        text: fc.oneof(fc.constantFrom(...scraps), fc.string({ unit: "binary", maxLength: 4 })),
        drop: fc.integer({ min: 0, max: 30 }),
      }),
      { maxLength: 4 },
    ),
    cut: fc.oneof(fc.constant(1), fc.double({ min: 0, max: 1, noNaN: true })),
  })
  .map(({ seed, edits, cut }) => {
    let line: string = seed;
    for (const { at, text, drop } of edits) {
      const from = Math.floor(at * line.length);
      line = line.slice(0, from) + text + line.slice(from + drop);
    }
    return line.slice(0, Math.ceil(line.length * cut));
  });

function expectSound(format: AccessFormat, line: string): void {
  const fields = format.read(line);
  if (fields === undefined) return;
  expect(Number.isFinite(fields.endMs)).toBe(true);
  expect(fields.status).toBeGreaterThanOrEqual(0);
  expect(fields.status).toBeLessThanOrEqual(999);
  expect(fields.durationMs ?? 0).toBeGreaterThanOrEqual(0);
  expect(fields.bodyBytes).toBeGreaterThanOrEqual(0);
  expect(classes).toContain(fields.failure ?? "unclassified");
  expect(fields.clientLeft === true && fields.failure !== undefined).toBe(false);
  expect(fields.origin === undefined).toBe(fields.failure === undefined);
  for (const attempt of fields.attempts) {
    expect(classes).toContain(attempt.failure ?? "unclassified");
    expect(attempt.address.length).toBeGreaterThan(0);
    expect(attempt.durationMs ?? 0).toBeGreaterThanOrEqual(0);
    expect(attempt.headerMs ?? 0).toBeGreaterThanOrEqual(0);
  }
}

describe("whatever becomes of a line", () => {
  test("no reader throws, and what one reads holds together", () => {
    fc.assert(
      fc.property(mutated, (line) => {
        for (const format of formats) expectSound(format, line);
        expect(alone(traefikJson).read(`x${line}`)).toBeUndefined();
      }),
      { numRuns: 4000 },
    );
  });

  test("error lines, controller lines and events are read or left", () => {
    fc.assert(
      fc.property(mutated, (line) => {
        const error = readNginxError(line);
        const { failure } = error === undefined ? {} : meaningOf(error);
        expect(classes).toContain(failure ?? "unclassified");
        const klog = readKlog(line, collectedMs);
        expect(["string", "undefined"]).toContain(
          typeof (klog === undefined ? undefined : klogSignal(klog)?.kind),
        );
        expect(["string", "undefined"]).toContain(typeof readHaproxyEvent(line)?.kind);
      }),
      { numRuns: 3000 },
    );
  });

  test("Traefik's values of other types than expected are no more than missing", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...traefikJsonLines),
        fc.infiniteStream(fc.oneof({ weight: 6, arbitrary: fc.constant(undefined) }, fc.jsonValue())),
        (line, values) => {
          const strange = JSON.stringify(JSON.parse(line), (_, value: unknown) => {
            if (typeof value === "object") return value;
            const next = values.next().value;
            return next === undefined ? value : next;
          });
          expect(strange.length).toBeGreaterThan(1);
          expectSound(alone(traefikJson), strange);
        },
      ),
      { numRuns: 1000 },
    );
  });
});

const head = community.success.slice(0, community.success.indexOf('"'));
const lua = "2026/11/20 14:47:01 [error] 31#31: *5 [lua] init.lua:646: handle_upstream(): ";

/** Lines of 100 kB on which a careless pattern would take minutes; the test's own time limit is what fails. */
const long: readonly (readonly [string, string])[] = [
  ["braces in HAProxy's captures", `${head}${"{".repeat(100_000)}`],
  ["captures without end", `${head}{${"a|".repeat(50_000)}} "GET / HTTP/1.1"`],
  ["quotes in HAProxy's request", `${head}${'"'.repeat(100_000)}`],
  ["protocols in HAProxy's request", `${head}"${"HTTP/1.1 ".repeat(12_000)}`],
  ["escapes in HAProxy's request", `${head}"GET /${"#2".repeat(50_000)} HTTP/1.1"`],
  ["a backend without end", `10.42.0.1:1 [20/Nov/2026:14:48:55.775] a ${"b/".repeat(50_000)} `],
  ["syslog tags without end", `<134>Nov 20 14:48:55 ${"haproxy[1]".repeat(10_000)}`],
  ["servers without end", `Server ${"a/".repeat(50_000)} is DOWN`],
  ["structured data of syslog", `<134>1 2026-11-20T14:48:55Z a b c d [${"x".repeat(100_000)}`],
  ["quotes in Traefik's agent", `${generic}${' "x'.repeat(33_000)} 1ms`],
  ["spaces before Traefik's end", `${generic}${" ".repeat(100_000)}1 "a" "b" 3ms`],
  ["Traefik's brackets", `${'] "'.repeat(33_000)} 1 "a" "b" 3ms`],
  ["Traefik's clients", common.success.replace("203.0.113.9 -", `${"1, ".repeat(33_000)} -`)],
  ["quotes in F5's line", `${ofF5.success}${'" "'.repeat(33_000)}`],
  ["quotes in Kong's line", `${ofKong.success.slice(0, -60)}${' kong_request_id: "'.repeat(5500)}"`],
  ["a list of APISIX without end", `${apisixLines[0]?.slice(0, 120)}${"1.1.1.1:80, ".repeat(8500)}"`],
  ["Traefik's JSON", ofTraefikJson.failed.replace("/api", "/a,b: ".repeat(17_000))],
  ["Lua's words", `${lua}${"failed to set upstream: ".repeat(4200)}`],
  ["Lua's files", `2026/11/20 14:47:01 [error] 31#31: *5 [lua] ${"a.lua:1: ".repeat(11_000)}`],
  ["request ids", `${lua}x, client: 1, server: a, request: "${', request_id: "'.repeat(7000)}"`],
  ["contexts", `${lua}${", context: ngx.timer".repeat(5000)}`],
  [
    "an event of Kubernetes",
    `I1120 14:47:03.480512 7 event.go:377] Event(v1.ObjectReference{Kind:"Pod"${"reason: ".repeat(12_000)}`,
  ],
];

test.each(long)("%s: read or left, in time", { timeout: 4000 }, (_, line) => {
  expect(line.length).toBeGreaterThan(90_000);
  for (let i = 0; i < 5; i++) {
    for (const format of formats) expectSound(format, line);
    const error = readNginxError(line);
    expect(error === undefined ? {} : meaningOf(error)).toBeTypeOf("object");
    const klog = readKlog(line, collectedMs);
    expect(klog === undefined ? undefined : klogSignal(klog)?.kind).not.toBe("throttled");
    expect(readHaproxyEvent(line)?.kind ?? "").not.toBe("shutdown");
  }
});
