import type { SentRequest } from "../../evidence/sent-request.ts";
import { type ErrorKind, errorKind, neverConnected } from "./error-kind.ts";

/** What a load came to so far. */
export interface LoadCounts {
  readonly requests: number;
  /** Without a whole answer, or with a status of 500 and more. */
  readonly failed: number;
  /** Of these, those that nobody took the connection of. */
  readonly unconnected: number;
  /** Statuses in order. */
  readonly statuses: Readonly<Record<string, number>>;
  readonly errors: Readonly<Partial<Record<ErrorKind, number>>>;
  /** The last words of an error kind that says little: "CERT_HAS_EXPIRED". */
  readonly words: Readonly<Partial<Record<ErrorKind, string>>>;
  /** From when it was due to the end, of all whole answers, sorted, ms. */
  readonly latenciesMs: readonly number[];
  /** By the second in which the request was due. */
  readonly perSecond: readonly { readonly requests: number; readonly failed: number }[];
  readonly rests: readonly RestCounts[];
  /** The failed ones, in order of end; the first 20,000. */
  readonly failures: readonly SentRequest[];
}

/** Of connections that were to rest for one of the times asked. */
interface RestCounts {
  readonly restMs: number;
  /** Requests on a connection that had rested. */
  readonly reused: number;
  /** Of these, those that failed. */
  readonly failed: number;
  /** The connection had been closed by the time, and a new one was opened. */
  readonly reopened: number;
}

export interface LoadTally {
  add(sent: SentRequest, restMs?: number): void;
  counts(): LoadCounts;
  /** Of the requests so far, cheap enough to be asked for every second. */
  readonly requests: number;
  readonly failed: number;
  /** Of the last 500 whole answers; undefined when there was none. */
  recentP99Ms(): number | undefined;
}

const mostFailures = 20_000;
const recentAnswers = 500;

const hasFailed = ({ status }: SentRequest): boolean => status === undefined || status >= 500;

/** @param startMs when the load began, Unix ms */
export function newLoadTally(startMs: number, restsMs: readonly number[]): LoadTally {
  const statuses = new Map<number, number>();
  const errors = new Map<ErrorKind, number>();
  const words = new Map<ErrorKind, string>();
  const latenciesMs: number[] = [];
  const perSecond: { requests: number; failed: number }[] = [];
  const rests = restsMs.map((restMs) => ({ restMs, reused: 0, failed: 0, reopened: 0 }));
  const failures: SentRequest[] = [];
  let requests = 0;
  let failed = 0;
  let unconnected = 0;
  const addAnswer = ({ status, error, dueMs, endMs }: SentRequest): void => {
    if (status !== undefined) {
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      latenciesMs.push(endMs - dueMs);
      return;
    }
    const kind = errorKind(error ?? "");
    errors.set(kind, (errors.get(kind) ?? 0) + 1);
    words.set(kind, error ?? "");
    if (neverConnected(kind)) unconnected++;
  };
  const addRest = (sent: SentRequest, restMs: number): void => {
    const row = rests.find((rest) => rest.restMs === restMs);
    if (row === undefined) return;
    if (sent.idleMs !== undefined) {
      row.reused++;
      if (hasFailed(sent)) row.failed++;
    } else if (sent.dueMs > startMs + restMs / 2) row.reopened++;
  };
  return {
    add(sent, restMs) {
      requests++;
      addAnswer(sent);
      if (restMs !== undefined) addRest(sent, restMs);
      const second = Math.max(0, Math.floor((sent.dueMs - startMs) / 1000));
      while (perSecond.length <= second) perSecond.push({ requests: 0, failed: 0 });
      const bin = perSecond[second];
      if (bin !== undefined) bin.requests++;
      if (!hasFailed(sent)) return;
      failed++;
      if (bin !== undefined) bin.failed++;
      if (failures.length < mostFailures) failures.push(sent);
    },
    counts: () => ({
      requests,
      failed,
      unconnected,
      statuses: Object.fromEntries([...statuses].sort(([a], [b]) => a - b)),
      errors: Object.fromEntries([...errors].sort(([, a], [, b]) => b - a)),
      words: Object.fromEntries(words),
      latenciesMs: latenciesMs.toSorted((a, b) => a - b),
      perSecond,
      rests: rests.map((row) => ({ ...row })),
      failures,
    }),
    recentP99Ms: () => {
      const recent = latenciesMs.slice(-recentAnswers).sort((a, b) => a - b);
      return recent[Math.floor(recent.length * 0.99)];
    },
    get requests() {
      return requests;
    },
    get failed() {
      return failed;
    },
  };
}
