import type { PodContext } from "../pod-context.ts";
import { runHook } from "./hook.ts";
import type { ContainerRecord, Life } from "./state.ts";
import { settled } from "../wait.ts";

/** The least that SIGTERM is given (kuberuntime_container.go, minimumGracePeriodInSeconds). */
const leastGraceMs = 2000;

export interface Termination {
  /** Text of the Killing event. */
  readonly message: string;
  /** When the whole grace is over; a second deletion may bring it nearer, -Infinity is now. */
  deadlineMs(): number;
}

/**
 * preStop, then SIGTERM, then SIGKILL when the grace is over: the hook's time is counted, but two seconds are left
 * (kubernetes/kubernetes pkg/kubelet/kuberuntime/kuberuntime_container.go, killContainer).
 */
export async function terminate(
  record: ContainerRecord,
  context: PodContext,
  termination: Termination,
): Promise<void> {
  const { life, spec } = record;
  if (life === undefined) return;
  const { nowMs } = context.machine;
  // Two may want its end, a probe and a deletion: the second only holds it to its own deadline.
  if (life.isEnding) return endBy(life, () => termination.deadlineMs() - nowMs());
  life.isEnding = true;
  const { message } = termination;
  context.event({ type: "Normal", reason: "Killing", message, container: spec.name });
  const leftMs = (): number => termination.deadlineMs() - nowMs();
  const hook = spec.lifecycle?.preStop;
  let leastEndMs = 0;
  if (hook !== undefined && leftMs() > 0) {
    const target = { spec, podIp: context.podIp, pid: life.process.pid(), command: life.command };
    const done = runHook(hook, target, leftMs());
    const hasPassed = await settled(Promise.race([done, life.process.exited.then(() => true)]), leftMs);
    if (hasPassed === false)
      context.event({
        type: "Warning",
        reason: "FailedPreStopHook",
        message: "PreStopHook failed",
        container: spec.name,
      });
    leastEndMs = nowMs() + leastGraceMs;
  } else if (leftMs() < leastGraceMs) leastEndMs = nowMs() + leastGraceMs;
  life.process.signal("SIGTERM");
  // The end of the lab leaves no grace at all.
  return endBy(life, () => (leftMs() === -Infinity ? 0 : Math.max(leftMs(), leastEndMs - nowMs())));
}

async function endBy(life: Life, leftMs: () => number): Promise<void> {
  const exited = life.process.exited.then(() => true);
  if ((await settled(exited, leftMs)) === true) return;
  life.process.signal("SIGKILL");
  await life.process.exited;
}
