/**
 * The same report with every string in it, keys too, passed through `safe`: done once at the door,
 * so that no line of a renderer can forget it.
 */
export const safeReport = <R extends object>(report: R, safe: (text: string) => string): R =>
  withStrings(report, safe) as R;

function withStrings(value: unknown, safe: (text: string) => string): unknown {
  if (typeof value === "string") return safe(value);
  if (Array.isArray(value)) return value.map((item) => withStrings(item, safe));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([k, v]) => [safe(k), withStrings(v, safe)]));
}
