import type { AnswerOf, Door, InnerOptions } from "./orders.ts";
import type { Machine, Stop } from "./machine.ts";

/** One part of the lab, running on the machine until it is stopped: controllers, kubelets, gateways, load. */
export type Starter = (machine: Machine, inside: Inside) => Stop | Promise<Stop>;

/** What a part can do besides working on the machine. */
export interface Inside {
  readonly options: InnerOptions;
  /** Makes an address of the lab reachable from 127.0.0.1 of the host. */
  open(door: Door, to: { readonly host: string; readonly port: number }): Promise<void>;
  /** Answers these orders from now on. */
  answer(orders: AnswerOf): void;
  /** One line for people. */
  notice(text: string): void;
}
