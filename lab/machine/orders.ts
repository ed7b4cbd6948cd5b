import type { KubeObject } from "../api-server/stored-object.ts";
import type { TriedRequest } from "../load/tried-request.ts";

/** What can be asked of a running lab from outside its namespaces: question and answer, both plain data. */
interface Orders {
  /** Applies the objects in order; answers their number. */
  apply: { ask: { readonly objects: readonly KubeObject[] }; answer: number };
  /** Waits until the cluster has settled; answers what has not, "Deployment shop/cart". */
  settle: { ask: { readonly timeoutMs: number }; answer: readonly string[] };
  /** Sends the fault's traffic, with its steps where asked for, and answers when the last request has ended. */
  traffic: { ask: TrafficAsk; answer: Sent };
  /** Does what mends the fault. */
  mend: { ask: null; answer: null };
  /** Runs one step of the scenario by its name. */
  step: { ask: { readonly name: string }; answer: null };
  /** Requests of the lab's clients that have ended so far. */
  tally: { ask: null; answer: readonly TriedRequest[] };
  /** A container's log, or that of its life before. */
  log: {
    ask: {
      readonly namespace: string;
      readonly pod: string;
      readonly container: string;
      readonly previous?: boolean;
    };
    answer: string;
  };
}

export interface TrafficAsk {
  /** Absent: until the lab ends, and the answer comes at once. */
  readonly seconds?: number;
  readonly withSteps: boolean;
  readonly seed: number;
}

export interface Sent {
  /** When traffic began, milliseconds since the epoch. */
  readonly atMs: number;
  readonly tried: readonly TriedRequest[];
}

export type OrderName = keyof Orders;
export type Ask<N extends OrderName> = Orders[N]["ask"];
export type Answer<N extends OrderName> = Orders[N]["answer"];
export type AnswerOf = {
  readonly [N in OrderName]?: (ask: Ask<N>) => Answer<N> | Promise<Answer<N>>;
};

/** What people reach from the machine at 127.0.0.1. */
export type Door = "api" | "gateway" | "metrics";

/** From the launcher into the namespaces. */
export type MessageIn =
  | { readonly type: "start"; readonly options: InnerOptions }
  | { readonly type: "ask"; readonly id: number; readonly order: OrderName; readonly ask: Ask<OrderName> }
  | { readonly type: "stop" };

/** From inside to the launcher. */
export type MessageOut =
  | { readonly type: "answer"; readonly id: number; readonly answer: Answer<OrderName> }
  | { readonly type: "refusal"; readonly id: number; readonly message: string }
  /** The socket file of a door is there. */
  | { readonly type: "open"; readonly door: Door; readonly path: string }
  | { readonly type: "ready" }
  /** For people: what the lab is doing. */
  | { readonly type: "notice"; readonly text: string };

export interface InnerOptions {
  readonly folder: string;
  readonly gateway?: "nginx" | "haproxy";
  /** Objects that are there before anything runs. */
  readonly objects: readonly KubeObject[];
  readonly seed: number;
  /** Id of the fault whose steps and traffic can be ordered; it is planned by `seed`. */
  readonly fault?: string;
}
