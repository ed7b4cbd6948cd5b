import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { builtInFormats } from "../../../src/logs/formats/all.ts";
import type { AccessFormat } from "../../../src/logs/formats/access-line.ts";
import { readNlbTls } from "../../../src/logs/formats/aws-nlb-tls.ts";
import { jsonFormats } from "../../../src/logs/formats/json-formats.ts";
import { chooseFormat } from "../../../src/logs/formats/choose.ts";
import { lines as albLines } from "../samples/aws-alb.ts";
import { lines as nlbLines } from "../samples/aws-nlb-tls.ts";
import { lines as azureLines } from "../samples/azure.ts";
import { lines as cloudflareLines } from "../samples/cloudflare.ts";
import { lines as envoyJsonLines } from "../samples/envoy-json.ts";
import { lines as envoyTextLines } from "../samples/envoy-text.ts";
import { lines as gcpLines } from "../samples/gcp-lb.ts";

const seeds = [
  albLines,
  nlbLines,
  azureLines,
  cloudflareLines,
  envoyJsonLines,
  envoyTextLines,
  gcpLines,
].flat();

const classes = new Set(
  (
    "no-endpoint connect-refused unreachable connect-timeout closed-before-header response-timeout bad-response " +
    "tls-failure truncated local-resource config-answer app-status unclassified"
  ).split(" "),
);

/** A sample with bits replaced, left out or doubled, then cut. */
const mutated = fc
  .record({
    seed: fc.constantFrom(...seeds),
    edits: fc.array(
      fc.record({
        at: fc.double({ min: 0, max: 0.999, noNaN: true }),
        text: fc.oneof(
          fc.constantFrom('"', " ", "-", "-1", "null", "[]", "{}", '" "', "\\", ",", "9".repeat(30), "\0"),
          fc.string({ unit: "binary", maxLength: 4 }),
        ),
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
  }
}

describe("whatever becomes of a line", () => {
  test("no format throws, and what one reads holds together", () => {
    const own = builtInFormats.filter((format) => /^(?:aws|envoy|json)/.test(format.name));
    expect(own.map((format) => format.name)).toEqual(["json", "envoy-text", "aws-alb"]);
    fc.assert(
      fc.property(mutated, (line) => {
        for (const format of own) {
          if (/^\{.*(?:upstream_status|proxy_upstream_name)/.test(line)) continue;
          expectSound(format, line);
        }
        expect(Number.isFinite(readNlbTls(line)?.endMs ?? 0)).toBe(true);
      }),
      { numRuns: 3000 },
    );
  });

  test("values of other types than expected are no more than missing", () => {
    const jsonSeeds = seeds.filter((line) => line.startsWith("{") && !line.includes('"clientPort":-'));
    fc.assert(
      fc.property(
        fc.constantFrom(...jsonSeeds),
        fc.infiniteStream(fc.oneof({ weight: 6, arbitrary: fc.constant(undefined) }, fc.jsonValue())),
        (line, values) => {
          const strange = JSON.stringify(JSON.parse(line), (_, value: unknown) => {
            if (typeof value === "object") return value;
            const next = values.next().value;
            return next === undefined ? value : next;
          });
          expect(strange.length).toBeGreaterThan(1);
          expectSound(jsonFormats, strange);
        },
      ),
      { numRuns: 1500 },
    );
  });

  test("any words are a format or a problem", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 200 }), (words) => {
        expect(["auto", "format", "problem"]).toContain(chooseFormat(words).kind);
      }),
    );
  });
});

const envoyHead = envoyTextLines[0] ?? "";
const albHead = albLines[0] ?? "";

/** Lines of 100 kB on which a careless pattern would take minutes; the test's own time limit is what fails. */
const long: readonly (readonly [string, string])[] = [
  ["quotes behind Envoy's numbers", envoyHead.slice(0, 80) + '" "'.repeat(34_000)],
  ["spaces in an Envoy request", `[2026-11-20T14:47:00.120Z] "${"a ".repeat(50_000)}`],
  ["an Envoy request without end", `[2026-11-20T14:47:00.120Z] "GET ${"/".repeat(100_000)}`],
  ["an Envoy host without end", `${envoyHead.slice(0, -1)}${":".repeat(100_000)} "`],
  ["backslashes in an ALB's agent", albHead.slice(0, 250) + "\\".repeat(100_000)],
  ["quotes in an ALB's agent", albHead.slice(0, 250) + '"x'.repeat(50_000)],
  ["colons in what is no JSON", `{"a": ${"1 : ".repeat(25_000)}}`],
  ["commas in what is no JSON", `{"a": ${"1, ".repeat(33_000)}}`],
  ["an NLB's list without end", `tls 2.0 2026-11-20T14:47:01 ${'"a",'.repeat(25_000)}`],
  [
    "a Google URL",
    JSON.stringify({
      httpRequest: { requestUrl: `https://${"a".repeat(100_000)}`, status: 502 },
      timestamp: "2026-11-20T14:47:01Z",
      jsonPayload: { statusDetails: "a_".repeat(50_000) },
    }),
  ],
  [
    "an Azure query",
    JSON.stringify({
      time: "2026-11-20T14:47:01Z",
      properties: { httpStatus: 502, timeTaken: 1, requestQuery: "&SERVER-ROUTED=".repeat(7000) },
    }),
  ],
  [
    "Envoy's details",
    JSON.stringify({
      start_time: "2026-11-20T14:47:01Z",
      response_code: 503,
      response_flags: "UF,".repeat(33_000),
      response_code_details: "connect_error:_".repeat(7000),
    }),
  ],
];

test.each(long)("%s: read or left, in time", { timeout: 4000 }, (_, line) => {
  expect(line.length).toBeGreaterThan(90_000);
  for (let i = 0; i < 5; i++) {
    for (const format of builtInFormats) {
      const status = format.read(line)?.status ?? 0;
      expect(status).toBeLessThanOrEqual(999);
    }
    expect(readNlbTls(line)).toBeUndefined();
  }
});
