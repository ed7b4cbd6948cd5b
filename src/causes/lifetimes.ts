import type { PodView } from "../derive/views.ts";
import type { Attempt, FailureClass, LoggedRequest } from "../logs/traffic.ts";
import { atAddress, isUnplaced, ofClass } from "./requests.ts";

/** Slack for joining a log's second with an object's second. */
export const joinMs = 2000;

export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

export const within = (span: Span, ms: number, slackMs = joinMs): boolean =>
  ms >= span.fromMs - slackMs && ms <= span.toMs + slackMs;

/**
 * When containers of the pod were down: from each known end to the next time the pod was ready
 * (or to the end of all knowledge). Kubernetes keeps only the last end of each container; a pod
 * with more restarts than known ends was down at times that nobody recorded.
 */
export function downSpans(pod: PodView): Span[] {
  return pod.containers
    .filter((c) => c.role !== "init")
    .flatMap((c) => c.terminations)
    .flatMap((t) => {
      if (t.finishedMs === undefined) return [];
      const back =
        pod.ready && pod.readyChangedMs !== undefined && pod.readyChangedMs >= t.finishedMs
          ? pod.readyChangedMs
          : undefined;
      return [{ fromMs: t.finishedMs, toMs: back ?? Infinity }];
    });
}

/** More restarts than ends that are still on record. */
function hasForgottenRestarts(pod: PodView): boolean {
  const main = pod.containers.filter((c) => c.role !== "init");
  return main.some((c) => c.restarts > c.terminations.filter((t) => t.finishedMs !== undefined).length);
}

/**
 * Explains what a process's end does to requests: connections cut at the moment, refused until it
 * is back. Where restarts were forgotten, any time of the pod's life will do for these classes. Of an
 * attempt that names no pod only a time on record tells.
 */
export function endedAt(
  pods: readonly PodView[],
): (request: LoggedRequest, attempt: Attempt | undefined) => boolean {
  const classes: readonly FailureClass[] = ["closed-before-header", "truncated", "connect-refused"];
  return (request, attempt) => {
    if (attempt === undefined || !ofClass(...classes)(request, attempt)) return false;
    return pods.some((pod) => {
      if (isUnplaced(attempt)) return downSpans(pod).some((span) => within(span, attempt.endMs));
      if (!atAddress(new Set(pod.ips))(request, attempt)) return false;
      if (hasForgottenRestarts(pod)) return attempt.endMs >= pod.createdMs;
      return downSpans(pod).some((span) => within(span, attempt.endMs));
    });
  };
}
