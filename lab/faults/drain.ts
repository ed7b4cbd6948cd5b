import { setTimeout as sleep } from "node:timers/promises";
import type { Pod } from "kubernetes-types/core/v1";
import { StatusError } from "../api-server/status.ts";
import { evict } from "../api-server/writes/evict.ts";
import type { Machine } from "../machine/machine.ts";

/** Longer than a budget needs to let the last pod go. */
const mostTries = 25;

/** As `kubectl drain` does it: cordons, then evicts pod by pod, again where a budget refuses for now. */
export async function drainNode(machine: Machine, node: string): Promise<void> {
  const body = { spec: { unschedulable: true } };
  machine.writes.patch("nodes", node, undefined, { type: "merge", body }, { fieldManager: "kubectl-drain" });
  for (let tries = 0; tries < mostTries; tries++) {
    const left = podsOn(machine, node).filter((pod) => !wasEvicted(machine, pod));
    if (left.length === 0) return;
    await sleep(1000);
  }
}

const podsOn = ({ store }: Machine, node: string): readonly Pod[] =>
  store
    .list("pods")
    .map(({ object }) => object as Pod)
    .filter(({ spec, metadata }) => spec?.nodeName === node && metadata?.deletionTimestamp === undefined);

function wasEvicted(machine: Machine, { metadata }: Pod): boolean {
  try {
    evict(machine, { resource: "pods", name: metadata?.name ?? "", namespace: metadata?.namespace }, {});
    return true;
  } catch (error) {
    if (error instanceof StatusError && error.status.code === 429) return false;
    throw error;
  }
}
