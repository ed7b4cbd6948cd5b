import type { PodContext } from "../pod-context.ts";
import { type ProbeType, type ProbeWorker, startProbeWorker } from "../probes/worker.ts";
import type { ContainerRecord } from "./state.ts";
import { terminate } from "./terminate.ts";

/** The probes of one container, for all its lives. */
export interface Probing {
  /** The container has started a life. */
  look(): void;
  stop(): void;
}

export function startProbing(record: ContainerRecord, context: PodContext): Probing {
  const { spec } = record;
  const workers = new Map<ProbeType, ProbeWorker>();

  const decided = (type: ProbeType, containerId: string, isSuccess: boolean): void => {
    if (containerId !== record.containerId || record.life === undefined) return;
    if (type === "readiness") {
      if (record.ready === isSuccess) return;
      record.ready = isSuccess;
      context.changed();
    } else if (!isSuccess) restart(record, type, context);
    else if (type === "startup") {
      record.started = true;
      record.ready = spec.readinessProbe === undefined;
      context.changed();
      workers.get("readiness")?.trigger();
    }
  };

  const host = {
    nowMs: context.machine.nowMs,
    isDeleted: () => context.ending.aborted,
    decided,
    unhealthy: (message: string): void =>
      context.event({ type: "Warning", reason: "Unhealthy", message, container: spec.name }),
    probed: () => {
      const { life, containerId, startedMs, started } = record;
      if (life === undefined) return undefined;
      const at = { spec, podIp: context.podIp, pid: life.process.pid(), command: life.command };
      return {
        ...at,
        containerId,
        startedMs,
        hasStarted: started,
        isRunning: record.state.running !== undefined,
      };
    },
  };
  const add = (type: ProbeType, probe: typeof spec.readinessProbe): void => {
    if (probe !== undefined) workers.set(type, startProbeWorker(type, probe, host));
  };
  add("startup", spec.startupProbe);
  add("readiness", spec.readinessProbe);
  add("liveness", spec.livenessProbe);
  return {
    // While a container is not ready, every look at its pod asks the readiness probe at once
    // (pkg/kubelet/prober/prober_manager.go, UpdatePodStatus).
    look: () => workers.get("readiness")?.trigger(),
    stop: () => {
      for (const worker of workers.values()) worker.stop();
    },
  };
}

/** Kills the container; its restart policy says what comes then. */
function restart(record: ContainerRecord, type: "startup" | "liveness", context: PodContext): void {
  const probe = type === "startup" ? record.spec.startupProbe : record.spec.livenessProbe;
  const graceSeconds =
    probe?.terminationGracePeriodSeconds ?? context.pod().spec?.terminationGracePeriodSeconds ?? 30;
  const deadlineMs = context.machine.nowMs() + graceSeconds * 1000;
  const message = `Container ${record.spec.name} failed ${type} probe, will be restarted`;
  void terminate(record, context, { message, deadlineMs: () => deadlineMs });
}
