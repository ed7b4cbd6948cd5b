import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { newUnwrapper, unwrap } from "../../src/logs/unwrap.ts";
import { accessLine, collectedMs, errorLine } from "./log-text.ts";
import { documents, lineWrappers } from "./samples/wrappers.ts";

function pushAll(bytes: Buffer, sizes: readonly number[]): Buffer {
  const unwrapper = newUnwrapper({ nowMs: collectedMs });
  const out: Buffer[] = [];
  for (let at = 0, i = 0; at < bytes.length; i++) {
    const size = sizes[i % sizes.length] ?? 1;
    // The chunk's own memory is overwritten afterwards, as a reader with one buffer does it.
    const chunk = Buffer.from(bytes.subarray(at, at + size));
    out.push(Buffer.from(unwrapper.push(chunk)));
    chunk.fill(0);
    at += size;
  }
  out.push(unwrapper.end());
  return Buffer.concat(out);
}

const wraps = Object.values(lineWrappers).map(({ wrap }) => wrap);
const plain = [
  accessLine(),
  errorLine("upstream timed out (110: Operation timed out)"),
  "[x] y",
  "{",
  "",
  "é\u0000\ufffd",
];
const cut = "2026-11-20T14:47:01.250000000Z stdout P 203.0.113.9 - - ";

const line = fc.oneof(
  fc.constantFrom(...plain, cut),
  fc.tuple(fc.constantFrom(...wraps), fc.constantFrom(...plain)).map(([wrap, text]) => wrap(text)),
  fc
    .tuple(
      fc.constantFrom(...Object.values(documents)),
      fc.array(fc.constantFrom(...plain), { maxLength: 3 }),
    )
    .map(([wrap, lines]) => wrap(lines)),
);

const sizes = fc.array(fc.oneof(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 50, max: 5000 })), {
  minLength: 1,
  maxLength: 5,
});

describe("a stream in chunks", () => {
  test("gives what the whole gives, wherever it is cut", () => {
    fc.assert(
      fc.property(
        fc.array(line, { maxLength: 30 }),
        sizes,
        fc.constantFrom("\n", "\r\n"),
        (lines, chunks, end) => {
          const bytes = Buffer.from(lines.join(end));
          expect(pushAll(bytes, chunks).toString()).toBe(unwrap(bytes, collectedMs).toString());
        },
      ),
      { numRuns: 300 },
    );
  });

  test.each(Object.entries(lineWrappers))("of many lines is unwrapped to its end: %s", (_, { wrap }) => {
    const lines = Array.from({ length: 1500 }, (__, i) => accessLine({ request: `GET /${i} HTTP/1.1` }));
    const bytes = Buffer.from(lines.map((text) => `${wrap(text)}\n`).join(""));
    const out = pushAll(bytes, [4096, 70_000, 13]).toString();
    expect(out).toBe(unwrap(bytes, collectedMs).toString());
    const contents = out
      .trimEnd()
      .split("\n")
      .map((text) => text.slice(text.indexOf("203.0.113.9")));
    expect(contents).toEqual(lines);
  });

  test("that is not wrapped comes back itself, chunk by chunk", () => {
    const chunk = Buffer.from(`${accessLine()}\n`.repeat(1000));
    const unwrapper = newUnwrapper({ nowMs: collectedMs });
    for (const one of [chunk, chunk, chunk]) expect(unwrapper.push(one)).toBe(one);
    expect(unwrapper.end()).toHaveLength(0);
    expect(unwrap(chunk).buffer).toBe(chunk.buffer);
  });

  test.each(Object.entries(lineWrappers))(
    "may become wrapped after megabytes that are not: %s",
    (_, { wrap }) => {
      const before = Buffer.from(`${accessLine()}\n`.repeat(8000));
      const wrapped = Array.from({ length: 700 }, (__, i) => accessLine({ request: `GET /${i} HTTP/1.1` }));
      const bytes = Buffer.concat([before, Buffer.from(wrapped.map((text) => `${wrap(text)}\n`).join(""))]);
      const out = pushAll(bytes, [262_144]).toString().trimEnd().split("\n");
      expect(out).toHaveLength(8700);
      expect(out.slice(8000).map((text) => text.slice(text.indexOf("203.0.113.9")))).toEqual(wrapped);
    },
  );

  test("finds one JSON envelope among megabytes of plain lines", () => {
    const plainBytes = `${accessLine()}\n`.repeat(3000);
    const wrapped = JSON.stringify({ log: "x\n", stream: "stdout", time: "2026-11-20T14:47:01Z" });
    const out = pushAll(Buffer.from(`${plainBytes}${wrapped}\n${plainBytes}`), [300_000])
      .toString()
      .split("\n");
    expect(out[3000]).toBe("2026-11-20T14:47:01Z x");
  });

  test("begins behind a byte order mark", () => {
    expect(unwrap(Buffer.from(`\ufeff${accessLine()}\n`)).toString()).toBe(`${accessLine()}\n`);
  });
});

