import { classOfAttempt, classWithoutAttempt, isFailedStatus, originOf, type Timers } from "./classify.ts";
import type { ErrorEntry, ErrorIndex } from "./error-index.ts";
import type { AccessFields, AttemptFields } from "./formats/access-line.ts";
import type { Attempt, FailureClass, LoggedRequest } from "./traffic.ts";

/** The raw line is kept to this length. */
const maxLineChars = 2000;

/** nginx stamps both logs with whole seconds. */
const secondMs = 1000;

export interface ResolvedRequest {
  readonly request: LoggedRequest;
  readonly outcome: "success" | "failed" | "masked" | "aborted";
}

/**
 * Joins error-log lines to the attempts of one access line, decides each attempt's class and the
 * request's. Attempts that failed last end when the request ends; earlier ones are laid before it.
 */
export function resolveRequest(
  fields: AccessFields,
  line: string,
  pod: string,
  index: ErrorIndex,
  timers: Timers,
): ResolvedRequest {
  const durationMs = fields.durationMs ?? 0;
  const startMs = fields.endMs - durationMs;
  const failed = isFailedStatus(fields);
  if (!fields.logsUpstream) addLoggedAttempts(fields, startMs, pod, index);
  const attempts = placeAttempts(fields, startMs, failed);
  const joined = joinAttempts(attempts, fields, startMs, pod, index);
  const classed = attempts.map((attempt, i) =>
    finish(attempt, fields.attempts[i], fields, joined[i], timers),
  );
  const told = joined.some((entry) => entry !== undefined);
  const ofRequest = failed && !told ? takeRequestLines(fields, startMs, pod, index) : [];
  const truncated = classed.some((attempt) => attempt.failure === "truncated");
  const aborted = fields.status === 499 || fields.clientLeft === true;
  const failure = failed || truncated ? classOfRequest(fields, classed, ofRequest) : undefined;
  const masked =
    failure === undefined && !aborted && fields.status < 500 && classed.some((a) => a.failure !== undefined);
  return {
    request: {
      ...loggedFields(fields),
      startMs,
      durationMs,
      ...(pod === "" ? optionalPod(fields.gatewayPod) : { gatewayPod: pod }),
      attempts: classed,
      ...(failure === undefined
        ? {}
        : { failure, origin: truncated ? "gateway" : originOf(fields, failure) }),
      ...(ofRequest.length === 0 ? {} : { message: ofRequest.map((entry) => entry.message).join("; ") }),
      line: line.slice(0, maxLineChars),
    },
    outcome: aborted ? "aborted" : failure !== undefined ? "failed" : masked ? "masked" : "success",
  };
}

const optionalPod = (pod: string | undefined): { gatewayPod?: string } =>
  pod === undefined || pod === "" ? {} : { gatewayPod: pod };

function classOfRequest(
  fields: AccessFields,
  attempts: readonly Attempt[],
  ofRequest: readonly ErrorEntry[],
): FailureClass {
  const last = attempts.findLast((attempt) => attempt.failure !== undefined)?.failure;
  return last ?? ofRequest[0]?.meaning.failure ?? classWithoutAttempt(fields);
}

/** A format without upstream fields: the error log alone names the attempts, in order. */
function addLoggedAttempts(fields: AccessFields, startMs: number, pod: string, index: ErrorIndex): void {
  const key = { pod, client: fields.client, request: fields.request, requestId: fields.requestId };
  const isTruncation = fields.status < 500;
  const fits = (entry: ErrorEntry): boolean =>
    entry.address !== undefined &&
    entry.meaning.failure !== undefined &&
    (entry.meaning.failure === "truncated") === isTruncation;
  let connection: number | undefined;
  while (fields.attempts.length < 20) {
    const entry = index.take(key, startMs - secondMs, fields.endMs + secondMs, fits, connection);
    if (entry === undefined || (connection !== undefined && entry.connection !== connection)) return;
    connection = entry.connection;
    const attempt: AttemptFields = { address: entry.address ?? "-", group: 0, message: entry.message };
    if (entry.meaning.failure !== undefined) attempt.failure = entry.meaning.failure;
    fields.attempts.push(attempt);
  }
}

