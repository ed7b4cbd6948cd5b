import { expect, test } from "vitest";
import { utcOfLocal } from "../../src/logs/local-time.ts";
import { onlyRequest, scanText } from "./log-text.ts";
import { community } from "./samples/haproxy.ts";

const utcMs = Date.parse("2026-11-20T14:48:55.777Z");

test.each([0, 60, -300, 330, 345, 765, -600])("%i minutes east of UTC", (minutes) => {
  expect(utcOfLocal(utcMs + minutes * 60_000, utcMs + 30)).toBe(utcMs);
});

test("without a stamp, or with one that fits no zone, the time stays", () => {
  expect(utcOfLocal(utcMs, Number.NaN)).toBe(utcMs);
  expect(utcOfLocal(utcMs, utcMs + 400_000)).toBe(utcMs);
  expect(utcOfLocal(utcMs, utcMs + 20 * 3_600_000)).toBe(utcMs);
});

test("HAProxy's time without a zone is told by the collector's", () => {
  const berlin = community.closed.replace("14:48:55", "15:48:55");
  const stamped = scanText(`2026-11-20T14:48:55.779123456Z stdout F ${berlin}`);
  expect(onlyRequest(stamped).endMs).toBe(utcMs);
  expect(stamped.fromMs).toBeLessThan(utcMs + 1000);
  expect(onlyRequest(scanText(berlin)).endMs).toBe(utcMs + 3_600_000);
});
