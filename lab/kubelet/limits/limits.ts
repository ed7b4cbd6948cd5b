import type { ContainerRecord, Life } from "../container/state.ts";
import { parseQuantity } from "../quantity.ts";
import { throttle } from "./cpu.ts";
import { memoryBytes } from "./process-tree.ts";

const memoryPeriodMs = 50;

/** Holds a life to `resources.limits`, as its cgroup would; until the returned function is called. */
export function watchLimits(record: ContainerRecord, life: Life): () => void {
  const limits = record.spec.resources?.limits ?? {};
  const stopMemory = watchMemory(life, parseQuantity(limits["memory"]));
  const stopCpu = throttle(life, parseQuantity(limits["cpu"]));
  return () => {
    stopMemory();
    stopCpu();
  };
}

function watchMemory(life: Life, limitBytes: number | undefined): () => void {
  if (limitBytes === undefined) return () => {};
  const timer = setInterval(() => {
    if (memoryBytes(life.tree()) <= limitBytes) return;
    life.isOutOfMemory = true;
    life.process.signal("SIGKILL");
  }, memoryPeriodMs);
  return () => clearInterval(timer);
}
