import type { TargetStatus } from "../../src/report/report.ts";
import type { KubeObject } from "../api-server/stored-object.ts";
import type { Gateway, GatewayOptions } from "../gateways/start-gateway.ts";
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
  /** What the verdict is to be; absent: "explained", and "healthy" for an innocent. */
  readonly status?: TargetStatus;
  /** Gateways it can be shown with. */
  readonly gateways: readonly GatewayName[];
  /** Names, counts, times and noise, all from the seed: the same wherever and how often it is made. */
  readonly plan: (random: Random, gateway: GatewayName) => Plan;
}

export type GatewayName = "nginx" | "haproxy";

export interface Plan {
  /** What a diagnosis is asked about: "shop.example.com/cart". */
  readonly target: string;
  /** How the gateway is installed; absent: as its makers ship it. */
  readonly gateway?: GatewayOptions;
  /** Applied before traffic begins; the lab waits until it is settled or `settleMs` (default 30 s) is over. */
  readonly objects: readonly KubeObject[];
  readonly settleMs?: number;
  /** How long the settled cluster is left alone before traffic: what starts slowly has started, whether anybody asks or not. */
  readonly restMs?: number;
  /** Wait for these Deployments ("namespace/name") to be available; absent: all. */
  readonly waitFor?: readonly string[];
  readonly traffic: readonly Traffic[];
  readonly seconds: number;
  /** What happens meanwhile, in order of time after traffic began. */
  readonly steps: readonly Step[];
  /** Whether this request failed for the fault's sake; asked for failed requests only. Steps count from `trafficAtMs`. */
  readonly isOwn: (request: TriedRequest, trafficAtMs: number) => boolean;
  /** Of several causes the one that made an own request fail; absent: any of them is right. */
  readonly causeOf?: (request: TriedRequest) => string;
  /** What mends it in the lab; the lab settles, then traffic is sent again, with the steps where `repeatSteps` says so. */
  readonly mend?: (machine: Machine, gateway: Gateway) => Promise<void> | void;
  /** The steps are ordinary life (a rollout) that must not hurt once the fault is mended. */
  readonly repeatSteps?: boolean;
}

export interface Step {
  readonly atMs: number;
  readonly text: string;
  readonly run: (machine: Machine, gateway: Gateway) => Promise<void> | void;
}
