import { joinMs, type StateAt, stateOf, type Try } from "./attempt-state.ts";
import type { FailureClass } from "../logs/traffic.ts";
import { isAbout, momentOf } from "./event-span.ts";
import type { ContainerView, EventView, Moment, PodView, Termination } from "./views.ts";

/** After this long a container that was started again has nothing to do with its start any more. */
const settledMs = 60_000;

/** A container of the pod had ended, was down, or had just been started again. */
export function killedAt(pod: PodView, one: Try, events: readonly EventView[]): StateAt | undefined {
  for (const container of pod.containers) {
    if (container.role === "init") continue;
    const state = endAt(pod, container, one);
    if (state !== undefined) return state;
  }
  return unrecordedAt(pod, one, events);
}

/** Around the one end that is on record, until the container runs and is ready again. */
function endAt(pod: PodView, container: ContainerView, one: Try): StateAt | undefined {
  for (const ended of container.terminations) {
    const { finishedMs } = ended;
    if (finishedMs === undefined || one.endMs < finishedMs - joinMs) continue;
    const startedMs = nextStartMs(container, finishedMs);
    const moment = pod.timeline.find(
      (m) => m.kind === "terminated" && m.atMs === finishedMs && m.container === container.name,
    );
    if (moment === undefined) continue;
    if (startedMs === undefined || one.endMs <= startedMs + joinMs || one.startMs <= finishedMs + joinMs)
      return stateOf(stateOfEnd(pod, ended), pod, one, moment);
    const readyMs = pod.ready ? pod.readyChangedMs : undefined;
    const isBack = readyMs === undefined ? startedMs + settledMs : Math.max(readyMs, startedMs);
    const restarted = pod.timeline.find((m) => m.atMs === startedMs && m.container === container.name);
    if (one.startMs <= isBack + joinMs) return stateOf("restarted", pod, one, restarted ?? moment);
  }
  return undefined;
}

function nextStartMs(container: ContainerView, finishedMs: number): number | undefined {
  const starts = [container.startedMs, ...container.terminations.map((t) => t.startedMs)];
  const later = starts.filter((ms): ms is number => ms !== undefined && ms >= finishedMs);
  return later.length === 0 ? undefined : Math.min(...later);
}

/** A liveness kill is announced by an event; the end comes at once or when the grace period is over. */
function stateOfEnd(pod: PodView, ended: Termination): StateAt["state"] {
  if (ended.reason === "OOMKilled") return "oom-killed";
  const finishedMs = ended.finishedMs ?? 0;
  const byProbe = pod.timeline.some(
    (m) => isProbeKill(m) && m.atMs - joinMs <= finishedMs && finishedMs <= m.atMs + pod.graceMs + 2 * joinMs,
  );
  return byProbe ? "liveness-killed" : "killed";
}

const isProbeKill = (m: Moment): boolean =>
  m.kind === "killing" && /failed (liveness|startup) probe/.test(m.text);

/**
 * Earlier ends left events only: a probe's kill, a start that is not the first, a stretch of back-off. Events of one
 * kind are folded into one with a first and a last time; between those the container went up and down.
 */
function unrecordedAt(pod: PodView, one: Try, events: readonly EventView[]): StateAt | undefined {
  const near = (m: Moment, beforeMs: number, afterMs: number): boolean =>
    one.endMs >= m.atMs - beforeMs && one.startMs <= m.atMs + afterMs;
  const byProbe = pod.timeline.find((m) => isProbeKill(m) && near(m, joinMs, pod.graceMs + joinMs));
  if (byProbe !== undefined) return stateOf("liveness-killed", pod, one, byProbe);
  const restarts = pod.containers.reduce((sum, c) => sum + c.restarts, 0);
  if (restarts === 0 || !downClasses.has(one.class)) return undefined;
  const own = events.filter((e) => isAbout(e, pod) && isWithin(e, one));
  const kills = own.find((e) => e.reason === "Killing" && /failed (liveness|startup) probe/.test(e.message));
  if (kills !== undefined) return stateOf("liveness-killed", pod, one, momentOf(kills, one));
  const backOff = own.find((e) => e.reason === "BackOff" && !/pulling image/i.test(e.message));
  if (backOff !== undefined) return stateOf("restarted", pod, one, momentOf(backOff, one));
  const started = pod.timeline.find(
    (m) =>
      (m.kind === "started" || m.kind === "restarted") &&
      m.atMs - pod.createdMs > settledMs &&
      near(m, joinMs, settledMs),
  );
  return started && stateOf("restarted", pod, one, started);
}

/** How attempts at a container fail that is down, ends or comes up. */
const downClasses: ReadonlySet<FailureClass> = new Set([
  "connect-refused",
  "closed-before-header",
  "truncated",
  "no-endpoint",
  "unclassified",
]);

/** The last of a kind of event has its consequences for a while. */
const isWithin = (event: EventView, one: Try): boolean =>
  one.endMs >= event.firstMs - joinMs && one.startMs <= event.lastMs + settledMs;
