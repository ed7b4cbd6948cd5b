import type { ContainerRecord, Throttling } from "./container/state.ts";
import { cpuMs, memoryBytes } from "./limits/process-tree.ts";

/** One container that runs, and what it has used since it started. */
export interface ContainerReading {
  readonly namespace: string;
  readonly pod: string;
  readonly uid: string;
  readonly node: string;
  readonly container: string;
  readonly image: string;
  readonly containerId: string;
  readonly cpuMs: number;
  readonly memoryBytes: number;
  /** resources.limits.memory as written; absent without one. */
  readonly memoryLimit?: string;
  /** Absent without a CPU limit: such a cgroup has no quota to be held to. */
  readonly throttling?: Readonly<Throttling>;
}

/** Nothing while no process of it runs. */
export function readingOf({
  spec,
  containerId,
  life,
}: ContainerRecord): Omit<ContainerReading, "namespace" | "pod" | "uid" | "node">[] {
  const pids = life?.tree() ?? [];
  if (life === undefined || pids.length === 0) return [];
  const { memory, cpu } = spec.resources?.limits ?? {};
  return [
    {
      container: spec.name,
      image: spec.image ?? "",
      containerId,
      cpuMs: cpuMs(pids),
      memoryBytes: memoryBytes(pids),
      ...(memory === undefined ? {} : { memoryLimit: memory }),
      ...(cpu === undefined ? {} : { throttling: { ...life.throttling } }),
    },
  ];
}
