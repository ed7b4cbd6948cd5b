import type { Gateway, Route } from "../derive/views.ts";
import type { ObjectRef } from "../evidence/object-ref.ts";
import type { Observed } from "../evidence/observed.ts";
import type { Attempt, FailureClass, LoggedRequest, LogHop, Traffic } from "../logs/traffic.ts";
import { speaksAgainst } from "./clue.ts";
import { type Judgement, refuted, undecided } from "./define-cause.ts";
import type { Explains } from "./requests.ts";

/** Stations in front of the cluster, whose logs show what never reached a gateway inside it. */
export type OuterHop = "cdn" | "load-balancer";

const names: Readonly<Record<LogHop, string>> = {
  cdn: "the CDN",
  "load-balancer": "the load balancer",
  gateway: "the gateway inside the cluster",
  mesh: "a proxy inside the cluster",
};
const fromOutside: readonly LogHop[] = ["cdn", "load-balancer", "gateway", "mesh"];

const hopOf = (traffic: Traffic): LogHop => traffic.hop ?? "gateway";

/** Whether the log was written in front of the cluster. */
export const isOuterLog = (traffic: Traffic): boolean =>
  hopOf(traffic) === "cdn" || hopOf(traffic) === "load-balancer";

/**
 * Only the log of that very station shows what it did: undefined when it is the one. What a station further in has
 * logged came past it; what one further out has logged may be its doing or not.
 */
export function unlessLoggedBy(hop: OuterHop, traffic: Traffic): Judgement | undefined {
  const logged = hopOf(traffic);
  if (logged === hop) return undefined;
  const failed = traffic.failures.length;
  if (failed > 0 && fromOutside.indexOf(logged) > fromOutside.indexOf(hop))
    return refuted(
      speaksAgainst.strong(
        `the ${failed} failed requests are in the log of ${names[logged]}, so they had passed ${names[hop]}`,
        "access log",
      ),
    );
  return undecided(
    `the log that was read is of ${names[logged]}; what ${names[hop]} answered by itself is only in its own log`,
    `the access log of ${names[hop]}, given with --access-log`,
  );
}

/** For causes at or behind the gateway: the log of a station in front says nothing of the gateway's upstreams. */
export function unlessLoggedInside(traffic: Traffic): Judgement | undefined {
  if (!isOuterLog(traffic)) return undefined;
  return undecided(
    `the log that was read is of ${names[hopOf(traffic)]}; how the gateway fared with the pods is only in its own log`,
    "the access and error log of the gateway",
  );
}

/** The log's own words for the failure: flags, details, reasons; never what a client sent. */
export function wordsOf(request: LoggedRequest, attempt?: Attempt): string {
  const words = [request.originReason, attempt?.message, request.message].filter(
    (word) => word !== undefined,
  );
  return words
    .filter(
      (word, i) => !words.some((other, j) => j !== i && other.includes(word) && (other !== word || j < i)),
    )
    .join("; ");
}

/** What the station made itself, of these classes; an answer that it passed on is not its own. */
export const madeHere =
  (...classes: readonly FailureClass[]): Explains =>
  (request, attempt) => {
    const failure = attempt?.failure ?? request.failure;
    return request.origin !== "application" && failure !== undefined && classes.includes(failure);
  };

export interface Explained {
  readonly request: LoggedRequest;
  readonly attempt: Attempt | undefined;
}

/** Failed requests that have an attempt, or are without one, for which `explains` holds. */
export function explainedBy(traffic: Traffic, explains: Explains): Explained[] {
  return traffic.failures.flatMap((request) => {
    const failed = request.attempts.filter((a) => a.failure !== undefined);
    const pairs = failed.length === 0 ? [undefined] : failed;
    const attempt = pairs.find((a) => explains(request, a));
    return pairs.some((a) => explains(request, a)) ? [{ request, attempt }] : [];
  });
}

/** The object that the load balancer serves: the Service in front of the gateway, else the route's own rule. */
export function balanced(route: Route, gateway: Observed<Gateway>): ObjectRef {
  const service = gateway.state === "present" ? gateway.value.service : undefined;
  if (service === undefined) return route.rule?.object ?? route.backend.service;
  const { name = "", namespace = "default" } = service.metadata ?? {};
  return { kind: "Service", namespace, name };
}

/** "2026-11-18T10:18:00.000Z" of the first of them. */
export const firstAt = (hits: readonly { readonly request: LoggedRequest }[]): string =>
  new Date(hits[0]?.request.endMs ?? 0).toISOString();

/** "; in its words: …" of the first that has any. */
export function quoted(hits: readonly Explained[]): string {
  const words = hits.map((h) => wordsOf(h.request, h.attempt)).find((w) => w !== "");
  return words === undefined ? "" : `; in its words: ${words.slice(0, 160)}`;
}

/** Middle of the durations, ms. */
export function medianMs(hits: readonly Explained[]): number {
  const sorted = hits
    .map(({ request, attempt }) => attempt?.durationMs ?? request.durationMs)
    .sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
