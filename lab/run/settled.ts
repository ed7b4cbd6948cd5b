import type { Deployment } from "kubernetes-types/apps/v1";
import { setTimeout as sleep } from "node:timers/promises";
import type { Gateway } from "../gateways/start-gateway.ts";
import type { Machine } from "../machine/machine.ts";

/** Longer than a gateway of the lab takes from a change of endpoints to its own configuration. */
const gatewayLagMs = 4500;

/**
 * Waits until all Deployments (or those named "namespace/name") have their replicas updated and available, the gateway
 * has a ready pod, and it has had time to hear of it. Answers what had not come to rest when the time was over.
 */
export async function untilSettled(
  machine: Machine,
  gateway: Gateway,
  timeoutMs: number,
  waitFor?: readonly string[],
): Promise<readonly string[]> {
  const endsMs = machine.nowMs() + timeoutMs;
  for (;;) {
    const restless = restlessNow(machine, gateway, waitFor);
    if (restless.length === 0 || machine.nowMs() >= endsMs) {
      await sleep(gatewayLagMs);
      return restless;
    }
    await sleep(100);
  }
}

function restlessNow(machine: Machine, gateway: Gateway, waitFor: readonly string[] | undefined): string[] {
  const deployments = machine.store.list("deployments");
  const waited = deployments.filter(({ key }) => waitFor === undefined || waitFor.includes(key));
  const unsettled = waited.filter(({ object }) => !isSettled(object as Deployment));
  return [
    ...unsettled.map(({ key }) => `Deployment ${key}`),
    ...(gateway.addresses().length === 0 ? [`gateway ${gateway.name}`] : []),
  ];
}

function isSettled({ metadata, spec, status }: Deployment): boolean {
  const wanted = spec?.replicas ?? 1;
  return (
    status?.observedGeneration === metadata?.generation &&
    (status?.updatedReplicas ?? 0) === wanted &&
    (status?.availableReplicas ?? 0) === wanted &&
    (status?.replicas ?? 0) === wanted
  );
}
