import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Pod } from "kubernetes-types/core/v1";
import { startDeployments } from "../../../lab/controllers/deployment/start.ts";
import { startReplicaSets } from "../../../lab/controllers/replica-set/start.ts";
import { openFrontDoor } from "../../../lab/gateways/front-door.ts";
import { type Gateway, startNginxGateway } from "../../../lab/gateways/start-gateway.ts";
import { startKubelet } from "../../../lab/kubelet/kubelet.ts";
import { applyObjects } from "../../../lab/machine/apply-objects.ts";
import { baseObjects } from "../../../lab/machine/base-objects.ts";
import { buildMachine } from "../../../lab/machine/build-machine.ts";
import type { Machine } from "../../../lab/machine/machine.ts";
import { ask, waitFor } from "./stage.ts";

const pods = (machine: Machine): Pod[] =>
  machine.store.list("pods", "ingress-nginx").map(({ object }) => object as Pod);

/** Puts every pod of the gateway on the first node, as long as nobody else does. */
function bind(machine: Machine): void {
  for (const pod of pods(machine)) {
    if (pod.spec?.nodeName !== undefined) continue;
    machine.writes.patch(
      "pods",
      pod.metadata?.name ?? "",
      "ingress-nginx",
      {
        type: "merge",
        body: { spec: { nodeName: "node-1" } },
      },
      { subresource: "binding" },
    );
  }
}

const logOf = (machine: Machine, logs: { read(id: string): { bytes(): Uint8Array } | undefined }): string =>
  pods(machine)
    .flatMap((pod) => pod.status?.containerStatuses ?? [])
    .map(({ containerID = "" }) => Buffer.from(logs.read(containerID)?.bytes() ?? []).toString())
    .join("\n");

/** The gateway as a Deployment: it gets ready, answers, is restarted, and its log is the container's. */
export async function installed(): Promise<Record<string, unknown>> {
  const folder = mkdtempSync(join(tmpdir(), "why5xx-gateway-"));
  try {
    const { machine, logs, stop } = await buildMachine(folder);
    applyObjects(machine.writes, baseObjects);
    const stops = [
      startDeployments(machine),
      startReplicaSets(machine),
      startKubelet(machine, { logs }).stop,
    ];
    const gateway = await startNginxGateway(machine, { args: ["--post-shutdown-grace-period=0"] });
    const binding = setInterval(() => bind(machine), 50);
    const first = await ready(gateway, () => logOf(machine, logs));
    const door = await openFrontDoor(gateway);
    const { status } = await ask("127.0.0.1", door.port, "/nothing", { host: "shop.example.com" });
    gateway.restart();
    await waitFor(
      () => (gateway.addresses().includes(first) ? undefined : true),
      () => "",
    );
    const second = await ready(gateway, () => logOf(machine, logs));
    const log = logOf(machine, logs);
    clearInterval(binding);
    await door.stop();
    await gateway.stop();
    for (const end of stops.reverse()) await end();
    await stop();
    return { first, second, status, log };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function ready(gateway: Gateway, log: () => string): Promise<string> {
  const address = await waitFor(() => gateway.addresses()[0], log);
  await sleep(100);
  return address;
}
