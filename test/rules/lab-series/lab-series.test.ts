import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { ruleFile } from "../../../src/rules/rules.ts";
import { type Fired, failuresOf, isPoor } from "../promtool.ts";
import { inNotation, type LabSeries } from "./lab-series.ts";

const files = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith(".json.gz"))
  .toSorted();
const seriesIn = (file: string): LabSeries =>
  JSON.parse(gunzipSync(readFileSync(join(import.meta.dirname, file))).toString("utf8")) as LabSeries;

type Row = Readonly<Record<"controller" | "namespace" | "service", string>>;

const checkout: Row = { controller: "ingress-nginx", namespace: "shop", service: "checkout" };
const cart: Row = { controller: "ingress-nginx", namespace: "web", service: "cart" };
const catalog: Row = { controller: "ingress-nginx", namespace: "web", service: "catalog" };
const failing = (row: Row): Fired[] =>
  ["1h", "6h", "1d", "3d"].map((long) => ({ alertname: "Why5xxErrorBudgetBurn", long, ...row }));
const noEndpoints = ({ namespace, service }: Row): Fired => ({
  alertname: "Why5xxNoReadyEndpoints",
  namespace,
  service,
});
const pods = (alertname: string, names: readonly string[], more: object = {}): Fired[] =>
  names.map((pod) => ({ alertname, namespace: "shop", pod, ...more }));

/** What fires at any time of each run: nothing of the other Services beside it, and in the last nothing at all. */
const expected: Readonly<Record<string, readonly Fired[]>> = {
  "oom-killed-nginx": [
    ...failing(checkout),
    { alertname: "Why5xxConnectErrors", ...checkout },
    noEndpoints(checkout),
    ...pods("Why5xxContainerOutOfMemory", ["checkout-7cfbff97d9-p9q97", "checkout-7cfbff97d9-vb7n8"], {
      container: "checkout",
    }),
  ],
  "readiness-probe-timeout-flapping-nginx": [
    ...failing(checkout),
    noEndpoints(checkout),
    ...pods("Why5xxReadinessFlapping", ["checkout-7bcf656bb6-26wsm", "checkout-7bcf656bb6-gjsjh"]),
  ],
  "no-endpoints-pods-not-ready-nginx": [...failing(checkout), noEndpoints(checkout)],
  "proxy-read-timeout-too-short-nginx": [...failing(cart), { alertname: "Why5xxUpstreamTimeouts", ...cart }],
  "wrong-target-port-number-haproxy": [
    ...failing({ ...cart, controller: "haproxy" }),
    { alertname: "Why5xxConnectErrors", ...cart, controller: "haproxy" },
  ],
  "liveness-probe-restart-loop-nginx": [...failing(catalog), noEndpoints(catalog)],
  "clean-rollout-with-prestop-nginx": [],
  "clean-scale-down-nginx": [],
  "heavy-load-no-failure-haproxy": [],
};

/** A second of the lab is a minute here: alerts wait for minutes, and a fault of the lab is over in one. */
describe.skipIf(isPoor)("alerts on what a Prometheus scraped of the lab", () => {
  test.each(Object.keys(expected))("%s", (name) => {
    const { gateway, series, seconds } = seriesIn(`${name}.json.gz`);
    const controller = gateway === "nginx" ? "ingress-nginx" : "haproxy";
    const rules = ruleFile({ controllers: [controller], objective: 99.9 });
    const told = { name, series, atMinute: seconds, fires: expected[name] ?? [], isEver: true };
    expect(failuresOf(rules, [told])).toEqual({});
  });

  test("each that was kept is tried", () =>
    expect(files).toEqual(
      Object.keys(expected)
        .map((name) => `${name}.json.gz`)
        .toSorted(),
    ));
});

test("values are written short and whole", () => {
  expect(inNotation([undefined, undefined, 1, 1, 1, 3, 5, 7, 2, undefined, 0.1, 0.2])).toBe(
    "_x2 1+0x2 3+2x2 2 stale 0.1 0.2",
  );
});
