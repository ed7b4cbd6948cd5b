import { compareText } from "./shape.ts";
import type { DepartedPod, PodView } from "./views.ts";

/** Clocks of nodes and gateways differ a little, and a pod answers before its first moment is written. */
const clockSkewMs = 2000;

/**
 * The pod that had an address at a time: addresses are reused, so a pod counts only from its
 * creation until it was gone. Of several the one that got the address last.
 */
export function podAt(
  pods: readonly PodView[],
  departed: readonly DepartedPod[],
  ip: string,
  atMs: number,
): PodView | DepartedPod | undefined {
  const bare = ip.replace(/^\[|\]$/g, "");
  const holders = [
    ...pods.filter((p) => p.ips.includes(bare)).map((pod) => ({ pod, ...spanOf(pod) })),
    ...departed.filter((p) => p.ip === bare).map((pod) => ({ pod, ...goneSpanOf(pod) })),
  ];
  return holders
    .filter((h) => h.fromMs - clockSkewMs <= atMs && atMs <= h.toMs + clockSkewMs)
    .sort((a, b) => b.fromMs - a.fromMs || a.toMs - b.toMs || compareText(a.pod.ref.name, b.pod.ref.name))[0]
    ?.pod;
}

interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/** A pod that ended keeps its address in its status; the address is free once its last container stopped. */
function spanOf(pod: PodView): Span {
  const ended = pod.phase === "Succeeded" || pod.phase === "Failed";
  const finished = pod.containers.flatMap((c) => c.terminations.map((t) => t.finishedMs ?? 0));
  const toMs = ended && finished.length > 0 ? Math.max(...finished) : Number.POSITIVE_INFINITY;
  return { fromMs: pod.createdMs, toMs };
}

/** Events live for an hour: the first one seen may be long after the pod began. */
function goneSpanOf(pod: DepartedPod): Span {
  const born = pod.timeline.some((m) => m.kind === "created" || m.kind === "scheduled");
  const last = pod.timeline.at(-1)?.atMs ?? pod.stoppedMs;
  return {
    fromMs: born && pod.firstSeenMs !== undefined ? pod.firstSeenMs : Number.NEGATIVE_INFINITY,
    toMs: last === undefined ? Number.POSITIVE_INFINITY : last + longestGraceMs,
  };
}

/** After its last event a pod may still hold its address while its containers stop. */
const longestGraceMs = 60_000;
