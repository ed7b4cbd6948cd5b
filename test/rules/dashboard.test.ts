import { describe, expect, test } from "vitest";
import { controllerNames } from "../../src/rules/controllers.ts";
import { dashboard } from "../../src/rules/dashboard.ts";
import { ruleFile } from "../../src/rules/rules.ts";

interface Place {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}
interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly gridPos: Place;
  readonly datasource?: object;
  readonly targets?: readonly {
    readonly refId: string;
    readonly expr: string;
    readonly datasource: object;
  }[];
  readonly fieldConfig?: {
    readonly defaults: { readonly thresholds: { readonly steps: readonly object[] } };
  };
}

const made = dashboard({ controllers: controllerNames, objective: 99.9 });
const panels = made.panels as readonly Panel[];
const graphs = panels.filter(({ type }) => type === "timeseries");
const expressions = graphs.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));

const overlap = (a: Place, b: Place): boolean =>
  a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;

describe("the dashboard", () => {
  test("has a place for each panel, within the width, and on no other", () => {
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    for (const [at, { title, gridPos }] of panels.entries()) {
      expect([title, gridPos.x + gridPos.w <= 24]).toEqual([title, true]);
      const others = panels.slice(at + 1).filter((other) => overlap(gridPos, other.gridPos));
      expect([title, others.map((other) => other.title)]).toEqual([title, []]);
    }
  });

  test("asks the Prometheus that the reader chooses, and no other", () => {
    const chosen = { type: "prometheus", uid: "${datasource}" };
    for (const { datasource, targets = [] } of graphs)
      expect([datasource, ...targets.map((target) => target.datasource)]).toEqual(
        Array.from({ length: targets.length + 1 }, () => chosen),
      );
    expect(made.annotations.list.map(({ datasource }) => datasource)).toEqual([chosen, chosen]);
    expect(made.templating.list.map(({ name }) => name)).toEqual(["datasource", "namespace", "service"]);
  });

  test("draws recorded series only that the rules record", () => {
    const { groups } = ruleFile({ controllers: controllerNames, objective: 99.9 });
    const recorded = groups.flatMap(({ rules }) =>
      rules.flatMap((rule) => ("record" in rule ? [rule.record] : [])),
    );
    const drawn = [...expressions.join("\n").matchAll(/why5xx:[\w:]+/g)].map(([name]) => name);
    expect(new Set(drawn).size).toBeGreaterThan(4);
    expect(drawn.filter((name) => !recorded.includes(name))).toEqual([]);
  });

  test("has what an incident is looked at by", () => {
    const wanted = [
      "why5xx:failures:rate5m",
      "kube_deployment_status_replicas_available",
      "kube_deployment_spec_replicas",
      "kube_horizontalpodautoscaler_spec_max_replicas",
      "kube_pod_container_status_restarts_total",
      "container_cpu_cfs_throttled_periods_total",
      "histogram_quantile(0.99",
    ];
    expect(wanted.filter((part) => !expressions.some((expr) => expr.includes(part)))).toEqual([]);
    expect(made.annotations.list.map(({ name }) => name)).toEqual(["Rollouts", "Alerts"]);
  });

  test("draws the objective as a line", () => {
    const [share] = dashboard({ controllers: ["haproxy"], objective: 99.5 }).panels.slice(1) as Panel[];
    expect(share?.fieldConfig?.defaults.thresholds.steps).toEqual([
      { value: null, color: "green" },
      { value: 0.005, color: "red" },
    ]);
  });
});
