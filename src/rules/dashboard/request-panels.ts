import { failedShare } from "../burn-rate.ts";
import { type ControllerName, sourceOf } from "../controllers.ts";
import type { Latency } from "../controllers/traffic-source.ts";
import { indented, relabelled, selector } from "../promql.ts";
import { decimal } from "../promql.ts";
import { classRate, failedRate, requestRate } from "../traffic-rules.ts";
import type { PanelSpec, Query } from "./panel.ts";

const chosen = 'namespace=~"$namespace",service=~"$service"';
const row = "{{namespace}} {{service}}";

/** What became of requests; from the recorded series, which are named alike for every controller. */
export function requestPanels(
  controllers: readonly ControllerName[],
  objective: number,
): readonly PanelSpec[] {
  const latencies = controllers.flatMap((name) => {
    const { latency } = sourceOf(name);
    return latency === undefined ? [] : [latencyPanel(name, latency)];
  });
  if (controllers.every((name) => sourceOf(name).traffic.length === 0)) return [];
  return [
    {
      title: "Requests answered with a 5xx",
      description: `Share of all, over five minutes. The red line is the objective of ${objective} %.`,
      unit: "percentunit",
      limit: Number(decimal(1 - objective / 100)),
      queries: [{ expr: `${failedShare("5m")}{${chosen}}`, legend: row }],
    },
    {
      title: "Failed attempts by how they failed",
      description:
        "As far as the gateway's metrics tell it: timeout (no answer in time), no-answer (none, or broken off), connect (no connection), bad-gateway (502: refused, closed or not understood), unavailable (503: nobody to ask, or refused by the gateway).",
      unit: "reqps",
      draw: "stacked bars",
      queries: [
        { expr: `sum by (class) (${classRate}{${chosen}}) > 0`, legend: "{{class}}" },
        { expr: `sum(${failedRate}{${chosen}}) > 0`, legend: "5xx to clients" },
      ],
    },
    {
      title: "Requests",
      description: "A second, over five minutes.",
      unit: "reqps",
      queries: [{ expr: `${requestRate}{${chosen}}`, legend: row }],
    },
    ...latencies,
  ];
}

function latencyPanel(name: ControllerName, { series, kind, unit, relabels }: Latency): PanelSpec {
  const filtered = (expr: string): string => relabelled(expr, relabels);
  const quantile = (q: number): Query => ({
    expr: `histogram_quantile(${q}, sum by (le) (\n${indented(filtered(`rate(${selector({ ...series, metric: `${series.metric}_bucket` })}[$__rate_interval])`))}\n))`,
    legend: `p${q * 100}`,
  });
  return kind === "histogram"
    ? {
        title: `Latency at ${name}`,
        description: "Half, 19 of 20 and 99 of 100 requests were faster, all Services together.",
        unit,
        queries: [0.5, 0.95, 0.99].map(quantile),
      }
    : {
        title: `Latency at ${name}`,
        description: "The average of each Service's last 1024 requests; this exporter has no quantiles.",
        unit,
        queries: [
          {
            expr: `max by (namespace, service) (\n${indented(filtered(selector(series)))}\n)`,
            legend: row,
          },
        ],
      };
}
