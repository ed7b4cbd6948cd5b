/** A label's values as one matcher's text: `namespace=~"shop|web"`. */
export function oneOf(label: string, values: readonly string[]): string {
  if (values.length === 1) return `${label}="${quoted(values[0]!)}"`;
  return matching(label, values.map(escapedPattern));
}

/** The same for patterns of RE2, which are anchored at both ends (prometheus/docs querying/basics). */
export const matching = (label: string, patterns: readonly string[]): string =>
  `${label}=~"${quoted(patterns.join("|"))}"`;

/** A name as a pattern that fits it only. */
export const escapedPattern = (text: string): string =>
  text.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`);

const quoted = (text: string): string =>
  text
    .replaceAll("\\", "\\\\")
    .replaceAll('"', String.raw`\"`)
    .replaceAll("\n", String.raw`\n`);

/** `metric{a="b",c="d"}` */
export const selector = (metric: string, ...matchers: readonly string[]): string =>
  `${metric}{${matchers.filter((m) => m !== "").join(",")}}`;

/** Labels of an exporter, also as a scrape without `honor_labels` renames them beside its own (prometheus/prometheus scrape/target.go). */
export const byLabels = (...labels: readonly string[]): string =>
  `by (${labels.flatMap((label) => [label, `exported_${label}`]).join(", ")})`;

/**
 * What an exporter tells of these namespaces, whichever way it is scraped. In the second way other labels may have
 * been renamed as well, so that only `sure` ones are matched there; the rest is left to the reader.
 * @param around what is done to each: `rate(…[2m])`
 */
export const ofNamespaces = (
  metric: string,
  namespaces: readonly string[],
  matchers: readonly string[],
  sure: readonly string[] = [],
  around: (selected: string) => string = (selected) => selected,
): string => {
  const plain = selector(metric, oneOf("namespace", namespaces), ...matchers, ...sure);
  const renamed = selector(metric, oneOf("exported_namespace", namespaces), ...sure);
  return `${around(plain)} or ${around(renamed)}`;
};
