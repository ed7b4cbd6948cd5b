import { joinMs, type StateAt, type Try } from "./attempt-state.ts";
import type { DepartedPod, PodView } from "./views.ts";

/**
 * A request that no pod was asked for: what was happening to the pods there were, when it was something to
 * each of them. With one pod that was well the gateway could have asked it.
 */
export function noPodAt(
  one: Try,
  pods: readonly PodView[],
  departed: readonly DepartedPod[],
  stateOfPod: (pod: PodView | DepartedPod) => StateAt | undefined,
): StateAt | undefined {
  const there = [
    ...pods.filter((pod) => pod.createdMs - joinMs <= one.endMs),
    ...departed.filter((pod) => wasThere(pod, one)),
  ];
  const states = there.map(stateOfPod);
  if (states.includes(undefined)) return undefined;
  const known = states.filter((state) => state !== undefined);
  return known.toSorted((a, b) => rank(a) - rank(b))[0];
}

/** The reason before its consequences: what a node or a kill did, pods then start and are not ready. */
const order: readonly StateAt["state"][] = [
  "node-lost",
  "oom-killed",
  "liveness-killed",
  "killed",
  "restarted",
  "not-ready",
  "probe-failing",
  "terminating",
  "starting",
];

function rank(state: StateAt): number {
  const place = order.indexOf(state.state);
  return place === -1 ? order.length : place;
}

/** From its first event until a while after its last. */
const lingerMs = 60_000;

function wasThere(pod: DepartedPod, one: Try): boolean {
  const first = pod.firstSeenMs ?? pod.timeline[0]?.atMs;
  const last = pod.timeline.at(-1)?.atMs ?? pod.stoppedMs;
  if (first === undefined || last === undefined) return false;
  return first - joinMs <= one.endMs && one.startMs <= last + lingerMs;
}
