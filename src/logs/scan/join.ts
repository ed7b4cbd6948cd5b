import type { Buckets } from "../buckets.ts";
import { defaultTimers } from "../classify.ts";
import { type ErrorEntry, newErrorIndex } from "../error-index.ts";
import { type DeclaredFormats, readLine } from "../line-reader.ts";
import { type ResolvedRequest, resolveRequest } from "../resolve-request.ts";
import type { Sample } from "../sample.ts";
import type { FailureClass, LoggedRequest } from "../traffic.ts";
import { classes, type Counts, origins } from "./counts.ts";
import type { Filter } from "./filter.ts";
import { countFormat, see, type Seen } from "./seen.ts";
import { type SlotHolder, withAddresses } from "./server-slots.ts";
import { type Unjoined, newUnjoined } from "./unjoined.ts";

/** An access line that must be read in full, once the error lines are known. */
export interface PendingLine {
  readonly text: string;
  readonly prefixMs: number;
  readonly pod: string;
  /** See `LineReader.format`. */
  readonly format: number;
  readonly formatName: string;
  readonly endMs: number;
  readonly upstreamName: string;
  /** Of a gateway that logs names of servers: who had which address when. */
  readonly slots?: ReadonlyMap<string, readonly SlotHolder[]>;
}

export interface JoinParts {
  readonly counts: Counts;
  readonly buckets: Buckets;
  readonly seen: Seen;
  readonly formats: DeclaredFormats;
  readonly filter: Filter | undefined;
  readonly sample: Sample;
  /** So many lines wait for error lines; then the older half is decided. */
  readonly maxPending: number;
  /** So many error lines wait for access lines; then the older half is given up. */
  readonly maxErrors: number;
}

/** Joins error-log lines to access lines, wherever in the input they stand, and counts what came of each request. */
export interface Join {
  add(pending: readonly PendingLine[], errors: readonly ErrorEntry[]): void;
  /** Decides all that is left. */
  finish(): Unjoined;
  /** Whether lines had to be decided before all error lines were known. */
  readonly wasCut: boolean;
}

export function newJoin(parts: JoinParts): Join {
  let waiting: PendingLine[] = [];
  let errors: ErrorEntry[] = [];
  let shifted = 0;
  const unjoined = newUnjoined();

  /** Decides the oldest `count` of the waiting lines. */
  function decide(count: number): void {
    for (const entry of errors.slice(shifted)) noteTime(parts, entry);
    const index = newErrorIndex(errors);
    waiting.sort((a, b) => a.endMs - b.endMs || (a.text < b.text ? -1 : a.text > b.text ? 1 : 0));
    const sizes = new Map<string, number>();
    for (const { upstreamName } of waiting) sizes.set(upstreamName, (sizes.get(upstreamName) ?? 0) + 1);
    parts.sample.expect(sizes);
    for (const line of waiting.splice(0, count)) resolve(line);
    errors = index.unused();
    shifted = errors.length;

    function resolve(line: PendingLine): void {
      const full = readLine(line.text, line.prefixMs, line.format, parts.formats, line.pod);
      if (full === undefined) {
        countFormat(parts.seen, line.formatName, -1);
        parts.seen.access--;
        parts.seen.unrecognised++;
        return;
      }
      const resolved = resolveRequest(full.fields, full.text, line.pod, index, defaultTimers);
      take(parts, line, line.slots === undefined ? resolved : placed(resolved, line.slots));
    }
  }

  const join = {
    wasCut: false,
    add(pending: readonly PendingLine[], more: readonly ErrorEntry[]): void {
      for (const line of pending) waiting.push(line);
      for (const entry of more) errors.push(entry);
      if (waiting.length > parts.maxPending) {
        join.wasCut = true;
        decide(waiting.length >> 1);
      }
      if (errors.length > parts.maxErrors) {
        join.wasCut = true;
        decide(0);
        noteErrors(parts, unjoined, errors.splice(0, errors.length >> 1));
        shifted = errors.length;
      }
    },
    finish(): Unjoined {
      decide(waiting.length);
      noteErrors(parts, unjoined, errors);
      return unjoined;
    },
  };
  return join;
}

