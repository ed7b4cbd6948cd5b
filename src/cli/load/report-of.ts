import type { LoadCounts } from "../../act/load/load-tally.ts";
import type { LoadPace } from "../../act/load/send-load.ts";
import { grouped } from "../../base/counts.ts";
import { failureInterval } from "../../base/statistics/fall.ts";
import { version } from "../../base/version.ts";
import type { SentRequest } from "../../evidence/sent-request.ts";
import {
  type DuringReport,
  type FailureReport,
  type LoadClusterReport,
  type LoadReport,
  loadSchema,
  type PaceReport,
} from "../../report/load-report.ts";
import type { AskedLoad } from "./asked-load.ts";
import { judged } from "./limits.ts";

export interface LoadRun {
  readonly asked: AskedLoad;
  /** Unix ms. */
  readonly startMs: number;
  readonly pace: LoadPace;
  readonly counts: LoadCounts;
  readonly isCutShort: boolean;
  readonly during?: DuringReport;
  readonly beside: { readonly cluster: LoadClusterReport } | { readonly unattributed: string };
}

const mostFailuresTold = 100;

export function loadReport(run: LoadRun): LoadReport {
  const { asked, counts, pace, during } = run;
  const { requests, failed, latenciesMs } = counts;
  const p99Ms = nearestRank(latenciesMs, 0.99);
  const thresholds = judged(asked.limits, { requests, failed, ...(p99Ms === undefined ? {} : { p99Ms }) });
  const words = verdictOf(run, thresholds.filter(({ held }) => !held).length > 0);
  const { connectTo, method, url, headers = {} } = asked.shot;
  return {
    schema: loadSchema,
    tool: { version },
    request: {
      method,
      url: url.href,
      ...(connectTo === undefined ? {} : { connectTo: addressText(connectTo) }),
      headers: Object.keys(headers),
      perSecond: asked.perSecond,
    },
    startedAt: new Date(run.startMs).toISOString(),
    seconds: round(pace.seconds, 3),
    isCutShort: run.isCutShort,
    ...(during === undefined ? {} : { during }),
    counts: { requests, failed, ...failureInterval({ requests, failed }) },
    statuses: counts.statuses,
    errors: Object.entries(counts.errors).map(([kind, n]) => ({
      kind,
      requests: n,
      words: counts.words[kind as keyof typeof counts.words] ?? "",
    })),
    ...(p99Ms === undefined
      ? {}
      : {
          latency: {
            p50Ms: ms(nearestRank(latenciesMs, 0.5)),
            p90Ms: ms(nearestRank(latenciesMs, 0.9)),
            p95Ms: ms(nearestRank(latenciesMs, 0.95)),
            p99Ms: ms(p99Ms),
            maxMs: ms(latenciesMs.at(-1)),
          },
        }),
    pace: paceReport(pace, requests),
    rests: counts.rests,
    series: seriesOf(counts.perSecond),
    thresholds,
    ...words,
    failures: counts.failures.slice(0, mostFailuresTold).map(failureReport),
    ...run.beside,
  };
}

/** The least value that as large a part is not above; `sorted` from the least. Undefined of nothing. */
const nearestRank = (sorted: readonly number[], part: number): number | undefined =>
  sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)];

function paceReport(pace: LoadPace, requests: number): PaceReport {
  const late = pace.lateMs.toSorted((a, b) => a - b);
  return {
    sentPerSecond: round(requests / Math.max(0.001, pace.seconds), 2),
    lateP99Ms: ms(nearestRank(late, 0.99)),
    lateMaxMs: ms(late.at(-1)),
    mostUnderWay: pace.mostUnderWay,
    heldBack: pace.heldBack,
    brokenOff: pace.brokenOff,
  };
}

const mostStretches = 120;

function seriesOf(perSecond: LoadCounts["perSecond"]): LoadReport["series"] {
  const seconds = Math.max(1, Math.ceil(perSecond.length / mostStretches));
  const stretches = Math.ceil(perSecond.length / seconds);
  const sums = (of: "requests" | "failed"): number[] =>
    Array.from({ length: stretches }, (_, i) =>
      perSecond.slice(i * seconds, (i + 1) * seconds).reduce((sum, bin) => sum + bin[of], 0),
    );
  return { seconds, requests: sums("requests"), failed: sums("failed") };
}

function failureReport(sent: SentRequest): FailureReport {
  const { id, status, error, idleMs, localPort, dueMs, endMs } = sent;
  return {
    id,
    at: new Date(endMs).toISOString(),
    ...(status === undefined ? {} : { status }),
    ...(error === undefined ? {} : { error }),
    tookMs: ms(endMs - dueMs),
    ...(idleMs === undefined ? {} : { idleMs: ms(idleMs) }),
    ...(localPort === undefined ? {} : { localPort }),
  };
}

function verdictOf(
  { counts, during, isCutShort, beside }: LoadRun,
  isBroken: boolean,
): Pick<LoadReport, "verdict" | "why"> {
  const { requests, failed, unconnected } = counts;
  if (requests === 0) return { verdict: "cannot-tell", why: "no request ended" };
  if (unconnected === requests)
    return {
      verdict: "cannot-tell",
      why: `nobody took a connection (${Object.values(counts.words).join(", ")}): ${counts.errors.tls === requests ? "--insecure takes a certificate that does not hold, and http:// asks without TLS" : "say where the gateway is with --connect-to HOST:PORT"}`,
    };
  const some = `${grouped(failed)} of ${grouped(requests)} requests failed`;
  if (isBroken)
    return { verdict: "broken", why: failed === 0 ? "none failed, but answers were too slow" : some };
  if (during !== undefined && during.state !== "done")
    return {
      verdict: "cannot-tell",
      why: `${failed === 0 ? "none failed" : some}, but the rollout was not over`,
    };
  if (failed > 0) return { verdict: "held", why: `${some}, which the limit allows` };
  const replaced = "cluster" in beside ? beside.cluster.podsDeleted : 0;
  const most = percent(1 - 0.05 ** (1 / requests));
  const none = `${grouped(requests)} requests, none failed: at most ${most} do, with 95 % confidence`;
  const isRollout = during !== undefined || replaced > 0;
  const early = isCutShort ? " (ended early)" : "";
  if (!isRollout) return { verdict: "held", why: none + early };
  return {
    verdict: "held",
    why: `no downtime while ${replaced > 0 ? podsText(replaced) : "pods"} were replaced: ${none}${early}`,
  };
}

const podsText = (n: number): string => (n === 1 ? "a pod" : `${n} pods`);

/** One-sided: the chance of none in n is 5 % when so many fail. */
const percent = (part: number): string => `${(part * 100).toPrecision(2)} %`;

const addressText = ({ host, port }: { readonly host: string; readonly port: number }): string =>
  `${host.includes(":") ? `[${host}]` : host}:${port}`;

const round = (value: number, digits: number): number => Number(value.toFixed(digits));

const ms = (value: number | undefined): number => round(value ?? 0, 1);
