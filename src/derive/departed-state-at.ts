import { joinMs, type StateAt, stateOf, type Try } from "./attempt-state.ts";
import type { DepartedPod, Moment } from "./views.ts";

/** A gone pod that had just started and never served had not come up yet. */
const listenMs = 60_000;

/** What was happening to a pod that is gone: its events are all that is left of it. */
export function departedStateAt(pod: DepartedPod, one: Try): StateAt | undefined {
  const passed = (m: Moment): boolean => m.atMs - joinMs <= one.endMs;
  const told = pod.timeline.find((m) => passed(m) && isStop(m));
  if (told !== undefined) return stateOf("terminating", pod, one, told);
  const killed = pod.timeline.findLast((m) => passed(m) && m.kind === "killing");
  if (killed !== undefined) return stateOf("liveness-killed", pod, one, killed);
  const lost = pod.timeline.findLast((m) => passed(m) && m.kind === "node-lost");
  if (lost !== undefined) return stateOf("node-lost", pod, one, lost);
  const started = pod.timeline.findLast((m) => passed(m) && (m.kind === "started" || m.kind === "created"));
  const served = one.stats?.firstSuccessMs !== undefined && one.stats.firstSuccessMs < one.startMs;
  if (started !== undefined && !served && one.endMs - started.atMs <= listenMs)
    return stateOf("starting", pod, one, started);
  const failing = pod.timeline.findLast((m) => passed(m) && m.kind === "probe-failed");
  return failing && stateOf("probe-failing", pod, one, failing);
}

/** "Stopping container app": the kubelet stops it for good, unless a probe is the reason. */
const isStop = (m: Moment): boolean =>
  m.kind === "delete-called" ||
  m.kind === "evicted" ||
  (m.kind === "killing" && !/failed (liveness|startup) probe/.test(m.text));
