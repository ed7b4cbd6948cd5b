import { version } from "../base/version.ts";
import type { Cause } from "../causes/define-cause.ts";
import { withScan } from "../derive/gateway-logs.ts";
import { logRoutes, type LogRoute } from "../derive/log-routes.ts";
import type { Observations } from "../derive/observations.ts";
import type { Evidence } from "../evidence/evidence.ts";
import { present, unknown } from "../evidence/observed.ts";
import type { Pattern } from "../logs/patterns/pattern.ts";
import { patternsOf } from "../logs/patterns/patterns-of.ts";
import { type GatewayScan, trafficFor } from "../logs/scan-gateway.ts";
import { type StationPairs, stationPairs } from "../logs/station-pairs.ts";
import type { Traffic } from "../logs/traffic.ts";
import {
  type LogsReport,
  logsReportSchema,
  type PatternReport,
  type UpstreamReport,
} from "../report/logs-report.ts";
import type { TargetReport } from "../report/report.ts";
import { diagnose, diagnoseRoute } from "./diagnose.ts";
import { attributionOf } from "./log-attribution.ts";
import { logTarget } from "./log-target.ts";
import { seriesOf } from "./logs-series.ts";

export interface LogsQuestion {
  readonly files: readonly string[];
  /** Objects beside the logs; its `logs` are not read. */
  readonly beside?: Evidence;
  /** Moment of the question, ISO 8601. */
  readonly askedAt: string;
}

const shownUpstreams = 100;
const shownServices = 50;
const shownPaths = 50;
const shownClients = 20;
/** Upstream names with failures that get a verdict of their own. */
const maxTargets = 20;

/** What logs say, alone or beside the objects of a cluster: a pure function of what was scanned. */
export function logsReport(
  scan: GatewayScan,
  question: LogsQuestion,
  catalogue: readonly Cause[],
): LogsReport {
  const [inner] = scan.stations ?? [];
  const all = trafficFor(scan, (key) => key.hop === inner?.hop);
  const beside = question.beside === undefined ? undefined : withScan(question.beside, scan);
  const targets = targetsOf(scan, question, beside, catalogue);
  const addresses = upstreamsOf(all);
  return {
    schema: logsReportSchema,
    tool: { version },
    source: { files: question.files, ...besideOf(question) },
    lines: scan.lines,
    formats: scan.formats,
    ...(hasTime(scan) ? { window: { from: iso(scan.fromMs), to: iso(scan.toMs) } } : {}),
    requests: {
      total: scan.totals.requests,
      failed: scan.totals.failed,
      aborted: scan.totals.aborted,
      byStatus: all.byStatus,
      byOrigin: scan.totals.byOrigin,
    },
    stations: (scan.stations ?? []).map(({ hop = "gateway", requests, failed, byStatus }) => ({
      station: hop,
      requests,
      failed,
      byStatus,
    })),
    attempts: {
      total: scan.totals.attempts,
      failed: scan.totals.failedAttempts,
      masked: scan.totals.masked,
      byClass: scan.totals.byClass,
    },
    series: seriesOf(scan),
    upstreams: addresses.slice(0, shownUpstreams),
    moreUpstreams: Math.max(0, addresses.length - shownUpstreams),
    services: servicesOf(scan),
    paths: all.paths
      .filter((path) => path.failed > 0)
      .sort((a, b) => b.failed - a.failed || compare(a.template, b.template))
      .slice(0, shownPaths)
      .map(({ template, requests, failed }) => ({ template, requests, failed })),
    clients: clientsOf(all),
    patterns: [...stationPairs(scan).map(pairReport), ...patternsOf(all).map(patternReport)],
    targets,
    findings: targets.flatMap((target) =>
      target.findings
        .filter((finding) => finding.state === "supported")
        .map((finding) => ({ ...finding, target: target.target })),
    ),
    attribution: beside === undefined ? [] : attributionOf(beside, targets),
    unrecognised: scan.unrecognised ?? [],
    losses: lossesOf(scan, question),
  };
}

function pairReport({ outer, inner, of, failedInside, leftInside }: StationPairs): PatternReport {
  const [front, behind] = [outer, inner ?? "gateway"].map((hop) => hop.replace("-", " "));
  const rest = of - failedInside - leftInside;
  const parts = [
    `${failedInside} failed at the ${behind} as well`,
    ...(leftInside > 0
      ? [`${leftInside} were left there by the ${front}, whose timer is the shorter one`]
      : []),
    ...(rest > 0
      ? [`of ${rest} the ${behind} logged no failure: they did not come there, or went well there`]
      : []),
  ];
  return {
    kind: "station-pair",
    text: `of ${of} requests that failed at the ${front} ${parts.join("; ")}`,
    failures: failedInside + leftInside,
    of,
  };
}

