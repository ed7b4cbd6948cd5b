import type { FailureClass } from "../logs/traffic.ts";
import { joinMs, type StateAt, stateOf, type Try } from "./attempt-state.ts";
import { killedAt } from "./killed-at.ts";
import { isAbout, isDuring, momentOf } from "./event-span.ts";
import type { EventView, PodView } from "./views.ts";

/** A pod without a readiness probe is ready as its container starts; its process needs a while more to listen. */
const listenMs = 60_000;

/** What is not ready for longer after its start has had other troubles since. */
const longestStartMs = 600_000;

/**
 * What was happening to a pod that still exists when an attempt at its address failed; the first that holds
 * of: told to stop, killed, started again, starting, not ready, failing its probes.
 */
export function podStateAt(pod: PodView, one: Try, events: readonly EventView[]): StateAt | undefined {
  const unhealthy = events.filter((e) => e.reason === "Unhealthy" && isAbout(e, pod));
  return (
    terminatingAt(pod, one) ??
    killedAt(pod, one, events) ??
    startingAt(pod, one) ??
    notReadyAt(pod, one, unhealthy) ??
    probeFailingAt(pod, one, unhealthy)
  );
}

/** From the call that deletes a pod, or its eviction, on. */
function terminatingAt(pod: PodView, one: Try): StateAt | undefined {
  const told = pod.timeline.find(
    (m) => (m.kind === "delete-called" || m.kind === "evicted") && m.atMs - joinMs <= one.endMs,
  );
  return told && stateOf("terminating", pod, one, told);
}

/** Whether the pod had served at this address before, as the log has it. */
const hadServed = (pod: PodView, one: Try): boolean =>
  one.stats?.firstSuccessMs !== undefined &&
  one.stats.firstSuccessMs < one.startMs &&
  one.stats.firstSuccessMs >= pod.createdMs - joinMs;

/** How a process that does not listen yet, or is not warm yet, fails; one that answers late is up. */
const comingUp: ReadonlySet<FailureClass> = new Set([
  "connect-refused",
  "connect-timeout",
  "closed-before-header",
  "no-endpoint",
  "unclassified",
]);

/** Before it was ready for the first time, or while its process did not listen yet. */
function startingAt(pod: PodView, one: Try): StateAt | undefined {
  if (hadServed(pod, one) || pod.containers.some((c) => c.restarts > 0)) return undefined;
  const started = pod.timeline.findLast(
    (m) => (m.kind === "started" || m.kind === "created") && m.atMs - joinMs <= one.endMs,
  );
  if (started === undefined) return undefined;
  if (!pod.ready && !wasReady(pod)) {
    const stuck = pod.containers.find((c) => c.waiting !== undefined)?.waiting?.reason;
    const text = `${started.text}; not ready yet${stuck === undefined ? "" : ` (${stuck})`}`;
    return stateOf("starting", pod, one, { ...started, text });
  }
  if (!comingUp.has(one.class) || one.endMs - started.atMs > longestStartMs) return undefined;
  const readyMs = pod.ready ? pod.readyChangedMs : undefined;
  const isBefore = readyMs !== undefined && one.startMs <= readyMs + joinMs;
  const isYoung = one.endMs - started.atMs <= listenMs;
  return isBefore || isYoung ? stateOf("starting", pod, one, started) : undefined;
}

/** The kubelet sets Ready to False as the pod begins; a later change to False means that it was True between. */
const firstStatusMs = 5000;

const wasReady = (pod: PodView): boolean =>
  pod.ready || (pod.readyChangedMs !== undefined && pod.readyChangedMs - pod.createdMs > firstStatusMs);

/** Probes fail some time before and after they are seen to: a period or two. */
const probeSlackMs = 10_000;

/** Since it became not ready, or until it became ready again: of earlier changes nothing is on record. */
function notReadyAt(pod: PodView, one: Try, unhealthy: readonly EventView[]): StateAt | undefined {
  const seen = seenUnready(pod, one);
  if (seen !== undefined) return seen;
  const changed = pod.timeline.findLast((m) => m.kind === (pod.ready ? "ready" : "unready"));
  if (changed === undefined) return undefined;
  if (!pod.ready) {
    return changed.atMs - joinMs <= one.endMs ? stateOf("not-ready", pod, one, changed) : undefined;
  }
  // Ready again since: it had not been just before, and for how long is told by failing probes only.
  const isBack = one.startMs <= changed.atMs + joinMs && changed.atMs - pod.createdMs > firstStatusMs;
  if (!isBack) return undefined;
  const readiness = unhealthy.filter((e) => e.message.startsWith("Readiness"));
  const failing = readiness.find((e) => isDuring(e, one));
  if (failing !== undefined) return stateOf("not-ready", pod, one, momentOf(failing, one));
  return one.endMs >= changed.atMs - probeSlackMs ? stateOf("not-ready", pod, one, changed) : undefined;
}

/** A turn that was over again is only on the timeline where somebody watched. */
function seenUnready(pod: PodView, one: Try): StateAt | undefined {
  const turns = pod.timeline.filter((m) => m.kind === "ready" || m.kind === "unready");
  const last = turns.findLast((m) => m.atMs <= one.endMs);
  const isBack = turns.some((m) => m.kind === "ready" && last !== undefined && m.atMs > last.atMs);
  return last?.kind === "unready" && isBack ? stateOf("not-ready", pod, one, last) : undefined;
}

function probeFailingAt(pod: PodView, one: Try, unhealthy: readonly EventView[]): StateAt | undefined {
  const failing = unhealthy.find((e) => isDuring(e, one));
  return failing && stateOf("probe-failing", pod, one, momentOf(failing, one));
}
