import type { PodView } from "../../derive/views.ts";
import type { Observed } from "../../evidence/observed.ts";
import type { AppSignal, LoggedRequest, Traffic } from "../../logs/traffic.ts";
import { type Clue, speaksFor } from "../clue.ts";
import { alive, wasEverReady } from "../pods.ts";

/** Failures that an application shows when something it needs does not answer it. */
export function isAppSide(request: LoggedRequest): boolean {
  const classes = [request.failure, ...request.attempts.map((a) => a.failure)];
  return classes.some((c) => c === "app-status" || c === "response-timeout" || c === "closed-before-header");
}

/** Signs that the application suffers: its pods are not ready, or its answers fail. Empty: a complaint in a log and nothing more. */
export function harm(pods: readonly PodView[], traffic: Observed<Traffic>): Clue[] {
  const here = alive(pods);
  const down = here.filter((p) => !p.ready).length;
  const clues: Clue[] = [];
  if (here.length > 0 && down === here.length)
    clues.push(
      speaksFor.moderate(`none of the ${here.length} pods is ready`, "Pods .status.conditions[Ready]"),
    );
  if (traffic.state === "present") {
    const failed = traffic.value.failures.filter(isAppSide).length;
    if (failed > 0)
      clues.push(speaksFor.moderate(`${failed} requests failed in the application`, "gateway log"));
  }
  return clues;
}

const nearMs = 300_000;

/**
 * The lines that fall into the application's trouble: from five minutes before its first failed
 * request (or before its pods left) to five minutes after the last. A line without a time is taken;
 * without any trouble to hold them against, all are.
 */
export function whileSuffering(
  signals: readonly AppSignal[],
  pods: readonly PodView[],
  traffic: Observed<Traffic>,
): AppSignal[] {
  const failed = traffic.state === "present" ? traffic.value.failures.filter(isAppSide) : [];
  const here = alive(pods);
  const isDown = here.length > 0 && here.every((p) => !p.ready);
  if (failed.length === 0 && !isDown) return [...signals];
  const starts = failed.map((r) => r.startMs);
  if (isDown)
    starts.push(...here.map((p) => (wasEverReady(p) ? (p.readyChangedMs ?? p.createdMs) : p.createdMs)));
  const fromMs = starts.reduce((a, b) => Math.min(a, b)) - nearMs;
  const toMs = isDown ? Infinity : failed.reduce((ms, r) => Math.max(ms, r.endMs), -Infinity) + nearMs;
  return signals.filter((s) => s.timeMs === undefined || (s.timeMs >= fromMs && s.timeMs <= toMs));
}
