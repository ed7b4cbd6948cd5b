import type { Pod } from "kubernetes-types/core/v1";
import type { EventText, Machine } from "../machine/machine.ts";
import type { ContainerLogs } from "./container-logs.ts";
import type { KubeletSettings } from "./settings.ts";

/** What the parts that run one pod share. */
export interface PodContext {
  readonly machine: Machine;
  readonly logs: ContainerLogs;
  readonly settings: Readonly<KubeletSettings>;
  /** As last seen: its deletion and conditions of others come with time. */
  pod(): Pod;
  /** "namespace/name" */
  readonly key: string;
  readonly podIp: string;
  readonly hostIp: string;
  /** Scratch space of the pod. */
  readonly folder: string;
  /** Aborts when the pod is to end: nothing is started or restarted after it. */
  readonly ending: AbortSignal;
  event(event: EventText): void;
  /** Something that the status shows has changed. */
  changed(): void;
}
