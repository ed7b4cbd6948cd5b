import { annotations, ofRow } from "./annotations.ts";
import { fewestFailed } from "./burn-rate.ts";
import { type ControllerName, sourceOf } from "./controllers.ts";
import type { FailureClassId } from "./controllers/traffic-source.ts";
import { decimal } from "./promql.ts";
import type { AlertRule, RuleGroup } from "./rule-file.ts";
import { classRate, requestRate } from "./traffic-rules.ts";

interface ClassAlert {
  readonly alert: string;
  readonly classes: readonly FailureClassId[];
  readonly cause: string;
  readonly summary: string;
  readonly description: string;
}

/** Of all requests of the row, over a quarter of an hour. */
const mostShare = 0.01;

const window = "[15m:1m]";
const stepSeconds = 60;

const alerts: readonly ClassAlert[] = [
  {
    alert: "Why5xxUpstreamTimeouts",
    classes: ["timeout", "no-answer"],
    cause: "proxy-read-timeout-too-short",
    summary: `{{ $value | humanizePercentage }} of the requests to ${ofRow} got no answer from the application in time`,
    description:
      "Counted over 15 minutes by {{ $labels.controller }} as {{ $labels.class }}. Either the application is slower than the gateway waits, or it is stuck: compare the gateway's timeout with the latency before all went wrong.",
  },
  {
    alert: "Why5xxConnectErrors",
    classes: ["connect", "bad-gateway"],
    cause: "shutdown-no-prestop-race",
    summary: `{{ $value | humanizePercentage }} of the requests to ${ofRow} met a connection that was refused, closed or not made`,
    description:
      "Counted over 15 minutes by {{ $labels.controller }} as {{ $labels.class }}. Pods that stop while they still get requests, a port on which nobody listens and idle connections that the application closes first look like this.",
  },
];

/** Alerts on how attempts fail, for the controllers whose metrics tell it. */
export function failureGroups(controllers: readonly ControllerName[]): readonly RuleGroup[] {
  const told = controllers.filter((name) => sourceOf(name).classes.length > 0);
  if (told.length === 0) return [];
  return [{ name: "why5xx-failures", rules: alerts.map((alert) => classAlert(alert, told)) }];
}

function classAlert(
  { alert, classes, cause, summary, description }: ClassAlert,
  controllers: readonly ControllerName[],
): AlertRule {
  const failed = `sum_over_time(${classRate}{class=~"${classes.join("|")}"}${window})`;
  return {
    alert,
    expr: `${failed}
/ on (namespace, service, controller) group_left ()
(sum_over_time(${requestRate}${window}) > 0)
> ${decimal(mostShare)}
and ${failed} * ${stepSeconds} >= ${fewestFailed}`,
    for: "5m",
    labels: { severity: "warning" },
    annotations: annotations({ summary, description, cause, controllers }),
  };
}
