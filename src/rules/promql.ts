/** A metric and what its labels must be, as PromQL writes it: `code=~"5.."`. */
export interface Series {
  readonly metric: string;
  readonly where?: readonly string[];
}

/** Fills a label from another where that matches `pattern` (anchored). */
export interface Relabel {
  readonly label: string;
  readonly from: string;
  readonly pattern: string;
  /** What it is filled with. Default $1, the first group. */
  readonly as?: string;
}

/** Without `honor_labels`, Prometheus moves a label of the exporter that the target has too out of the way. */
export const ownLabel = (label: string): Relabel => ({ label, from: `exported_${label}`, pattern: "(.+)" });

/** Takes a label away: one of the target that says where the exporter is, and not where the requests went. */
export const without = (label: string): Relabel => ({ label, from: "", pattern: "", as: "" });

export const selector = ({ metric, where = [] }: Series): string =>
  where.length === 0 ? metric : `${metric}{${where.join(",")}}`;

export const narrowed = ({ metric, where = [] }: Series, ...more: readonly string[]): Series => ({
  metric,
  where: [...where, ...more],
});

export const indented = (text: string): string => text.replaceAll(/^(?=.)/gm, "  ");

export const relabelled = (expr: string, relabels: readonly Relabel[]): string =>
  relabels.reduce(
    (inner, { label, from, pattern, as = "$1" }) =>
      `label_replace(\n${indented(inner)},\n  "${label}", "${as}", "${from}", "${pattern}"\n)`,
    expr,
  );

/**
 * Events a second over five minutes. `rate` sees no first value: a counter that is not there before its first event,
 * as those of each status are, would lose that event, and all of them when they came between two scrapes. So what a
 * counter began with is added, where its exporter (`alive`) was scraped before the counter was there: then it began
 * at nothing. Counters of an exporter that is new itself count from their second value on.
 */
export function perSecond(series: Series, alive: Series): string {
  const counter = selector(series);
  return `rate(${counter}[5m])
or
label_replace(
  (
    min_over_time(${counter}[5m])
    unless ${counter} offset 5m
  ) / 300
  and on (instance) ${selector(alive)} offset 5m,
  "begun", "here", "", ""
)`;
}

/** Whether a counter grew in the window; one that was not there at its begin grew by all that it has. */
export function grew(series: Series, window: string, alive: Series): string {
  const counter = selector(series);
  return `(increase(${counter}[${window}]) > 0)
or
(
  (${counter} > 0) unless ${counter} offset ${window}
    and on (instance) ${selector(alive)} offset ${window}
)`;
}

/** A number without the noise of binary fractions: 0.0144, not 0.014399999999999999. */
export const decimal = (value: number): string => String(Number(value.toPrecision(9)));
