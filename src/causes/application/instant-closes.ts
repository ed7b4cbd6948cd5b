import type { PodView } from "../../derive/views.ts";
import type { Attempt, LoggedRequest, Traffic } from "../../logs/traffic.ts";
import { failedAttempts, ipOf } from "../requests.ts";

/** A pooled connection that the server had closed fails at once: 0 to 3 ms; a busy gateway notes it some ms later. */
export const instantMs = 10;
const podEventMs = 5000;

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
export function instantCloses(traffic: Traffic, pods: readonly PodView[]): InstantCloses {
  const hits = failedAttempts(traffic).filter(({ attempt }) => isInstantClose(attempt));
  const attempts = [...traffic.addresses.values()].reduce((sum, s) => sum + s.attempts, 0);
  const visible = hits.filter(({ request }) => request.failure !== undefined);
  return {
    hits,
    share: attempts === 0 ? 0 : hits.length / attempts,
    addresses: new Set(hits.map((h) => h.attempt.address)),
    nearPodEvents: hits.filter(({ attempt }) => isNearPodEvent(attempt, pods)).length,
    unrepeatable: visible.filter(({ request }) => ["POST", "PATCH", "LOCK"].includes(request.method)).length,
    visible: visible.length,
    masked: hits.length - visible.length,
  };
}

export const isInstantClose = (attempt: Attempt): boolean =>
  attempt.failure === "closed-before-header" &&
  (attempt.durationMs ?? attempt.endMs - attempt.startMs) <= instantMs;

function isNearPodEvent(attempt: Attempt, pods: readonly PodView[]): boolean {
  const pod = pods.find((p) => p.ips.includes(ipOf(attempt.address)));
  if (pod === undefined) return true;
  return pod.timeline.some(
    (m) =>
      ["terminated", "killing", "delete-called", "restarted", "evicted"].includes(m.kind) &&
      Math.abs(m.atMs - attempt.endMs) <= podEventMs,
  );
}