const mebi = 1_048_576;

describe("memory stays flat", () => {
  test.each([
    ["plain", `${accessLine()}\n`],
    ["docker", `{"log":"x\\n","stream":"stdout","time":"2026-11-20T14:47:01Z"}\n`],
    [
      "an envelope without an end",
      `{"log":"x\\n","stream":"stdout","time":"2026-11-20T14:47:01Z"}\n{"log":"`,
    ],
  ])("over a line of 200 MB that no newline ends, in a log that is %s", (_, before) => {
    const unwrapper = newUnwrapper({ nowMs: collectedMs });
    const chunk = Buffer.alloc(mebi, "a");
    let heldBytes = before.length - unwrapper.push(Buffer.from(before)).length;
    for (let i = 0; i < 200; i++) {
      heldBytes += chunk.length - unwrapper.push(chunk).length;
      expect(heldBytes).toBeLessThan(3 * mebi);
    }
    expect(unwrapper.end().length).toBeLessThan(2 * mebi);
  });

  test("over a document of many megabytes: each entry is given when it ends", () => {
    const event = JSON.stringify({ timestamp: 1795186021250, message: accessLine(), eventId: "1" });
    const chunk = Buffer.from(`${event},\n`.repeat(2000));
    const unwrapper = newUnwrapper({ nowMs: collectedMs });
    unwrapper.push(Buffer.from('{"events": [\n'));
    for (let i = 0; i < 40; i++) expect(unwrapper.push(chunk).toString().match(/\n/g)).toHaveLength(2000);
    expect(unwrapper.push(Buffer.from(`${event}]}`)).toString()).toContain("203.0.113.9");
  });

  test("over an entry of 200 MB, which is no entry", () => {
    const unwrapper = newUnwrapper({ nowMs: collectedMs });
    unwrapper.push(Buffer.from('{"events": [\n{"message":"'));
    const chunk = Buffer.alloc(mebi, "a");
    let heldBytes = 0;
    for (let i = 0; i < 200; i++) {
      heldBytes += chunk.length - unwrapper.push(chunk).length;
      expect(heldBytes).toBeLessThan(20 * mebi);
    }
    expect(heldBytes).toBeLessThan(mebi);
  });

  test("over parts of lines that never end", () => {
    const unwrapper = newUnwrapper({ nowMs: collectedMs });
    const part = `2026-11-20T14:47:01.250000000Z stdout P ${"a".repeat(16_384)}\n`;
    let outBytes = 0;
    for (let i = 0; i < 2000; i++) outBytes += unwrapper.push(Buffer.from(part)).length;
    outBytes += unwrapper.end().length;
    expect(outBytes).toBeLessThan(2 * mebi);
    expect(outBytes).toBeGreaterThan(900_000);
  });
});
