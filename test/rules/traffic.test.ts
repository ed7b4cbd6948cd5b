import { beforeAll, describe, expect, test } from "vitest";
import { controllerNames } from "../../src/rules/controllers.ts";
import { ruleFile } from "../../src/rules/rules.ts";
import { counter, type Fired, failuresOf, groupsNamed, isPoor, type RuleCase } from "./promtool.ts";
import { type Sample, samples } from "./samples.ts";

type Values = Partial<Record<"ok" | "failed" | "timeout" | "connect" | "alive", string>>;

const minutes = 30;
const flat = `1x${minutes}`;
const none = `0x${minutes}`;

const burns =
  (...windows: readonly string[]) =>
  ({ where }: Sample): Fired[] =>
    windows.map((long) => ({ alertname: "Why5xxErrorBudgetBurn", long, ...where }));
const burn = burns("1h", "6h", "1d", "3d");
/** With little history, days are as long as it is. */
const slowBurn = burns("1d", "3d");

const seriesOf = (sample: Sample, { ok, failed, timeout, connect, alive = flat }: Values) =>
  Object.fromEntries(
    [
      [sample.alive, alive],
      [sample.status(200), ok],
      [sample.status(500), failed],
      [sample.timeout, timeout],
      [sample.connect, connect],
    ].flatMap(([key, values]) => (key === undefined || values === undefined ? [] : [[key, values]])),
  );

interface Told {
  readonly name: string;
  readonly atMinute?: number;
  readonly values: Values;
  readonly fires: (sample: Sample) => readonly Fired[];
}

const nobody = (): readonly Fired[] => [];
const half = minutes / 2;
const steady = (perMinute: number): string => counter([perMinute, minutes + 1]);

/** Each alert beside the nearest in which all is well. */
const told: readonly Told[] = [
  { name: "1 of 20 fails", values: { ok: steady(57), failed: steady(3) }, fires: burn },
  { name: "1 of 125 fails", values: { ok: steady(124), failed: steady(1) }, fires: burns("6h", "1d", "3d") },
  { name: "1 of 2000 fails", values: { ok: steady(1999), failed: steady(1) }, fires: nobody },
  { name: "no requests", values: { ok: none, failed: none }, fires: nobody },
  {
    name: "one failed request of three",
    values: { ok: counter([0, half], [2, 1], [0, half]), failed: counter([0, half], [1, 1], [0, half]) },
    fires: nobody,
  },
  {
    name: "the counters begin anew, with nothing failed since",
    values: { ok: `${counter([60, half])} ${counter([60, half])}`, failed: counter([0, minutes]) },
    fires: nobody,
  },
  {
    name: "the counters begin anew while requests fail",
    values: {
      ok: `${counter([57, half])} ${counter([57, half])}`,
      failed: `${counter([3, half])} ${counter([3, half])}`,
    },
    fires: burn,
  },
  {
    name: "twelve fail between two scrapes, and their counter begins with them",
    values: { ok: steady(5), failed: "_x24 12x6" },
    atMinute: 28,
    fires: burn,
  },
  {
    name: "nine fail so",
    values: { ok: steady(5), failed: "_x24 9x6" },
    atMinute: 28,
    fires: nobody,
  },
  {
    name: "an exporter is new, with twelve that failed before it was looked at",
    values: { alive: "_x24 1x6", ok: "_x24 200+5x6", failed: "_x24 12x6" },
    atMinute: 28,
    fires: nobody,
  },
];

/** Controllers that tell how an attempt failed by the status of the request only. */
const byStatus = ["ingress-nginx", "traefik", "istio", "kong"];
const alsoBurns =
  (own: Told["fires"], more: Told["fires"]): Told["fires"] =>
  (sample) => [...own(sample), ...(byStatus.includes(sample.where["controller"] ?? "") ? more(sample) : [])];
const timeouts = ({ where }: Sample): Fired[] => [{ alertname: "Why5xxUpstreamTimeouts", ...where }];
const connects = ({ where }: Sample): Fired[] => [{ alertname: "Why5xxConnectErrors", ...where }];

const classes: readonly Told[] = [
  {
    name: "1 of 50 times out",
    values: { ok: steady(49), timeout: steady(1) },
    fires: alsoBurns(timeouts, burn),
  },
  {
    name: "1 of 200 times out",
    values: { ok: steady(199), timeout: steady(1) },
    fires: alsoBurns(nobody, slowBurn),
  },
  {
    name: "1 of 50 gets no connection",
    values: { ok: steady(49), connect: steady(1) },
    fires: alsoBurns(connects, burn),
  },
  {
    name: "1 of 200 gets no connection",
    values: { ok: steady(199), connect: steady(1) },
    fires: alsoBurns(nobody, slowBurn),
  },
  {
    name: "three time out, and no more come",
    values: { ok: none, timeout: counter([0, half], [3, 1], [0, half]) },
    fires: nobody,
  },
];

describe.skipIf(isPoor)("alerts on requests, of each controller", () => {
  const cases = [...told, ...classes].map(({ name, values, atMinute = minutes, fires }): RuleCase => ({
    name,
    series: Object.assign({}, ...samples.map((sample) => seriesOf(sample, values))),
    atMinute,
    fires: samples.flatMap(fires),
  }));
  let failures: Readonly<Record<string, string>> = {};
  beforeAll(() => {
    const controllers = controllerNames.filter((name) => name !== "nginx-ingress");
    const rules = ruleFile({ controllers, objective: 99.9 });
    failures = failuresOf(groupsNamed(rules, /^(?!.*(endpoints|workloads|gateways))/), cases);
  });

  test("promtool runs them", () => expect(failures["promtool"]).toBe(undefined));
  test.each(cases.map(({ name }) => name))("%s", (name) => expect(failures[name]).toBe(undefined));
});
