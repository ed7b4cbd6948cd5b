/** A stretch of time. */
interface Stretch {
  readonly from: string;
  readonly seconds: number;
}

const blocks = "▁▂▃▄▅▆▇█";
const marks = ".:-=+*#@";

/** One character for each stretch of time, higher for more; a stretch without a failure is a space. */
export function barLine(
  series: readonly Stretch[],
  failed: readonly number[],
  columns: number,
  hasUnicode: boolean,
): { readonly bars: string; readonly seconds: number } {
  const first = series[0];
  const last = series.at(-1);
  if (first === undefined || last === undefined) return { bars: "", seconds: 0 };
  const rows = (Date.parse(last.from) - Date.parse(first.from)) / (first.seconds * 1000) + 1;
  const perBar = Math.max(1, Math.ceil(rows / columns));
  const sums = Array.from({ length: Math.ceil(rows / perBar) }, () => 0);
  series.forEach((row, i) => {
    const at = Math.floor((Date.parse(row.from) - Date.parse(first.from)) / (first.seconds * 1000 * perBar));
    sums[at] = (sums[at] ?? 0) + (failed[i] ?? 0);
  });
  const most = Math.max(...sums);
  const signs = hasUnicode ? blocks : marks;
  const bars = sums.map((n) => (n === 0 ? " " : (signs[Math.min(7, Math.ceil((n / most) * 8) - 1)] ?? "")));
  return { bars: bars.join(""), seconds: perBar * first.seconds };
}
