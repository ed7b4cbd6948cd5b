import type { PodView } from "../../derive/views.ts";
import type { Attempt, FailureClass, LoggedRequest, Traffic } from "../../logs/traffic.ts";
import { type Clue, speaksFor } from "../clue.ts";
import type { Explained } from "../outer-log.ts";
import { isScattered } from "../scatter.ts";

/** A closed connection shows at once; logs in front of the cluster add their own few milliseconds. */
const instantMs = 15;
const podEventMs = 5000;
const unrepeatable = new Set(["POST", "PATCH"]);

/** An ALB's line does not tell a refused connect from a closed connection, so its class may be open. */
const closed: readonly FailureClass[] = ["closed-before-header", "unclassified"];

/** Ended at once by the target, on a connection that was there, without a byte of an answer. */
export const isBackendRace = (request: LoggedRequest, attempt: Attempt | undefined): boolean =>
  attempt?.failure !== undefined &&
  request.origin !== "application" &&
  closed.includes(attempt.failure) &&
  (attempt.durationMs ?? request.durationMs) <= instantMs;

/** For how long a load balancer reuses an idle connection to a target, s: ALB 60 by default, Google 600, fixed. */
export function raceIdleS(traffic: Traffic): number {
  return Object.keys(traffic.formats).some((name) => /gcp|google|gce/.test(name)) ? 600 : 60;
}

export interface RaceSigns {
  readonly addresses: ReadonlySet<string>;
  readonly nearPodEvents: number;
  readonly slowestMs: number;
  readonly clues: readonly Clue[];
}

/** What tells a race of two timers from pods that end: place, time and method of the failures. */
export function raceSigns(
  hits: readonly Explained[],
  podAt: (address: string) => PodView | undefined,
): RaceSigns {
  const addresses = new Set(hits.flatMap((h) => h.attempt?.address ?? []));
  const clues: Clue[] = [];
  if (addresses.size > 1)
    clues.push(
      speaksFor.moderate(`spread over ${addresses.size} targets`, "access log, targets", { group: "spread" }),
    );
  const posts = hits.filter((h) => unrepeatable.has(h.request.method)).length;
  if (posts === hits.length)
    clues.push(
      speaksFor.moderate(`all ${posts} are POST or PATCH, which is not sent twice`, "access log, methods", {
        group: "methods",
      }),
    );
  if (isScattered(hits.map((h) => h.request.endMs)))
    clues.push(
      speaksFor.moderate("they are scattered over the window, without bursts", "access log, times", {
        group: "scatter",
      }),
    );
  return {
    addresses,
    nearPodEvents: hits.filter((h) => isNearPodEvent(h, podAt)).length,
    slowestMs: Math.max(0, ...hits.map((h) => Math.ceil(h.attempt?.durationMs ?? h.request.durationMs))),
    clues,
  };
}

function isNearPodEvent(hit: Explained, podAt: (address: string) => PodView | undefined): boolean {
  const pod = hit.attempt === undefined ? undefined : podAt(hit.attempt.address);
  return (
    pod?.timeline.some(
      (m) =>
        ["terminated", "killing", "delete-called", "restarted", "evicted"].includes(m.kind) &&
        Math.abs(m.atMs - hit.request.endMs) <= podEventMs,
    ) === true
  );
}
