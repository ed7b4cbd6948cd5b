import type { GatewayScan, ScanSeries } from "../logs/gateway-scan.ts";
import type { LogsReport } from "../report/logs-report.ts";

/** Widths that a person reads easily, in seconds. */
const widths = [1, 10, 60, 300, 900, 3600, 6 * 3600, 24 * 3600];
const maxRows = 1500;

/** Requests and failures over time; bins of the scan are put together until there are few enough to read. */
export function seriesOf({ series }: GatewayScan): LogsReport["series"] {
  if (series === undefined || series.requests.length === 0) return [];
  const endMs = series.fromMs + series.requests.length * series.widthMs;
  const seconds =
    widths.find(
      (s) => s * 1000 >= series.widthMs && s >= 60 && (endMs - series.fromMs) / (s * 1000) <= maxRows,
    ) ?? widths.at(-1)!;
  const rows = new Map<number, { requests: number; failed: Record<string, number> }>();
  for (let i = 0; i < series.requests.length; i++) addBin(rows, series, i, seconds * 1000);
  return [...rows]
    .sort(([a], [b]) => a - b)
    .map(([row, counts]) => ({ from: new Date(row * seconds * 1000).toISOString(), seconds, ...counts }));
}

function addBin(
  rows: Map<number, { requests: number; failed: Record<string, number> }>,
  series: ScanSeries,
  i: number,
  rowMs: number,
): void {
  const requests = series.requests[i] ?? 0;
  if (requests === 0) return;
  const row = Math.floor((series.fromMs + i * series.widthMs) / rowMs);
  const sum = rows.get(row) ?? { requests: 0, failed: {} };
  rows.set(row, sum);
  sum.requests += requests;
  for (const [status, counts] of Object.entries(series.failedByStatus)) {
    const failed = counts[i] ?? 0;
    if (failed > 0) sum.failed[status] = (sum.failed[status] ?? 0) + failed;
  }
}
