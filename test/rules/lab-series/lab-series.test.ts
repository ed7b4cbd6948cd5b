import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { ruleFile } from "../../../src/rules/rules.ts";
import { type Fired, failuresOf, isPoor } from "../promtool.ts";
import { inNotation, type LabSeries } from "./lab-series.ts";

const files = readdirSync(import.meta.dirname).filter((file) => file.endsWith(".json.gz"));
const seriesIn = (file: string): LabSeries =>
  JSON.parse(gunzipSync(readFileSync(join(import.meta.dirname, file))).toString("utf8")) as LabSeries;

const expected: Readonly<Record<string, readonly Fired[]>> = {};

/** A second of the lab is a minute here: alerts wait for minutes, and a fault of the lab is over in one. */
describe.skipIf(isPoor)("alerts on what a Prometheus scraped of the lab", () => {
  test.each(files)("%s", (file) => {
    const { fault, gateway, series, seconds } = seriesIn(file);
    const controller = gateway === "nginx" ? "ingress-nginx" : "haproxy";
    const rules = ruleFile({ controllers: [controller], objective: 99.9 });
    const told = { name: fault, series, atMinute: seconds, fires: expected[file] ?? [], isEver: true };
    expect(failuresOf(rules, [told])).toEqual({});
  });
});

test("values are written short and whole", () => {
  expect(inNotation([undefined, undefined, 1, 1, 1, 3, 5, 7, 2, undefined, 0.1, 0.2])).toBe(
    "_x2 1+0x2 3+2x2 2 stale 0.1 0.2",
  );
});
