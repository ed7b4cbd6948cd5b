import type { Attempt, LoggedRequest, Traffic } from "../logs/traffic.ts";
import { type Clue, speaksFor } from "./clue.ts";
import { countText } from "./requests.ts";

/** Failures whose error line says something; the gateway's own words decide a class and often a cause. */
export interface Said {
  readonly requests: readonly LoggedRequest[];
  /** The first such line's words. */
  readonly words: string;
  readonly explains: (request: LoggedRequest, attempt: Attempt | undefined) => boolean;
  /** "12 of 40 failed requests: upstream sent too big header …" */
  readonly clue: Clue;
}

/** Requests with a failed attempt (or without an upstream) whose error line matches; undefined when none does. */
export function saidBy(traffic: Traffic, pattern: RegExp): Said | undefined {
  const explains = (request: LoggedRequest, attempt: Attempt | undefined): boolean =>
    pattern.test(attempt?.message ?? "") || pattern.test(request.message ?? "");
  const failed = [...traffic.failures, ...traffic.masked];
  const requests = failed.filter((r) =>
    explains(
      r,
      r.attempts.find((a) => pattern.test(a.message ?? "")),
    ),
  );
  const first = requests[0];
  if (first === undefined) return undefined;
  const words =
    first.attempts.map((a) => a.message ?? "").find((m) => pattern.test(m)) ?? first.message ?? "";
  const text = `${countText(requests.length, failed.length, "failed requests")}, in the gateway's words: ${words.slice(0, 200)}`;
  return {
    requests,
    words,
    explains,
    clue: speaksFor.decisive(text, `gateway error log, first at ${new Date(first.endMs).toISOString()}`),
  };
}

/** Distinct values of some property among requests, most frequent first. */
export function mostOf(requests: readonly LoggedRequest[], pick: (r: LoggedRequest) => string): string[] {
  const counts = new Map<string, number>();
  for (const request of requests) counts.set(pick(request), (counts.get(pick(request)) ?? 0) + 1);
  return [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).map(([value]) => value);
}