const patternReport = (pattern: Pattern): PatternReport => {
  const { kind, text, failures, of, p } = pattern;
  const isNamed = pattern.class === undefined || text.includes(pattern.class);
  return {
    kind,
    text: isNamed ? text : `${pattern.class}: ${text}`,
    failures,
    of,
    ...(p === undefined ? {} : { p }),
  };
};

/** Routes are told where objects name them; what the log says beyond those is told by its own names. */
function targetsOf(
  scan: GatewayScan,
  { askedAt }: LogsQuestion,
  beside: Evidence | undefined,
  catalogue: readonly Cause[],
): readonly TargetReport[] {
  if (beside !== undefined) {
    const told = diagnose(beside, { kind: "all" }, catalogue).targets.filter(isAsked);
    if (told.length > 0) return told;
  }
  const nothing = withScan(onlyLogs(askedAt), scan);
  return logRoutes(scan)
    .filter(({ traffic }) => traffic.failures.length + traffic.masked.length > 0)
    .slice(0, maxTargets)
    .map((found) => {
      const verdict = diagnoseRoute(nothing, found.route, [], catalogue, factsOf(found, scan));
      return logTarget(
        verdict,
        found.route,
        found.traffic.hop !== undefined && found.traffic.hop !== "gateway",
      );
    });
}

const isAsked = (target: TargetReport): boolean => target.symptom.failed + target.symptom.masked > 0;

const onlyLogs = (askedAt: string): Evidence => ({
  collectedAt: askedAt,
  source: { kind: "files", name: "logs" },
  objects: {},
  coverage: [],
  logs: [],
  losses: [],
});

const reason = "only logs were read";

/** What a log route has for facts: its traffic; every object is unknown, none is absent. */
function factsOf({ traffic }: LogRoute, scan: GatewayScan): Partial<Observations> {
  const hasOwnWords = scan.lines.error + scan.lines.other > 0;
  return {
    traffic: present(traffic),
    gatewayLog: hasOwnWords
      ? present(scan.signals)
      : unknown("gateway-log", "only access lines were read, none of the gateway's own"),
    gateway: unknown("gateway", reason),
    service: unknown("services", reason),
    servicePort: unknown("services", reason),
    endpoints: unknown("endpointslices", reason),
  };
}

function upstreamsOf(all: Traffic): UpstreamReport[] {
  return [...all.addresses]
    .map(([address, { attempts, failed, byClass }]) => ({ address, attempts, failed, byClass }))
    .sort((a, b) => b.failed - a.failed || b.attempts - a.attempts || compare(a.address, b.address));
}

function servicesOf(scan: GatewayScan): LogsReport["services"] {
  const sums = new Map<string, { name: string; requests: number; failed: number; masked: number }>();
  for (const { upstreamName, requests, failed, masked } of scan.buckets) {
    const name = upstreamName === "" ? "-" : upstreamName;
    const sum = sums.get(name) ?? { name, requests: 0, failed: 0, masked: 0 };
    sums.set(name, sum);
    sum.requests += requests;
    sum.failed += failed;
    sum.masked += masked;
  }
  return [...sums.values()]
    .sort(
      (a, b) =>
        b.failed - a.failed || b.masked - a.masked || b.requests - a.requests || compare(a.name, b.name),
    )
    .slice(0, shownServices);
}

function clientsOf({ clients }: Traffic): LogsReport["clients"] {
  const keys = [...(clients?.keys ?? [])]
    .filter(({ failed }) => failed > 0)
    .sort((a, b) => b.failed - a.failed || compare(a.key, b.key))
    .slice(0, shownClients)
    .map(({ key, requests, failed }) => ({ client: key, requests, failed }));
  return { maxError: clients?.maxError ?? 0, keys };
}

function besideOf({ beside }: LogsQuestion): Pick<LogsReport["source"], "beside"> {
  return beside === undefined ? {} : { beside: { kind: beside.source.kind, name: beside.source.name } };
}

function lossesOf(scan: GatewayScan, { beside }: LogsQuestion): LogsReport["losses"] {
  const cuts = [...scan.cut].map(([name, why]) => ({ what: name === "" ? "all requests" : name, why }));
  const lost = scan.losses.map((loss) => {
    const colon = loss.indexOf(": ");
    return colon === -1
      ? { what: "logs", why: loss }
      : { what: loss.slice(0, colon), why: loss.slice(colon + 2) };
  });
  return [...lost, ...cuts, ...(beside?.losses ?? [])];
}

/** Without any time in it a scan runs from the moment of the question to the same. */
const hasTime = ({ totals, fromMs, toMs }: GatewayScan): boolean => totals.requests > 0 || fromMs < toMs;
const iso = (ms: number): string => new Date(ms).toISOString();
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
