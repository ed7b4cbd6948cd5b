import type { Machine, Stop } from "../machine/machine.ts";
import { startDeployments } from "./deployment/start.ts";
import { startDisruption } from "./disruption.ts";
import { startEndpoints } from "./endpoints/start.ts";
import { startAutoscalers } from "./hpa/start.ts";
import type { PodMetrics } from "./hpa/usage.ts";
import { startIngressStatus } from "./ingress-status.ts";
import { startNodeLifecycle } from "./node-lifecycle/start.ts";
import { startTaintEviction } from "./node-lifecycle/taint-eviction.ts";
import { startPodGarbage } from "./pod-gc.ts";
import { startReplicaSets } from "./replica-set/start.ts";
import { startScheduler } from "./scheduler/start.ts";
import { startStatefulSets } from "./stateful-set/start.ts";
import { settingsOf } from "./settings.ts";

/** Starts every controller of the lab: what kube-controller-manager and kube-scheduler do in a cluster. */
export function startControllers(machine: Machine, metrics: PodMetrics): Stop {
  const settings = settingsOf(machine);
  const stops = [
    startDeployments(machine),
    startReplicaSets(machine),
    startStatefulSets(machine),
    startScheduler(machine),
    startEndpoints(machine, settings),
    startAutoscalers(machine, metrics, settings),
    startNodeLifecycle(machine, settings),
    startTaintEviction(machine, settings),
    startDisruption(machine),
    startPodGarbage(machine),
    startIngressStatus(machine, settings),
  ];
  return async () => void (await Promise.all(stops.map((stop) => stop())));
}
