import type { Store } from "../api-server/store.ts";
import type { KubeObject } from "../api-server/stored-object.ts";
import type { Writes } from "../api-server/writes.ts";
import type { ProgramOf } from "../images/program.ts";
import type { NodeOutages } from "../kubelet/node-outages.ts";
import type { ClusterDns } from "../network/dns/cluster-dns.ts";
import type { PodNetwork } from "../network/pod-network.ts";

/** What every part of the running lab works with. */
export interface Machine {
  /** Scratch space of this lab, gone with it: container logs, configurations, sockets. */
  readonly folder: string;
  readonly store: Store;
  readonly writes: Writes;
  readonly network: PodNetwork;
  /** Only machines of tests have none. */
  readonly dns?: ClusterDns;
  readonly programOf: ProgramOf;
  /** Nodes that are cut off now; only machines of tests have none. */
  readonly nodeOutages?: NodeOutages;
  /** Real time, milliseconds since the epoch. */
  nowMs(): number;
  /** Records an Event as `component` would; a repeat is counted on the first. */
  event(component: string, about: KubeObject & { readonly kind: string }, event: EventText): void;
}

export interface EventText {
  readonly type: "Normal" | "Warning";
  readonly reason: string;
  readonly message: string;
  /** spec.containers{NAME} of events about one container. */
  readonly container?: string;
}

/** Ends what was started; resolves when nothing of it runs any more. */
export type Stop = () => Promise<void>;
