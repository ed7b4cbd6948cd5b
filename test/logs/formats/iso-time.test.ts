import fc from "fast-check";
import { expect, test } from "vitest";
import { isoMs } from "../../../src/logs/clock.ts";
import { isoTimeMs } from "../../../src/logs/formats/iso-time.ts";

const two = (max: number) => fc.integer({ min: 0, max }).map((n) => String(n).padStart(2, "0"));

/** Times of few minutes, so that most share theirs with one before. */
const time = fc
  .record({
    minute: two(3),
    second: two(61),
    fraction: fc.oneof(fc.constant(""), fc.stringMatching(/^\.\d{0,10}$/)),
    zone: fc.constantFrom("Z", "Z", "Z", "+00:00", "-05:30", ""),
    between: fc.constantFrom("T", "T", " "),
  })
  .map(
    ({ minute, second, fraction, zone, between }) =>
      `2026-11-20${between}14:${minute}:${second}${fraction}${zone}`,
  );

test("what is remembered of a minute changes no time", () => {
  fc.assert(
    fc.property(fc.array(time, { minLength: 1, maxLength: 20 }), (times) => {
      expect(times.map(isoTimeMs)).toEqual(times.map(isoMs));
    }),
  );
});

test("nor does it make a time of what is none", () => {
  isoTimeMs("2026-11-20T14:47:01Z");
  const broken = [
    "2026-11-20T14:47:1xZ",
    "2026-11-20T14:47:01.Z",
    "2026-11-20T14:47:01.1x3Z",
    "2026-11-20T14:47:00000Z",
  ];
  expect(broken.map(isoTimeMs)).toEqual(broken.map(() => Number.NaN));
});
