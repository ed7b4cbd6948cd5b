import type { Answer } from "../../act/drive.ts";
import type { Counted } from "../../base/statistics/fall.ts";
import type { MeasuredAnswers } from "../../fix/verify-report.ts";

/** 404, 421, 429 and redirects for good are made by gateways for requests that do not go on to the application. */
const astray = new Set([308, 400, 404, 421, 429]);

/** No name, no way, nobody there, or somebody else: getaddrinfo(3), connect(2), and OpenSSL's words for a certificate. */
const unconnected =
  /^(?:ENOTFOUND|EAI_\w+|ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|CERT_\w+|ERR_TLS_\w+|DEPTH_ZERO_\w+|SELF_SIGNED_\w+|UNABLE_TO_\w+)$/;

/** Workers of a gateway, and its replicas, take up a change one after the other. */
const quietMs = 2000;

export interface AnswerTally {
  add(answer: Answer, atMs: number): void;
  counted(): Counted;
  result(seconds: number): MeasuredAnswers;
}

/** Counts answers; those until nothing has failed for two seconds are kept apart, for `settlingMs` at most. */
export function newTally(settlingMs: number): AnswerTally {
  const answers = new Map<string, number>();
  const unreached = new Map<string, number>();
  const settling = { requests: 0, failed: 0, seconds: 0 };
  let lastFailureMs = 0;
  let requests = 0;
  let failed = 0;
  let lost = 0;
  return {
    add: ({ status, error }, atMs) => {
      const hasFailed = status === undefined || status >= 500;
      if (atMs < settlingMs && atMs - lastFailureMs < quietMs) {
        if (hasFailed) {
          settling.failed++;
          lastFailureMs = atMs;
        }
        settling.requests++;
        settling.seconds = atMs / 1000;
        return;
      }
      lastFailureMs = -Infinity;
      requests++;
      if (hasFailed) failed++;
      else if (astray.has(status)) lost++;
      const name = status === undefined ? (error ?? "no answer") : String(status);
      if (error !== undefined && unconnected.test(error))
        unreached.set(error, (unreached.get(error) ?? 0) + 1);
      answers.set(name, (answers.get(name) ?? 0) + 1);
    },
    counted: () => ({ requests, failed }),
    result: (seconds) => ({
      requests,
      failed,
      astray: lost,
      unreached: Object.fromEntries(unreached),
      answers: Object.fromEntries([...answers].sort(([a], [b]) => (a < b ? -1 : 1))),
      seconds: Math.max(0, seconds - settling.seconds),
      ...(settling.requests === 0 ? {} : { settling }),
    }),
  };
}
