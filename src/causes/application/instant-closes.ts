import type { PodView } from "../../derive/views.ts";
import type { Attempt, LoggedRequest, Traffic } from "../../logs/traffic.ts";
import { failedAttempts, ipOf } from "../requests.ts";

/** A pooled connection that the server had closed fails at once: 0 to 3 ms; a busy gateway notes it some ms later. */
export const instantMs = 10;
/** An event loop that stands still (a collection of garbage, a long computation) gives idle connections up when it goes on. */
export const stalledMs = 200;
const podEventMs = 5000;
const unrepeatable: readonly string[] = ["POST", "PATCH", "LOCK"];

export interface InstantCloses {
  readonly hits: readonly { readonly request: LoggedRequest; readonly attempt: Attempt }[];
  /** Of all attempts in the window. */
  readonly share: number;
  readonly addresses: ReadonlySet<string>;
  /** Hits within 5 s of a container's end, start or stop order of the pod with that address. */
  readonly nearPodEvents: number;
  /** Client-visible failures of methods that nginx does not repeat. */
  readonly unrepeatable: number;
  readonly visible: number;
  readonly masked: number;
}

/** Closed or reset before a header, at once, on a connection that was there already. */
export const instantCloses = (traffic: Traffic, pods: readonly PodView[]): InstantCloses =>
  closes(traffic, pods, (_, attempt) => isInstantClose(attempt));

/** The same, with those that an application which stands still gives later. */
export const quickCloses = (traffic: Traffic, pods: readonly PodView[]): InstantCloses =>
  closes(traffic, pods, (request, attempt) => isQuickClose(request, attempt, pods));

/** What `quickCloses` counts. */
export const isQuickClose = (request: LoggedRequest, attempt: Attempt, pods: readonly PodView[]): boolean =>
  isInstantClose(attempt) || (isStalledClose(request, attempt) && !isNearPodEvent(attempt, pods));

function closes(
  traffic: Traffic,
  pods: readonly PodView[],
  isHit: (request: LoggedRequest, attempt: Attempt) => boolean,
): InstantCloses {
  const hits = failedAttempts(traffic).filter(({ request, attempt }) => isHit(request, attempt));
  const attempts = [...traffic.addresses.values()].reduce((sum, s) => sum + s.attempts, 0);
  const visible = hits.filter(({ request }) => request.failure !== undefined);
  return {
    hits,
    share: attempts === 0 ? 0 : hits.length / attempts,
    addresses: new Set(hits.map((h) => h.attempt.address)),
    nearPodEvents: hits.filter(({ attempt }) => isNearPodEvent(attempt, pods)).length,
    unrepeatable: visible.filter(({ request }) => isUnrepeatable(request)).length,
    visible: visible.length,
    masked: hits.length - visible.length,
  };
}

export const isInstantClose = (attempt: Attempt): boolean =>
  attempt.failure === "closed-before-header" &&
  (attempt.durationMs ?? attempt.endMs - attempt.startMs) <= instantMs;

/** nginx repeats what was sent on a closed connection, but for these (ngx_http_upstream.c, ngx_http_upstream_next). */
const isUnrepeatable = (request: LoggedRequest): boolean => unrepeatable.includes(request.method);

/**
 * Closed while the application stood still: later than at once, on a request that is repeated with success or
 * never repeated. A repeatable one that fails for good met more than one closed connection.
 */
const isStalledClose = (request: LoggedRequest, attempt: Attempt): boolean => {
  const tookMs = attempt.durationMs ?? attempt.endMs - attempt.startMs;
  if (attempt.failure !== "closed-before-header" || tookMs <= instantMs || tookMs > stalledMs) return false;
  return request.failure === undefined || isUnrepeatable(request);
};

/** Within 5 s of a container's end, start or stop order of the pod with that address; also where no pod has it. */
function isNearPodEvent(attempt: Attempt, pods: readonly PodView[]): boolean {
  const pod = pods.find((p) => p.ips.includes(ipOf(attempt.address)));
  if (pod === undefined) return true;
  return pod.timeline.some(
    (m) =>
      ["terminated", "killing", "delete-called", "restarted", "evicted"].includes(m.kind) &&
      Math.abs(m.atMs - attempt.endMs) <= podEventMs,
  );
}
