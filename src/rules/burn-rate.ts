import { type ControllerName, sourceOf } from "./controllers.ts";
import { annotations, ofRow } from "./annotations.ts";
import { decimal } from "./promql.ts";
import type { AlertRule, RecordingRule, RuleGroup, Severity } from "./rule-file.ts";
import { failedRate, requestRate } from "./traffic-rules.ts";

interface Burn {
  /** How many times as fast as the objective allows failures come. */
  readonly factor: number;
  readonly long: Window;
  /** A twelfth of it: says that it still goes on. */
  readonly short: Window;
  readonly severity: Severity;
  readonly words: string;
}

type Window = "5m" | "30m" | "1h" | "2h" | "6h" | "1d" | "3d";

/**
 * Several windows, several rates (Google, The Site Reliability Workbook, chapter 5, table 5-8): over 30 days, 14.4 for an
 * hour takes 2 % of what may fail, 6 for six hours 5 %, 3 for a day and 1 for three days 10 %.
 */
const burns: readonly Burn[] = [
  { factor: 14.4, long: "1h", short: "5m", severity: "critical", words: "the last hour" },
  { factor: 6, long: "6h", short: "30m", severity: "critical", words: "the last six hours" },
  { factor: 3, long: "1d", short: "2h", severity: "warning", words: "the last day" },
  { factor: 1, long: "3d", short: "6h", severity: "warning", words: "the last three days" },
];

/** With fewer failed requests in the long window nobody is called, whatever their share: one of three is no outage. */
export const fewestFailed = 10;

/** Windows are summed in steps, so that neither the interval of evaluation nor a pause of the server changes the count. */
const steps: Readonly<Record<Window, { readonly step: string; readonly seconds: number }>> = {
  "5m": { step: "1m", seconds: 60 },
  "30m": { step: "1m", seconds: 60 },
  "1h": { step: "1m", seconds: 60 },
  "6h": { step: "1m", seconds: 60 },
  "2h": { step: "5m", seconds: 300 },
  "1d": { step: "5m", seconds: 300 },
  "3d": { step: "5m", seconds: 300 },
};

export const failedShare = (window: Window): string => `why5xx:requests_5xx:ratio_rate${window}`;

/** How many there were in the window. */
const countIn = (rate: string, window: Window): string =>
  `sum_over_time(${rate}[${window}:${steps[window].step}]) * ${steps[window].seconds}`;

/**
 * Alerts on the share of requests that fail, by Service. @param objective the share that is to be answered without a 5xx,
 * in percent: 99.9
 */
export function burnRateGroups(
  objective: number,
  controllers: readonly ControllerName[],
): readonly RuleGroup[] {
  if (controllers.every((name) => sourceOf(name).traffic.length === 0)) return [];
  const group = (severity: Severity): (AlertRule | RecordingRule)[] => {
    const own = burns.filter((burn) => burn.severity === severity);
    return [
      ...own.flatMap(({ long, short }) => [shareRule(short), shareRule(long)]),
      ...own.map((burn) => burnAlert(burn, objective, controllers)),
    ];
  };
  return [
    { name: "why5xx-fast-burn", rules: group("critical") },
    { name: "why5xx-slow-burn", interval: "5m", rules: group("warning").filter(isNotRecordedFast) },
  ];
}

const isNotRecordedFast = (rule: AlertRule | RecordingRule): boolean =>
  !("record" in rule && rule.record === failedShare("6h"));

/** A Service without requests has no share, rather than one that is no number. */
const shareRule = (window: Window): RecordingRule => ({
  record: failedShare(window),
  expr:
    window === "5m"
      ? `${failedRate} / (${requestRate} > 0)`
      : `sum_over_time(${failedRate}[${window}:${steps[window].step}])\n/\n(sum_over_time(${requestRate}[${window}:${steps[window].step}]) > 0)`,
});

function burnAlert(
  { factor, long, short, severity, words }: Burn,
  objective: number,
  controllers: readonly ControllerName[],
): AlertRule {
  const most = decimal(factor * (1 - objective / 100));
  return {
    alert: "Why5xxErrorBudgetBurn",
    expr: `${failedShare(long)} > ${most}
and ${failedShare(short)} > ${most}
and (${countIn(failedRate, long)}) >= ${fewestFailed}`,
    labels: { severity, long },
    annotations: annotations({
      summary: `{{ $value | humanizePercentage }} of the requests to ${ofRow} were answered with a 5xx in ${words}`,
      description: `The objective of ${objective} % lets ${decimal(100 - objective)} % fail. At this rate a month's share is gone in ${daysOf(factor)}. It goes on: the last ${short} are over the line too.`,
      controllers,
      since: severity === "critical" ? "1h" : short,
    }),
  };
}

const daysOf = (factor: number): string => {
  const days = 30 / factor;
  return days < 5 ? `${Math.round(days * 24)} hours` : `${Math.round(days)} days`;
};