function placeAttempts(fields: AccessFields, startMs: number, failed: boolean): Attempt[] {
  const durations = fields.attempts.map((attempt) => attempt.durationMs ?? 0);
  const sum = durations.reduce((total, ms) => total + ms, 0);
  let at = failed ? Math.max(startMs, fields.endMs - sum) : startMs;
  return fields.attempts.map((attempt, i) => {
    const from = at;
    const isLast = i === fields.attempts.length - 1;
    at =
      attempt.durationMs === undefined && isLast
        ? fields.endMs
        : Math.min(from + (durations[i] ?? 0), Math.max(fields.endMs, from));
    const { group: _group, receivedBytes: _received, failure: _failure, ...rest } = attempt;
    return { ...rest, startMs: from, endMs: at };
  });
}

function joinAttempts(
  attempts: readonly Attempt[],
  fields: AccessFields,
  startMs: number,
  pod: string,
  index: ErrorIndex,
): (ErrorEntry | undefined)[] {
  const key = { pod, client: fields.client, request: fields.request, requestId: fields.requestId };
  let connection: number | undefined;
  return attempts.map((attempt) => {
    if (attempt.message !== undefined) return undefined;
    const fits = (entry: ErrorEntry): boolean => isOfAttempt(entry, attempt, fields);
    const entry =
      index.take(key, attempt.endMs - secondMs - 5, attempt.endMs + secondMs + 5, fits, connection) ??
      index.take(key, startMs - secondMs, fields.endMs + secondMs, fits, connection);
    connection = entry?.connection ?? connection;
    return entry;
  });
}

/** A truncation leaves the peer's status standing; every other failure makes it 502, 504 or none. */
function isOfAttempt(entry: ErrorEntry, attempt: Attempt, fields: AccessFields): boolean {
  if (entry.meaning.ofRequest === true) return false;
  if (entry.address !== undefined && entry.address !== attempt.address && attempt.address !== "-")
    return false;
  const isLeft = fields.status === 499 && attempt.status === undefined;
  if (entry.meaning.failure === undefined || isLeft) return entry.meaning.failure === undefined && isLeft;
  const gatewayLabel = attempt.status === undefined || attempt.status === 502 || attempt.status === 504;
  return entry.meaning.failure === "truncated" ? !gatewayLabel : gatewayLabel || fields.status === 9;
}

function finish(
  attempt: Attempt,
  raw: AttemptFields | undefined,
  fields: AccessFields,
  entry: ErrorEntry | undefined,
  timers: Timers,
): Attempt {
  if (raw === undefined) return attempt;
  const failure = entry?.meaning.failure ?? classOfAttempt(raw, fields, timers);
  const address = attempt.address === "-" && entry?.address !== undefined ? entry.address : attempt.address;
  return {
    ...attempt,
    address,
    ...(failure === undefined ? {} : { failure }),
    ...(entry === undefined ? {} : { message: entry.message }),
  };
}

/**
 * The error log's words for the request as a whole. A failed auth request leaves two lines: what became of the
 * subrequest's own upstream, and the status that nginx did not expect; the one that names a failure goes first.
 */
function takeRequestLines(
  fields: AccessFields,
  startMs: number,
  pod: string,
  index: ErrorIndex,
): ErrorEntry[] {
  const key = { pod, client: fields.client, request: fields.request, requestId: fields.requestId };
  const take = (fits: (entry: ErrorEntry) => boolean): ErrorEntry | undefined =>
    index.take(
      key,
      startMs - secondMs,
      fields.endMs + secondMs,
      (entry) => entry.meaning.ofRequest === true && fits(entry),
    );
  const named = take((entry) => entry.meaning.failure !== undefined);
  const other = take(
    (entry) =>
      entry.meaning.failure === undefined && (named === undefined || entry.connection === named.connection),
  );
  return [named, other].filter((entry) => entry !== undefined);
}

function loggedFields(
  fields: AccessFields,
): Omit<LoggedRequest, "startMs" | "durationMs" | "attempts" | "line"> {
  const {
    exact: _e,
    durationMs: _d,
    request: _r,
    attempts: _a,
    logsUpstream: _l,
    clientLeft: _c,
    gatewayPod: _g,
    format: _n,
    failure: _f,
    origin: _o,
    message,
    ...rest
  } = fields;
  return { ...rest, ...(message === undefined ? {} : { message }) };
}
