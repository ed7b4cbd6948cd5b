import { setTimeout as sleep } from "node:timers/promises";
import type { Step } from "../faults/fault.ts";
import type { Gateway } from "../gateways/start-gateway.ts";
import type { Machine } from "../machine/machine.ts";

/** Runs each step at its time from now, and tells of it. */
export async function runSteps(
  steps: readonly Step[],
  machine: Machine,
  gateway: Gateway,
  tell: (text: string) => void,
): Promise<void> {
  const startMs = performance.now();
  for (const step of steps.toSorted((a, b) => a.atMs - b.atMs)) {
    await sleep(Math.max(0, startMs + step.atMs - performance.now()));
    tell(step.text);
    await step.run(machine, gateway);
  }
}
