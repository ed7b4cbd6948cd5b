import { startDeployments } from "../controllers/deployment/start.ts";
import { startDisruption } from "../controllers/disruption.ts";
import { startEndpoints } from "../controllers/endpoints/start.ts";
import { startNodeLifecycle } from "../controllers/node-lifecycle/start.ts";
import { startReplicaSets } from "../controllers/replica-set/start.ts";
import { startScheduler } from "../controllers/scheduler/start.ts";
import { openFrontDoor } from "../gateways/front-door.ts";
import { startHaproxyGateway, startNginxGateway } from "../gateways/start-gateway.ts";
import { startKubelet } from "../kubelet/kubelet.ts";
import type { Starter } from "./starter.ts";

const startGateway: Starter = async (machine, { options, open }) => {
  if (options.gateway === undefined) return async () => {};
  const start = options.gateway === "nginx" ? startNginxGateway : startHaproxyGateway;
  const gateway = await start(machine);
  const front = await openFrontDoor(gateway);
  await open("gateway", { host: "127.0.0.1", port: front.port });
  return async () => {
    await front.stop();
    await gateway.stop();
  };
};

/** All parts of a lab, in the order they start; they stop in the reverse one. */
export const starters: readonly Starter[] = [
  (machine) => startEndpoints(machine, { endpointDelayMs: () => 0 }),
  startDeployments,
  startReplicaSets,
  startScheduler,
  startDisruption,
  // The values of kube-controller-manager.
  (machine) =>
    startNodeLifecycle(machine, {
      nodeMonitorGraceMs: 50_000,
      nodeStartupGraceMs: 60_000,
      nodeMonitorPeriodMs: 5000,
    }),
  (machine, { logs, measureBy }) => {
    const kubelet = startKubelet(machine, { logs });
    measureBy(kubelet.usage);
    return kubelet.stop;
  },
  startGateway,
];
