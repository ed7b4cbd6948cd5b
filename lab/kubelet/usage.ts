import type { ContainerUsage } from "../api-server/metrics/usage.ts";
import { cpuMs, memoryBytes } from "./limits/process-tree.ts";
import type { ContainerRecord } from "./container/state.ts";

export interface UsageMeter {
  /** Newest sample of each container that was seen twice in one life; metrics-server tells nothing before. */
  containers(): { readonly atMs: number; readonly windowMs: number; readonly of: readonly ContainerUsage[] };
  sample(nowMs: number): void;
}

interface Reading {
  readonly containerId: string;
  readonly usedMs: number;
  readonly atMs: number;
}

export function openUsageMeter(records: readonly ContainerRecord[]): UsageMeter {
  const readings = new Map<string, Reading>();
  let newest: ReturnType<UsageMeter["containers"]> = { atMs: 0, windowMs: 0, of: [] };
  return {
    containers: () => newest,
    sample: (nowMs) => {
      const of: ContainerUsage[] = [];
      let windowMs = 0;
      for (const { spec, containerId, life } of records) {
        const pids = life?.tree() ?? [];
        if (pids.length === 0) continue;
        const usedMs = cpuMs(pids);
        const before = readings.get(spec.name);
        readings.set(spec.name, { containerId, usedMs, atMs: nowMs });
        if (before?.containerId !== containerId || nowMs <= before.atMs) continue;
        windowMs = nowMs - before.atMs;
        const cpuCores = Math.max(0, usedMs - before.usedMs) / windowMs;
        of.push({ name: spec.name, cpuCores, memoryBytes: memoryBytes(pids) });
      }
      newest = { atMs: nowMs, windowMs, of };
    },
  };
}
