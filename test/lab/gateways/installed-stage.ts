import type { Pod } from "kubernetes-types/core/v1";
import { startDeployments } from "../../../lab/controllers/deployment/start.ts";
import { startReplicaSets } from "../../../lab/controllers/replica-set/start.ts";
import { startScheduler } from "../../../lab/controllers/scheduler/start.ts";
import { openFrontDoor } from "../../../lab/gateways/front-door.ts";
import { type Gateway, startNginxGateway } from "../../../lab/gateways/start-gateway.ts";
import { openContainerLogs } from "../../../lab/kubelet/container-logs.ts";
import { startKubelet } from "../../../lab/kubelet/kubelet.ts";
import type { Machine } from "../../../lab/machine/machine.ts";
import { withCluster } from "./cluster.ts";
import { ask, waitFor } from "./stage.ts";

const pods = (machine: Machine): Pod[] =>
  machine.store.list("pods", "ingress-nginx").map(({ object }) => object as Pod);

const logOf = (machine: Machine, logs: { read(id: string): { bytes(): Uint8Array } | undefined }): string =>
  pods(machine)
    .flatMap((pod) => pod.status?.containerStatuses ?? [])
    .map(({ containerID = "" }) => Buffer.from(logs.read(containerID)?.bytes() ?? []).toString())
    .join("\n");

/** The gateway as a Deployment: it gets ready, answers, is restarted, and its log is the container's. */
export const installed = (): Promise<Record<string, unknown>> =>
  withCluster(async (machine) => {
    const logs = openContainerLogs(machine.folder);
    for (const name of ["node-1", "node-2"])
      machine.writes.create("nodes", { metadata: { name, labels: { "kubernetes.io/os": "linux" } } });
    const stops = [
      startDeployments(machine),
      startReplicaSets(machine),
      startScheduler(machine),
      startKubelet(machine, { logs }).stop,
    ];
    const log = (): string => logOf(machine, logs);
    const gateway = await startNginxGateway(machine, { args: ["--post-shutdown-grace-period=0"] });
    const first = await ready(gateway, log);
    const door = await openFrontDoor(gateway);
    const { status } = await ask("127.0.0.1", door.port, "/nothing", { host: "shop.example.com" });
    gateway.restart();
    await waitFor(() => (gateway.addresses().includes(first) ? undefined : true), log);
    const second = await ready(gateway, log);
    const seen = { first, second, status, log: log() };
    await door.stop();
    await gateway.stop();
    for (const end of stops.reverse()) await end();
    return seen;
  });

const ready = (gateway: Gateway, log: () => string): Promise<string> =>
  waitFor(() => gateway.addresses()[0], log);
