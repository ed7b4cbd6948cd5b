import type { AddressStats } from "../logs/traffic.ts";
import type { DepartedPod, Moment, PodView } from "./views.ts";

/**
 * running: its containers run, and whether it was ready is not recorded: the API keeps the last change of
 * readiness only, and events none.
 */
export type PodState = "pending" | "not-ready" | "running" | "ready" | "terminating";

export interface Span {
  readonly state: PodState;
  readonly fromMs: number;
  readonly toMs: number;
}

interface Step {
  readonly atMs: number;
  readonly state: PodState | "gone";
}

/** Stamps of the API are whole seconds. */
const stampMs = 1000;

/** The life of a pod that was read, as far as its status, its events and the answers it gave tell it. */
export function podSpans(pod: PodView, stats: AddressStats | undefined, nowMs: number): Span[] {
  const { timeline } = pod;
  const main = pod.containers.filter((c) => c.role === "main");
  const ends = main.flatMap((c) => c.terminations).flatMap((t) => t.finishedMs ?? []);
  const starts = timeline.filter((m) => m.kind === "started" || m.kind === "restarted").map((m) => m.atMs);
  const firstStartMs = Math.min(...starts);
  const isOver = pod.phase === "Succeeded" || pod.phase === "Failed";
  const [first] = turnsOf(timeline);
  const steps: Step[] = [
    { atMs: pod.createdMs, state: "pending" },
    // Without a condition nobody knows whether it was ready.
    ...starts.map((atMs): Step => ({ atMs, state: first === undefined ? "running" : "not-ready" })),
    ...ends.map((atMs): Step => ({ atMs, state: isOver ? "gone" : "not-ready" })),
    ...servedSteps(pod, stats, first),
    ...unrecorded(firstStartMs, first, stats),
    ...turnsOf(timeline).map(turnStep),
  ];
  return spansOf(steps, toldToStopMs(timeline, pod.deletedMs), nowMs);
}

/** Turns of its readiness: the last one of the status, all that were seen where somebody watched. */
const turnsOf = (timeline: readonly Moment[]): readonly Moment[] =>
  timeline.filter((m) => m.kind === "ready" || m.kind === "unready");

const turnStep = ({ atMs, kind }: Moment): Step => ({
  atMs,
  state: kind === "ready" ? "ready" : "not-ready",
});

/** It answered before the first known change of its readiness: it had been ready, until something broke it. */
function servedSteps(pod: PodView, stats: AddressStats | undefined, readiness: Moment | undefined): Step[] {
  const servedMs = stats?.firstSuccessMs;
  if (servedMs === undefined || servedMs < pod.createdMs) return [];
  if (readiness !== undefined && servedMs >= readiness.atMs - 2 * stampMs) return [];
  const failing = pod.timeline.find(
    (m) => m.kind === "probe-failed" && /readiness/i.test(m.text) && m.atMs > servedMs,
  );
  const isBefore = failing !== undefined && (readiness === undefined || failing.atMs < readiness.atMs);
  return [
    { atMs: servedMs, state: "ready" },
    ...(isBefore ? [{ atMs: failing.atMs, state: "not-ready" } as const] : []),
  ];
}

/** It became unready some time after its start, and nothing tells since when it had been ready. */
function unrecorded(
  firstStartMs: number,
  readiness: Moment | undefined,
  stats: AddressStats | undefined,
): Step[] {
  const isLate = readiness?.kind === "unready" && readiness.atMs > firstStartMs + 2 * stampMs;
  return isLate && stats?.firstSuccessMs === undefined ? [{ atMs: firstStartMs + 1, state: "running" }] : [];
}

/** A pod that is gone: its events, the answers it gave, and how long it may have taken to stop. */
export function departedSpans(pod: DepartedPod, stats: AddressStats | undefined, graceMs: number): Span[] {
  const { timeline } = pod;
  const bornMs = pod.firstSeenMs ?? timeline[0]?.atMs ?? pod.stoppedMs ?? stats?.firstSeenMs;
  if (bornMs === undefined) return [];
  const started = timeline.find((m) => m.kind === "started");
  const isBorn = timeline.some((m) => m.kind === "created" || m.kind === "scheduled");
  const servedMs = stats?.firstSuccessMs;
  const stoppedMs = toldToStopMs(timeline, pod.stoppedMs);
  const deleted = timeline.find((m) => m.kind === "deleted");
  const turns = turnsOf(timeline);
  const [first] = turns;
  const lastMs = Math.max(
    stoppedMs === undefined ? 0 : stoppedMs + graceMs,
    timeline.at(-1)?.atMs ?? 0,
    stats?.lastSuccessMs ?? 0,
  );
  const steps: Step[] = [
    // Events live for an hour: a pod whose beginning is forgotten was there before.
    isBorn ? { atMs: bornMs, state: "pending" } : { atMs: bornMs - 3_600_000, state: "running" },
    ...(started === undefined
      ? []
      : [{ atMs: started.atMs, state: first?.kind === "ready" ? "not-ready" : "running" } as const]),
    ...(servedMs === undefined || servedMs < bornMs || (first !== undefined && servedMs >= first.atMs)
      ? []
      : [{ atMs: servedMs, state: "ready" } as const]),
    ...turns.map(turnStep),
  ];
  return spansOf(steps, stoppedMs, deleted?.atMs ?? lastMs);
}

/** By the call that deleted it, its eviction, or the kubelet's word that it stops a container for good. */
function toldToStopMs(timeline: readonly Moment[], knownMs: number | undefined): number | undefined {
  if (knownMs !== undefined) return knownMs;
  return timeline.find((m) => m.kind === "delete-called" || m.kind === "evicted")?.atMs;
}

/** Steps in order of time; once told to stop it is terminating until it is gone. */
function spansOf(steps: readonly Step[], stopMs: number | undefined, endMs: number): Span[] {
  const alive = steps
    .filter((s) => stopMs === undefined || s.atMs < stopMs)
    .toSorted((a, b) => a.atMs - b.atMs || rank[a.state] - rank[b.state]);
  const goneMs = steps.find((s) => s.state === "gone" && s.atMs >= (stopMs ?? Infinity))?.atMs;
  const all: Step[] = stopMs === undefined ? alive : [...alive, { atMs: stopMs, state: "terminating" }];
  return all.flatMap((step, i): Span[] => {
    const toMs = all[i + 1]?.atMs ?? goneMs ?? endMs;
    return step.state === "gone" || toMs <= step.atMs ? [] : [{ state: step.state, fromMs: step.atMs, toMs }];
  });
}

const rank: Readonly<Record<Step["state"], number>> = {
  pending: 0,
  "not-ready": 1,
  running: 2,
  ready: 3,
  terminating: 4,
  gone: 5,
};
