import type { LogStream } from "../evidence/evidence.ts";
import { type Bucket, addDuration, countAttempt, countRequest } from "./bucket.ts";
import { type Buckets, newBuckets } from "./buckets.ts";
import { defaultTimers } from "./classify.ts";
import { type Collected, collectLines } from "./collect-lines.ts";
import { type ErrorEntry, newErrorIndex } from "./error-index.ts";
import type { GatewayScan, KeptRequest } from "./gateway-scan.ts";
import type { AccessFormat } from "./formats/access-line.ts";
import { type LineReader, newLineReader } from "./line-reader.ts";
import { resolveRequest } from "./resolve-request.ts";
import { strides } from "./sample.ts";
import { newTotals, summarise, type Totals } from "./summarise.ts";
import type { LoggedRequest } from "./traffic.ts";

export { trafficFor } from "./traffic-for.ts";
export type { GatewayScan } from "./gateway-scan.ts";

export interface ScanOptions {
  /** Moment of collection: the year of klog lines, which log none. */
  readonly nowMs: number;
  /** nginx `log_format` strings by "namespace/pod"; "*" is for pods without one of their own. */
  readonly formats?: Readonly<Record<string, string>>;
  /** Failed, masked and aborted requests kept in full; default 50,000. */
  readonly maxKept?: number;
}

const defaultMaxKept = 50_000;

/**
 * Reads the logs of gateways: access lines, nginx error lines and controller lines, mixed or apart,
 * in any order. Successes are counted without building anything; failures are read in full and
 * joined to their error-log lines. Never throws for what a line contains.
 */
export function scanGatewayLogs(streams: readonly LogStream[], options: ScanOptions): GatewayScan {
  const collected = collectLines(streams, options.nowMs);
  const buckets = newBuckets();
  const reader = newLineReader(collected, options.formats ?? {});
  const totals = newTotals();
  const interesting = countPlain(collected, reader, buckets, totals);
  shiftErrorTimes(collected.errors, totals.offsets);
  const cut = new Map<string, string>();
  const kept = resolveInteresting(
    interesting,
    collected,
    reader,
    buckets,
    totals,
    options.maxKept ?? defaultMaxKept,
    cut,
  );
  return summarise({
    collected,
    buckets,
    totals,
    formatCounts: reader.formatCounts,
    kept,
    cut,
    streams,
    nowMs: options.nowMs,
  });
}

/** Lines to be read in full, by position in the store. */
interface Interesting {
  readonly line: number;
  readonly format: AccessFormat;
  readonly endMs: number;
  readonly upstreamName: string;
}

function countPlain(
  collected: Collected,
  reader: LineReader,
  buckets: Buckets,
  totals: Totals,
): Interesting[] {
  const suspects = truncationSuspects(collected.errors);
  const interesting: Interesting[] = [];
  const { glance } = reader;
  for (let i = 0; i < collected.accessLines.size; i++) {
    const look = reader.look(i);
    const format = reader.format();
    if (look === "other" || format === undefined) {
      totals.unrecognised++;
      continue;
    }
    totals.access++;
    totals.see(glance.endMs);
    if (look === "plain" && (suspects.size === 0 || !suspects.has(`${glance.client} ${glance.path}`))) {
      countSuccess(buckets.find(glance.upstreamName, glance.host, glance.path), reader);
    } else interesting.push({ line: i, format, endMs: glance.endMs, upstreamName: glance.upstreamName });
  }
  for (const [pod, offset] of reader.offsets) totals.offsets.set(pod, offset);
  return interesting;
}

/** custom-http-errors: an endpoint failed, and ingress-nginx logs the request under the name of the default backend that answered (nginx.tmpl `CUSTOM_ERRORS`). */
const defaultBackend = /^(?:upstream-default-backend|custom-default-backend-)/;

function handedOnFrom(upstreamName: string, request: LoggedRequest): string | undefined {
  if (request.attempts.length < 2 || !defaultBackend.test(upstreamName)) return undefined;
  return request.attempts[0]?.address;
}

/** Client and path of error lines that report a cut body: the access line of such a request looks like a success. */
function truncationSuspects(errors: readonly ErrorEntry[]): Set<string> {
  const suspects = new Set<string>();
  for (const entry of errors) {
    if (entry.meaning.failure === "truncated")
      suspects.add(`${entry.client} ${entry.request.split(" ", 2)[1] ?? entry.request}`);
  }
  return suspects;
}

function countSuccess(bucket: Bucket, reader: LineReader): void {
  const { glance } = reader;
  countRequest(bucket, glance.status, glance.method, glance.endMs, false);
  if (glance.address !== "") countAttempt(bucket, glance.address, glance.endMs, "success");
  if (glance.status < 400 && !Number.isNaN(glance.durationMs))
    addDuration(bucket.durations, glance.durationMs);
}

/** Error lines carry their writer's own zone; the access lines of the same pod name it. */
function shiftErrorTimes(errors: readonly ErrorEntry[], offsets: ReadonlyMap<string, number>): void {
  const only = offsets.size === 1 ? [...offsets.values()][0] : undefined;
  for (const entry of errors) {
    if (!entry.exact) entry.timeMs -= offsets.get(entry.pod) ?? only ?? 0;
  }
}

function resolveInteresting(
  interesting: Interesting[],
  collected: Collected,
  reader: LineReader,
  buckets: Buckets,
  totals: Totals,
  maxKept: number,
  cut: Map<string, string>,
): KeptRequest[] {
  const index = newErrorIndex(collected.errors);
  const sizes = new Map<string, number>();
  for (const { upstreamName } of interesting) sizes.set(upstreamName, (sizes.get(upstreamName) ?? 0) + 1);
  const steps = strides(sizes, maxKept);
  const seen = new Map<string, number>();
  const kept: KeptRequest[] = [];
  for (const { line, format, upstreamName } of interesting.sort(
    (a, b) => a.endMs - b.endMs || reader.compare(a.line, b.line),
  )) {
    const full = reader.read(line, format);
    if (full === undefined) {
      reader.unread(format);
      totals.access--;
      totals.unrecognised++;
      continue;
    }
    const { request, outcome } = resolveRequest(full.fields, full.text, full.pod, index, defaultTimers);
    const bucket = buckets.find(
      upstreamName,
      request.host ?? "",
      request.path,
      handedOnFrom(upstreamName, request),
    );
    totals.count(bucket, request, outcome);
    if (outcome === "success") continue;
    const step = steps.get(upstreamName) ?? 1;
    const number = seen.get(upstreamName) ?? 0;
    seen.set(upstreamName, number + 1);
    if (number % step === 0) kept.push({ bucket, outcome, request });
    else
      cut.set(
        upstreamName,
        `one of every ${step} failed, retried or aborted requests is kept; the counts are of all of them`,
      );
  }
  totals.takeUnjoined(index.unused());
  return kept;
}
