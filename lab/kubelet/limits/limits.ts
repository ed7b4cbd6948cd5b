import type { ContainerRecord, Life } from "../container/state.ts";
import { quantity } from "../../controllers/quantity.ts";
import { throttle } from "./cpu.ts";
import { memoryBytes } from "./process-tree.ts";

const memoryPeriodMs = 50;

/** Holds a life to `resources.limits`, as its cgroup would; until the returned function is called. */
export function watchLimits(record: ContainerRecord, life: Life): () => void {
  const limits = record.spec.resources?.limits ?? {};
  const stopMemory = watchMemory(life, limitOf(limits["memory"]));
  const stopCpu = throttle(life, limitOf(limits["cpu"]));
  return () => {
    stopMemory();
    stopCpu();
  };
}

const limitOf = (text: string | undefined): number | undefined =>
  text === undefined ? undefined : quantity(text);

function watchMemory(life: Life, limitBytes: number | undefined): () => void {
  if (limitBytes === undefined) return () => {};
  const timer = setInterval(() => {
    if (memoryBytes(life.tree()) <= limitBytes) return;
    life.isOutOfMemory = true;
    life.process.signal("SIGKILL");
  }, memoryPeriodMs);
  return () => clearInterval(timer);
}
