import { type ControllerName, sourceOf } from "./controllers.ts";
import type { FailureClass, Traffic, TrafficSource } from "./controllers/traffic-source.ts";
import { indented, narrowed, perSecond, relabelled, type Relabel, type Series } from "./promql.ts";
import type { RecordingRule, RuleGroup } from "./rule-file.ts";

/** Requests a second over five minutes, whatever their status; labels namespace, service, controller. */
export const requestRate = "why5xx:requests:rate5m";
/** Those of them that were answered with a 5xx; there, and nothing, where none was. */
export const failedRate = "why5xx:requests_5xx:rate5m";
/** Failed attempts a second over five minutes, by label class. */
export const classRate = "why5xx:failures:rate5m";

/** The metrics of each controller under the same names and labels, so that alerts need not know whose they are. */
export function trafficGroup(name: ControllerName): RuleGroup {
  const source = sourceOf(name);
  return {
    name: `why5xx-${name}`,
    rules: [
      ...(source.traffic.length === 0 ? [] : trafficRules(name, source)),
      ...source.classes.map((failure) => classRule(name, source, failure)),
    ],
  };
}

function trafficRules(
  controller: ControllerName,
  { alive, traffic }: TrafficSource,
): readonly RecordingRule[] {
  const rows = (seriesOf: (row: Traffic) => Series): string =>
    traffic.map((row) => perRow(seriesOf(row), alive, row.relabels)).join("\nor\n");
  const failed = rows(({ requests, failed: isFailed }) => narrowed(requests, isFailed));
  return [
    { record: requestRate, expr: rows(({ requests }) => requests), labels: { controller } },
    {
      record: failedRate,
      expr: `${failed}\nor on (namespace, service)\n0 * ${requestRate}{controller="${controller}"}`,
      labels: { controller },
    },
  ];
}

const classRule = (
  controller: ControllerName,
  { alive }: TrafficSource,
  { id, series, relabels }: FailureClass,
): RecordingRule => ({
  record: classRate,
  expr: perRow(series, alive, relabels),
  labels: { controller, class: id },
});

const perRow = (series: Series, alive: Series, relabels: readonly Relabel[]): string =>
  `sum by (namespace, service) (\n${indented(relabelled(perSecond(series, alive), relabels))}\n)`;
