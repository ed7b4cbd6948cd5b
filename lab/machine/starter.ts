import type { PodUsage } from "../api-server/metrics/usage.ts";
import type { ContainerLogs } from "../kubelet/container-logs.ts";
import type { AnswerOf, Door, InnerOptions } from "./orders.ts";
import type { Machine, Stop } from "./machine.ts";

/** One part of the lab, running on the machine until it is stopped: controllers, kubelets, gateways, load. */
export type Starter = (machine: Machine, inside: Inside) => Stop | Promise<Stop>;

/** What a part can do besides working on the machine. */
export interface Inside {
  readonly options: InnerOptions;
  /** What kubelets write and the API server shows. */
  readonly logs: ContainerLogs;
  /** From where metrics.k8s.io has what pods use. */
  measureBy(podUsage: () => readonly PodUsage[]): void;
  /** Makes an address of the lab reachable from 127.0.0.1 of the host. */
  open(door: Door, to: { readonly host: string; readonly port: number }): Promise<void>;
  /** Answers these orders from now on. */
  answer(orders: AnswerOf): void;
  /** One line for people. */
  notice(text: string): void;
}
