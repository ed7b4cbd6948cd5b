import type { Probe } from "kubernetes-types/core/v1";
import { runProbe, type RunningContainer, secondsMs } from "./probe.ts";
import type { ProbeOutcome } from "./outcome.ts";

export type ProbeType = "startup" | "readiness" | "liveness";

/** What a worker sees of its container at a tick. */
interface Probed extends RunningContainer {
  readonly containerId: string;
  readonly startedMs: number;
  /** Whether the startup probe has passed, or there is none. */
  readonly hasStarted: boolean;
  readonly isRunning: boolean;
}

export interface ProbeHost {
  nowMs(): number;
  /** Undefined before the first life of the container. */
  probed(): Probed | undefined;
  isDeleted(): boolean;
  /** A result that stands: the threshold is reached. */
  decided(type: ProbeType, containerId: string, isSuccess: boolean): void;
  /** A try that failed, threshold or not. */
  unhealthy(message: string): void;
}

export interface ProbeWorker {
  /** Runs the probe now, off the ticks. */
  trigger(): void;
  stop(): void;
}

const titles: Readonly<Record<ProbeType, string>> = {
  startup: "Startup",
  readiness: "Readiness",
  liveness: "Liveness",
};
/** Tries of one tick when the try itself goes wrong (pkg/kubelet/prober/prober.go, maxProbeRetries). */
const errorTries = 3;

/**
 * Probes one container for all its lives, at ticks that begin with the pod and not with the container
 * (kubernetes/kubernetes pkg/kubelet/prober/worker.go).
 */
export function startProbeWorker(type: ProbeType, probe: Probe, host: ProbeHost): ProbeWorker {
  let containerId = "";
  let isOnHold = false;
  let isBusy = false;
  let isPending = false;
  let last: ProbeOutcome["result"] | undefined;
  let run = 0;

  const count = (result: "success" | "failure"): void => {
    run = last === result ? run + 1 : 1;
    last = result;
    const threshold = result === "failure" ? (probe.failureThreshold ?? 3) : (probe.successThreshold ?? 1);
    if (run < threshold) return;
    host.decided(type, containerId, result === "success");
    if (type !== "readiness" && result === "failure") {
      isOnHold = true;
      run = 0;
    }
  };

  const probeOnce = async (): Promise<void> => {
    const target = host.probed();
    if (target === undefined) return;
    if (target.containerId !== containerId) {
      containerId = target.containerId;
      isOnHold = false;
    }
    if (isOnHold || !target.isRunning) return;
    if (host.isDeleted() && type !== "readiness") return stop();
    if (host.nowMs() - target.startedMs < secondsMs(probe.initialDelaySeconds, 0)) return;
    if (target.hasStarted === (type === "startup")) return;
    const outcome = await tryProbe(probe, target);
    // The container ended under the probe: what it said is nobody's.
    if (host.probed()?.containerId !== containerId || host.probed()?.isRunning !== true) return;
    if (outcome.result === "error")
      return host.unhealthy(`${titles[type]} probe errored and resulted in unknown state: ${outcome.output}`);
    if (outcome.result === "failure") host.unhealthy(`${titles[type]} probe failed: ${outcome.output}`);
    count(outcome.result);
  };

  const tick = (): void => {
    // Of the ticks a slow try runs over one is kept, as Go's ticker does.
    isPending = isBusy;
    if (isBusy) return;
    isBusy = true;
    void probeOnce().finally(() => {
      isBusy = false;
      if (isPending) tick();
    });
  };
  const timer = setInterval(tick, secondsMs(probe.periodSeconds, 10));
  const stop = (): void => {
    isPending = false;
    clearInterval(timer);
  };
  return { trigger: tick, stop };
}

async function tryProbe(probe: Probe, target: Probed): Promise<ProbeOutcome> {
  let outcome = await runProbe(probe, target);
  for (let tries = 1; tries < errorTries && outcome.result === "error"; tries++)
    outcome = await runProbe(probe, target);
  return outcome;
}
