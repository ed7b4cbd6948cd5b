/** What a pod used, as its kubelet measured it. */
export interface PodUsage {
  readonly namespace: string;
  readonly pod: string;
  readonly node: string;
  /** End of the window, milliseconds since the epoch. */
  readonly atMs: number;
  readonly windowMs: number;
  readonly containers: readonly ContainerUsage[];
}

export interface ContainerUsage {
  readonly name: string;
  /** Mean over the window. */
  readonly cpuCores: number;
  /** At its end. */
  readonly memoryBytes: number;
}
