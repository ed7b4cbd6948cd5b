import { describe, expect, test } from "vitest";
import { ruleFile } from "../../src/rules/rules.ts";
import { counter, type Fired, failuresOf, groupsNamed, isPoor, type RuleCase } from "./promtool.ts";

/** Of a thousand requests a minute so many fail for so long, up to the end or until it stopped. */
interface Service {
  readonly failed: number;
  readonly minutes: number;
  readonly stoppedFor?: number;
  /** Which windows are over their line. */
  readonly fires: readonly string[];
}

/** Three days; each line is crossed by one, and missed by the next. */
const wholeMinutes = 3 * 24 * 60;
const services: Readonly<Record<string, Service>> = {
  "an-hour": { failed: 60, minutes: 20, fires: ["1h"] },
  "not-an-hour": { failed: 48, minutes: 20, fires: [] },
  "six-hours": { failed: 8, minutes: 300, fires: ["6h"] },
  "not-six-hours": { failed: 6, minutes: 300, fires: [] },
  "a-day": { failed: 5, minutes: 900, fires: ["1d", "3d"] },
  "not-a-day": { failed: 5, minutes: 800, fires: [] },
  "three-days": { failed: 2, minutes: 2400, fires: ["3d"] },
  "not-three-days": { failed: 2, minutes: 2000, fires: [] },
  stopped: { failed: 100, minutes: 30, stoppedFor: 60, fires: [] },
  "a-few": { failed: 3, minutes: 3, fires: [] },
};

const perMinute = 1000;
const status = (service: string, code: number): string =>
  `nginx_ingress_controller_requests{instance="a",namespace="shop",ingress="shop",service="${service}",status="${code}"}`;

function seriesOf(
  name: string,
  { failed, minutes, stoppedFor = 0 }: Service,
  whole: number,
): RuleCase["series"] {
  const parts = [
    [0, whole + 1 - minutes - stoppedFor],
    [failed, minutes],
    [0, stoppedFor],
  ] as const;
  const lasting = parts.filter(([, part]) => part > 0);
  // The last one has a hundredth of the traffic.
  const all = name === "a-few" ? perMinute / 100 : perMinute;
  return {
    [status(name, 200)]: counter(...lasting.map(([bad, part]) => [all - bad, part] as const)),
    [status(name, 500)]: counter(...lasting),
  };
}

const burns = (service: string, windows: readonly string[]): readonly Fired[] =>
  windows.map((long) => ({
    alertname: "Why5xxErrorBudgetBurn",
    controller: "ingress-nginx",
    long,
    namespace: "shop",
    service,
  }));

const caseOf = (told: Readonly<Record<string, Service>>, whole: number): RuleCase => ({
  name: "burn",
  series: Object.assign(
    { 'nginx_ingress_controller_config_last_reload_successful{instance="a"}': `1x${whole}` },
    ...Object.entries(told).map(([name, service]) => seriesOf(name, service, whole)),
  ),
  fires: Object.entries(told).flatMap(([name, { fires }]) => burns(name, fires)),
  atMinute: whole,
  everyMinutes: 5,
});

const rulesFor = (objective: number) =>
  groupsNamed(ruleFile({ controllers: ["ingress-nginx"], objective }), /burn|ingress-nginx/);

const steady = (failed: number, fires: readonly string[]): Service => ({ failed, minutes: 240, fires });

describe.skipIf(isPoor)("how fast failures use up what may fail", () => {
  test("each window has its line, over three days", () => {
    const rules = rulesFor(99.9);
    expect(failuresOf(rules, [caseOf(services, wholeMinutes)])).toEqual({});
  });

  test("an objective of 99 % lets ten times as much fail", () => {
    const rules = rulesFor(99);
    const told = {
      half: steady(5, []),
      more: steady(15, ["3d"]),
      much: steady(35, ["1d", "3d"]),
      "very-much": steady(65, ["6h", "1d", "3d"]),
    };
    expect(failuresOf(rules, [caseOf(told, 240)])).toEqual({});
  });
});
