import type { KubeObject } from "../api-server/stored-object.ts";
import type { Traffic, TriedRequest } from "../load/tried-request.ts";
import type { Machine } from "../machine/machine.ts";
import type { Random } from "./random.ts";

/** Something that can be made to go wrong in the lab, or to look so. Its truth is its own: nothing here comes from the catalogue of causes. */
export interface Fault {
  /** Of a fault: the id of the cause. Of an innocent: what it is. */
  readonly id: string;
  readonly title: string;
  /** What is true; empty for an innocent. */
  readonly causes: readonly string[];
  /** Other causes that may rightly be named: outer links of the chain. */
  readonly acceptable?: readonly string[];
  /** Gateways it can be shown with. */
  readonly gateways: readonly GatewayName[];
  /** Names, counts, times and noise, all from the seed. */
  readonly plan: (random: Random) => Plan;
}

export type GatewayName = "nginx" | "haproxy";

export interface Plan {
  /** What a diagnosis is asked about: "shop.example.com/cart". */
  readonly target: string;
  /** Applied before traffic begins; the lab waits until it is settled or `settleMs` is over. */
  readonly objects: readonly KubeObject[];
  readonly settleMs?: number;
  /** Wait for these Deployments ("namespace/name") to be available; absent: all. */
  readonly waitFor?: readonly string[];
  readonly traffic: readonly Traffic[];
  readonly seconds: number;
  /** What happens meanwhile, in order of time after traffic began. */
  readonly steps: readonly Step[];
  /** Whether this request failed for the fault's sake; asked for failed requests only. */
  readonly isOwn: (request: TriedRequest) => boolean;
  /** What mends it in the lab; traffic is sent again after it. */
  readonly mend?: (machine: Machine) => Promise<void> | void;
}

export interface Step {
  readonly atMs: number;
  readonly text: string;
  readonly run: (machine: Machine) => Promise<void> | void;
}
