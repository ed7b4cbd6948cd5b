import type { Container, ContainerState } from "kubernetes-types/core/v1";
import { randomBytes } from "node:crypto";
import type { Command, ContainerProcess } from "./process.ts";

export type ContainerKind = "init" | "sidecar" | "main";

/** What is known of a container now; the status is made of it. */
export interface ContainerRecord {
  readonly spec: Container;
  readonly kind: ContainerKind;
  state: ContainerState;
  lastState: ContainerState;
  restartCount: number;
  /** Of the newest life; empty before the first. */
  containerId: string;
  /** The startup probe has passed, or there is none and it runs. */
  started: boolean;
  /** The readiness probe says so, or there is none and it has started. */
  ready: boolean;
  startedMs: number;
  life: Life | undefined;
  /** Earlier lives whose logs are still kept. */
  readonly pastIds: string[];
}

/** Counted as cpu.stat of a cgroup counts: nr_periods, nr_throttled, throttled_usec. */
export interface Throttling {
  periods: number;
  throttledPeriods: number;
  throttledMs: number;
}

/** The life that runs now. */
export interface Life {
  readonly process: ContainerProcess;
  readonly command: Command;
  /** All its processes. */
  tree(): readonly number[];
  /** Set by the memory limit. */
  isOutOfMemory: boolean;
  /** How the CPU limit was held; zeros without one. */
  readonly throttling: Throttling;
  /** Its termination has begun. */
  isEnding: boolean;
}

export const newRecord = (spec: Container, kind: ContainerKind, hasInit: boolean): ContainerRecord => ({
  spec,
  kind,
  state: { waiting: { reason: hasInit && kind === "main" ? "PodInitializing" : "ContainerCreating" } },
  lastState: {},
  restartCount: 0,
  containerId: "",
  started: false,
  ready: false,
  startedMs: 0,
  life: undefined,
  pastIds: [],
});

export const newContainerId = (): string => `containerd://${randomBytes(32).toString("hex")}`;
