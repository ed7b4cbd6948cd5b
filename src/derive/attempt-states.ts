import { type ObjectRef, refText } from "../evidence/object-ref.ts";
import { type Observed, present } from "../evidence/observed.ts";
import { type FailedAttempt, failedAttempts } from "../logs/patterns/failed-attempts.ts";
import type { FailureClass, Traffic } from "../logs/traffic.ts";
import { addressIp } from "./address-ip.ts";
import { type Scene, sceneOf, type Surroundings } from "./attempt-scene.ts";
import type { AttemptState, AttemptStates, StateAt, Try } from "./attempt-state.ts";
import { departedStateAt } from "./departed-state-at.ts";
import { gatewayChangeAt } from "./gateway-change-at.ts";
import { goneAt } from "./gone-at.ts";
import { nodeLostAt } from "./node-lost-at.ts";
import { noPodAt } from "./no-pod-at.ts";
import { podAt } from "./pod-at.ts";
import { podStateAt } from "./pod-state-at.ts";
import { compareText } from "./shape.ts";
import type { DepartedPod, PodView } from "./views.ts";
import { workloadChangeAt } from "./workload-change-at.ts";

/**
 * Joins each failed attempt to the pod that had its address at that time and to what was happening to that pod;
 * where nothing was, to what was happening to its gateway and its workload.
 */
export function deriveAttemptStates(
  traffic: Observed<Traffic>,
  around: Surroundings,
): Observed<AttemptStates> {
  if (traffic.state !== "present") return traffic;
  if (around.pods.state === "unknown") return around.pods;
  const stateAt = stateFinder(traffic.value, around);
  const failed = failedAttempts(traffic.value);
  const found = new Map<string, { state: AttemptState; pod?: ObjectRef; attempts: number; first: Joined }>();
  let unexplained = 0;
  for (const attempt of failed) {
    const state = stateAt(attempt);
    if (state === undefined) {
      unexplained++;
      continue;
    }
    const key = `${state.state} ${state.pod === undefined ? "" : refText(state.pod)}`;
    const known = found.get(key);
    if (known !== undefined) known.attempts++;
    else {
      const { pod } = state;
      const first = { attempt, state };
      found.set(key, { state: state.state, attempts: 1, first, ...(pod === undefined ? {} : { pod }) });
    }
  }
  const byState = [...found]
    .sort(([a, m], [b, n]) => n.attempts - m.attempts || compareText(a, b))
    .map(([, { first, ...rest }]) => ({ ...rest, example: exampleOf(first) }));
  return present({ byState, unexplained, of: failed.length });
}

/** What was happening to the pod of an attempt, or around it, when it failed; undefined: nothing that is known. */
export function stateFinder(
  traffic: Traffic,
  around: Surroundings,
): (attempt: FailedAttempt) => StateAt | undefined {
  const scene = sceneOf(around);
  const outerSeesPods = seesPods(traffic, scene);
  return (attempt) => stateAt(attempt, traffic, scene, outerSeesPods);
}

interface Joined {
  readonly attempt: FailedAttempt;
  readonly state: StateAt;
}

const exampleOf = ({ attempt, state }: Joined): AttemptStates["byState"][number]["example"] => ({
  timeMs: attempt.endMs,
  text: attemptText(attempt, state),
  source: state.source,
});

/** "connect-refused at 10.42.3.17:8080, 3 s after this: delete was called". */
export const attemptText = (attempt: FailedAttempt, state: StateAt): string =>
  `${attempt.class}${attempt.address === "-" ? "" : ` at ${attempt.address}`}, ${state.text}`;

/** What the gateway makes by itself, whatever the pods do. */
const ownMaking: ReadonlySet<FailureClass> = new Set(["config-answer", "local-resource"]);

function stateAt(
  attempt: FailedAttempt,
  traffic: Traffic,
  scene: Scene,
  outerSeesPods: boolean,
): StateAt | undefined {
  const { startMs, endMs, address } = attempt;
  const stats = traffic.addresses.get(address);
  const one: Try = {
    startMs,
    endMs,
    address,
    class: attempt.class,
    ...(stats === undefined ? {} : { stats }),
  };
  const hop = attempt.request.hop ?? traffic.hop;
  const isOfPod = (hop !== "cdn" && hop !== "load-balancer") || outerSeesPods;
  const ofPlace = ownMaking.has(one.class) ? undefined : stateOfPlace(one, scene, isOfPod);
  if (ofPlace !== undefined) return ofPlace;
  const ofGateway = gatewayChangeAt(one, attempt.request.gatewayPod, scene.signals, scene.gatewayPods);
  return ofGateway ?? (ownMaking.has(one.class) ? undefined : workloadChangeAt(one, scene.steps));
}

/** Whether a proxy in front of the cluster asks pods itself, and not a gateway or an origin: one of its addresses is a pod's. */
function seesPods(traffic: Traffic, scene: Scene): boolean {
  const known = new Set([...scene.pods.flatMap((pod) => pod.ips), ...scene.departed.map((pod) => pod.ip)]);
  return [...traffic.addresses.keys()].some((address) => known.has(addressIp(address)));
}

/** By the pod at the address; of a request that no pod was asked for, by all pods of the Service. */
function stateOfPlace(one: Try, scene: Scene, isOfPod: boolean): StateAt | undefined {
  const ofPod = (pod: PodView | DepartedPod): StateAt | undefined =>
    nodeLostAt(pod, one, scene) ??
    ("pod" in pod ? podStateAt(pod, one, scene.eventsAbout(pod.ref)) : departedStateAt(pod, one));
  const ip = addressIp(one.address);
  if (!isIp(ip)) return noPodAt(one, scene.own, scene.departed, ofPod);
  const holder = podAt(scene.pods, scene.departed, ip, one.endMs);
  if (holder !== undefined) return ofPod(holder);
  return isOfPod ? goneAt(one, ip, scene) : undefined;
}

const isIp = (text: string): boolean => /^\d{1,3}(\.\d{1,3}){3}$|^[0-9a-f:]*:[0-9a-f:.]+$/i.test(text);
