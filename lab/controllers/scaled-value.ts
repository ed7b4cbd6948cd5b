/**
 * A number, or a percentage of `total` (kubernetes apimachinery pkg/util/intstr/intstr.go GetScaledValueFromIntOrPercent).
 * Anything else counts as 0: the API would have refused it.
 */
export function scaledValue(
  value: number | string | undefined,
  total: number,
  rounding: "up" | "down",
): number {
  if (value === undefined) return 0;
  if (typeof value === "number") return value;
  const percent = /^(\d+)%$/.exec(value)?.[1];
  if (percent === undefined) return Number.parseInt(value, 10) || 0;
  const exact = (Number(percent) * total) / 100;
  return rounding === "up" ? Math.ceil(exact) : Math.floor(exact);
}
