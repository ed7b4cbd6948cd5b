import type { FailureBins } from "../derive/timeline-bins.ts";
import { maskedKey } from "../derive/timeline-bins.ts";
import type { Traffic } from "../logs/traffic.ts";
import type { ImpactReport } from "../report/incident-report.ts";
import type { SymptomReport } from "../report/report.ts";

const mostPaths = 5;

export function impactOf(
  symptom: SymptomReport,
  traffic: Traffic | undefined,
  bins: FailureBins | undefined,
): ImpactReport {
  const { counted, requests, failed, masked, from, to } = symptom;
  const span =
    from === undefined || to === undefined
      ? {}
      : { from, to, seconds: (Date.parse(to) - Date.parse(from)) / 1000 };
  const counts = { counted, requests, failed, masked, ...span };
  if (traffic === undefined) return { ...counts, paths: [], otherPaths: 0, ...worstOf(bins) };
  const paths = traffic.paths
    .filter((p) => p.failed > 0)
    .sort((a, b) => b.failed - a.failed || b.requests - a.requests || (a.template < b.template ? -1 : 1));
  return {
    ...counts,
    ...clientsOf(traffic),
    ...writesOf(traffic),
    paths: paths
      .slice(0, mostPaths)
      .map(({ template, failed: n, requests: of }) => ({ path: template, failed: n, of })),
    otherPaths: Math.max(0, paths.length - mostPaths),
    ...worstOf(bins),
  };
}

/** Where a proxy or a load balancer stands in front, its addresses are what the log has. */
function clientsOf({ clients }: Traffic): Pick<ImpactReport, "clients"> {
  if (clients === undefined || clients.keys.length === 0) return {};
  const { keys, maxError } = clients;
  const failed = keys.filter((c) => c.failed > maxError).length;
  return { clients: { failed, of: keys.length, isExact: maxError === 0 } };
}

const harmless: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS"]);

function writesOf({ byMethod }: Traffic): Pick<ImpactReport, "writes"> {
  const writing = Object.entries(byMethod).filter(([method]) => !harmless.has(method));
  const of = writing.reduce((sum, [, { requests }]) => sum + requests, 0);
  const failed = writing.reduce((sum, [, counts]) => sum + counts.failed, 0);
  return of === 0 ? {} : { writes: { failed, of } };
}

/** The bin with most failures that clients saw. */
function worstOf(bins: FailureBins | undefined): Pick<ImpactReport, "worst"> {
  if (bins === undefined) return {};
  const seen = bins.series.filter((s) => s.key !== maskedKey);
  const length = seen[0]?.counts.length ?? 0;
  const sums = Array.from({ length }, (_, i) => seen.reduce((sum, s) => sum + (s.counts[i] ?? 0), 0));
  const failed = Math.max(0, ...sums);
  if (failed === 0) return {};
  const at = sums.indexOf(failed);
  const of = bins.requests?.[at];
  return {
    worst: {
      from: new Date(bins.fromMs + at * bins.widthMs).toISOString(),
      seconds: bins.widthMs / 1000,
      failed,
      ...(of === undefined || of < failed ? {} : { of }),
    },
  };
}
