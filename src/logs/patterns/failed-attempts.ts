import type { FailureClass, LoggedRequest, Traffic } from "../traffic.ts";

/** One failed attempt, or one request that failed before any upstream was tried: the unit that patterns count. */
export interface FailedAttempt {
  readonly startMs: number;
  readonly endMs: number;
  readonly durationMs?: number;
  /** When it went wrong: the start of what a timer ended, the end of everything else. */
  readonly momentMs: number;
  /** "-" when no upstream was tried. */
  readonly address: string;
  readonly class: FailureClass;
  readonly request: LoggedRequest;
  /** Time since the attempt before on that address ended, where it was counted. */
  readonly idleMs?: number;
}

/**
 * Failed attempts of failed and of masked requests, in order of the moment they went wrong. What the application answered
 * itself is no failure of the way to it, and health probes are not traffic: neither is among them.
 */
export function failedAttempts(traffic: Traffic): readonly FailedAttempt[] {
  let known = found.get(traffic);
  if (known === undefined) {
    known = findFailed(traffic);
    found.set(traffic, known);
  }
  return known;
}

/** Every pattern asks for the same list. */
const found = new WeakMap<Traffic, readonly FailedAttempt[]>();

function findFailed(traffic: Traffic): readonly FailedAttempt[] {
  const attempts: FailedAttempt[] = [];
  for (const request of [...traffic.failures, ...traffic.masked]) {
    if (!isHealthProbe(request)) attempts.push(...failuresOf(request));
  }
  return attempts.sort(
    (a, b) =>
      a.momentMs - b.momentMs || a.startMs - b.startMs || compare(a.address, b.address) || compareLines(a, b),
  );
}

const probeAgents =
  /^(?:kube-probe\/|ELB-HealthChecker\/|GoogleHC\/|Edge Health Probe|Amazon-Route53-Health-Check-Service)/;

/** Checks of an orchestrator, a load balancer or a CDN, by the name they give themselves. */
export const isHealthProbe = (request: LoggedRequest): boolean =>
  request.userAgent !== undefined && probeAgents.test(request.userAgent);

function failuresOf(request: LoggedRequest): FailedAttempt[] {
  const failed = request.attempts.flatMap((attempt): FailedAttempt[] =>
    attempt.failure === undefined || attempt.failure === "app-status"
      ? []
      : [
          {
            startMs: attempt.startMs,
            endMs: attempt.endMs,
            momentMs: momentOf(attempt.failure, attempt),
            ...(attempt.durationMs === undefined ? {} : { durationMs: attempt.durationMs }),
            ...(attempt.idleMs === undefined ? {} : { idleMs: attempt.idleMs }),
            address: attempt.address,
            class: attempt.failure,
            request,
          },
        ],
  );
  const { failure } = request;
  if (failed.length > 0 || failure === undefined || failure === "app-status") return failed;
  if (request.attempts.some((attempt) => attempt.failure !== undefined)) return failed;
  const { startMs, endMs, durationMs } = request;
  return [
    {
      startMs,
      endMs,
      momentMs: momentOf(failure, request),
      durationMs,
      address: "-",
      class: failure,
      request,
    },
  ];
}

const momentOf = (failure: FailureClass, { startMs, endMs }: { startMs: number; endMs: number }): number =>
  failure === "response-timeout" || failure === "connect-timeout" ? startMs : endMs;

/**
 * How many failures the whole log has of those classes that `failed` was taken from, for a log whose
 * failures were sampled; the number that is there otherwise.
 */
export function countOfAll(traffic: Traffic, failed: readonly FailedAttempt[]): number {
  if (traffic.cut === undefined || traffic.byClass === undefined) return failed.length;
  const classes = new Set(failed.map((attempt) => attempt.class));
  let total = 0;
  for (const name of classes) total += traffic.byClass[name] ?? 0;
  return Math.max(total, failed.length);
}

/** Step of the clock that stamped the failures, in milliseconds: 1,000 for nginx's `$time_local`. */
export const resolutionMs = (failed: readonly FailedAttempt[]): number =>
  failed.length > 0 && failed.every((attempt) => attempt.endMs % 1000 === 0) ? 1000 : 1;

/** The class of all of them; undefined when there are several. */
export function onlyClass(failed: readonly FailedAttempt[]): FailureClass | undefined {
  const first = failed[0]?.class;
  return failed.every((attempt) => attempt.class === first) ? first : undefined;
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const compareLines = (a: FailedAttempt, b: FailedAttempt): number => compare(a.request.line, b.request.line);