const placed = (
  { request, outcome }: ResolvedRequest,
  slots: NonNullable<PendingLine["slots"]>,
): ResolvedRequest => ({
  request: { ...request, attempts: withAddresses(request.attempts, slots) },
  outcome,
});

/** Error lines carry their writer's own zone; the access lines of the same pod name it. */
function noteTime({ seen, filter }: JoinParts, entry: ErrorEntry): void {
  const { offsets } = seen;
  const only = offsets.size === 1 ? [...offsets.values()][0] : undefined;
  if (!entry.exact) entry.timeMs -= offsets.get(entry.pod) ?? only ?? 0;
  if (isInTime(filter, entry.timeMs)) see(seen, entry.timeMs);
}

const isInTime = (filter: Filter | undefined, timeMs: number): boolean =>
  filter === undefined || (filter.onlyTimes && timeMs >= filter.fromMs && timeMs < filter.toMs);

function noteErrors({ filter }: JoinParts, unjoined: Unjoined, entries: readonly ErrorEntry[]): void {
  for (const entry of entries) if (isInTime(filter, entry.timeMs)) unjoined.add(entry);
}

function take(parts: JoinParts, line: PendingLine, { request, outcome }: ResolvedRequest): void {
  if (parts.filter !== undefined && !passes(parts.filter, request, line.upstreamName)) return;
  see(parts.seen, line.endMs);
  const bucket = parts.buckets.find(line.upstreamName, request.host ?? "", request.path, {
    ...handedOn(line.upstreamName, request),
    ...(request.hop === undefined || request.hop === "gateway" ? {} : { hop: request.hop }),
  });
  const { counts } = parts;
  counts.request(
    bucket,
    {
      status: request.status,
      method: request.method,
      endMs: request.endMs,
      durationMs: request.durationMs,
      requestBytes: request.requestBytes ?? Number.NaN,
      client: request.client,
      pod: request.gatewayPod ?? "",
    },
    outcome,
  );
  for (const attempt of request.attempts) {
    const { address, failure, status } = attempt;
    if (failure !== undefined) counts.classes.add(bucket.id, classes.indexOf(failure), 0);
    counts.attempt(bucket.id, address, attempt, failure ?? (status === undefined ? "left" : "success"));
  }
  const ofRequest = classWithoutAttempt(request);
  if (ofRequest !== undefined) counts.classes.add(bucket.id, classes.indexOf(ofRequest), 0);
  if (request.origin !== undefined && request.status >= 502 && request.status <= 504)
    counts.origins.add(bucket.id, origins.indexOf(request.origin), 0);
  if (outcome !== "success")
    parts.sample.add({ bucket: bucket.id, outcome, request, upstreamName: line.upstreamName }, line.text);
}

function classWithoutAttempt(request: LoggedRequest): FailureClass | undefined {
  return request.attempts.some((attempt) => attempt.failure !== undefined) ? undefined : request.failure;
}

function passes(filter: Filter, request: LoggedRequest, upstreamName: string): boolean {
  const { endMs, status, path, host } = request;
  if (endMs < filter.fromMs || endMs >= filter.toMs || !filter.hasStatus(status)) return false;
  return filter.hasUpstream(upstreamName) && filter.hasHost(host ?? "") && path.startsWith(filter.path);
}

/** custom-http-errors: an endpoint failed, and ingress-nginx logs the request under the name of the default backend that answered (nginx.tmpl `CUSTOM_ERRORS`). */
const defaultBackend = /^(?:upstream-default-backend|custom-default-backend-)/;

function handedOn(upstreamName: string, request: LoggedRequest): { handedOnFrom?: string } {
  const [first, second] = request.attempts;
  if (first === undefined || second === undefined || !defaultBackend.test(upstreamName)) return {};
  return { handedOnFrom: first.address };
}
