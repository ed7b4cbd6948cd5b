import type { PodUsage } from "../api-server/metrics/usage.ts";
import { metricsOfUsage } from "../controllers/hpa/metrics-of-usage.ts";
import { settingsOf } from "../controllers/settings.ts";
import { startControllers } from "../controllers/start.ts";
import { planOf } from "../faults/all.ts";
import { openFrontDoor } from "../gateways/front-door.ts";
import { startHaproxyGateway, startNginxGateway } from "../gateways/start-gateway.ts";
import { startKubelet } from "../kubelet/kubelet.ts";
import { serveExporters } from "../metrics/serve-exporters.ts";
import { answerRun } from "../run/answer-run.ts";
import type { Starter } from "./starter.ts";

const startGateway: Starter = async (machine, inside) => {
  const { options, open } = inside;
  if (options.gateway === undefined) return async () => {};
  const start = options.gateway === "nginx" ? startNginxGateway : startHaproxyGateway;
  const plan = planOf(options.fault, options.seed, options.gateway);
  const gateway = await start(machine, plan?.gateway);
  // ingress-nginx tells its address by itself: two writers would never agree.
  if (gateway.name !== "nginx")
    settingsOf(machine).addressesOf = ({ spec }) =>
      (spec?.ingressClassName ?? gateway.name) === gateway.name ? gateway.addresses() : undefined;
  const front = await openFrontDoor(gateway);
  await open("gateway", { host: "127.0.0.1", port: front.port });
  const stopRun = answerRun(machine, inside, gateway, plan);
  return async () => {
    await stopRun();
    await front.stop();
    await gateway.stop();
  };
};

/** Controllers go by what the kubelets measure, and outlive them: what ends with a kubelet is not made anew. */
const startCluster: Starter = async (machine, { logs, measureBy, open }) => {
  let usage: (() => readonly PodUsage[]) | undefined;
  const stopControllers = startControllers(
    machine,
    metricsOfUsage(() => usage?.() ?? []),
  );
  const kubelet = startKubelet(machine, { logs });
  usage = kubelet.usage;
  measureBy(kubelet.usage);
  const exporters = await serveExporters({ store: machine.store, readings: kubelet.readings });
  await open("metrics", { host: "127.0.0.1", port: exporters.port });
  return async () => {
    await exporters.stop();
    await kubelet.stop();
    await stopControllers();
  };
};

/** All parts of a lab, in the order they start; they stop in the reverse one. */
export const starters: readonly Starter[] = [startCluster, startGateway];
