import type { Pod } from "kubernetes-types/core/v1";
import type { ContainerLogs } from "./container-logs.ts";

/** What a scenario may set; the values in force without it are the kubelet's own. */
export interface KubeletOptions {
  readonly logs: ContainerLogs;
  /** Pods that something else of the lab runs: gateways. */
  readonly isForeign?: (pod: Pod) => boolean;
  /** First wait of CrashLoopBackOff and ImagePullBackOff, doubled each time (kubelet: 10 s). */
  readonly backOffMs?: number;
  /** Longest wait (kubelet: 300 s). */
  readonly backOffLimitMs?: number;
  /** Between two reports of a node (kubelet: 10 s). */
  readonly heartbeatMs?: number;
  /** Between two looks at which containers run (kubelet: 1 s): a start or an end is known so much later. */
  readonly relistMs?: number;
  /** Between two looks at what a container that cannot be made is missing (kubelet: 10 s). */
  readonly retryMs?: number;
  /** Between two samples of CPU and memory (metrics-server: 15 s). */
  readonly usageMs?: number;
}

export interface Timing {
  readonly backOffMs: number;
  readonly backOffLimitMs: number;
  readonly retryMs: number;
  readonly relistMs: number;
}

export const timingOf = (options: KubeletOptions): Timing => ({
  backOffMs: options.backOffMs ?? 10_000,
  backOffLimitMs: options.backOffLimitMs ?? 300_000,
  retryMs: options.retryMs ?? 10_000,
  relistMs: options.relistMs ?? 1000,
});
