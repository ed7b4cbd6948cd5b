import type { ChildProcess, SpawnOptions } from "node:child_process";
import type { Allowed } from "./rules.ts";
import type { Disturbance } from "./wire/open-wire.ts";

/**
 * The lab's network: every pod (gateways and clients too) has a network namespace of its own with its
 * address on `eth0` at a bridge, and a loopback device of its own. Names are "namespace/pod".
 */
export interface PodNetwork {
  /** Makes the namespace and gives it the address; the address answers "refused" where nothing listens. */
  attach(pod: string, address: string): Promise<void>;
  /** Takes the address away: connects to it hang, then fail as unreachable, as with a real pod that is gone. */
  detach(pod: string): Promise<void>;
  /**
   * Starts a program inside the pod's namespace; the child's pid is the program's. A program that does not exist
   * ends with 127. `options.shell`, `uid` and `gid` are not for it.
   * @throws Error when no such pod is attached
   */
  spawn(pod: string, file: string, args: readonly string[], options: SpawnOptions): ChildProcess;
  /**
   * Packets of `from` to `to` are lost without a word (a NetworkPolicy, a security group); undone by the
   * returned function. Both may be pods, also such as are attached later; `from` may be an address or a
   * range ("10.0.0.0/24") as well, `to` the address of a node or Service.
   */
  cut(from: string, to: string): Promise<() => Promise<void>>;
  /**
   * Puts a faulty wire between two pods, also such as are attached later; undone by the returned function.
   * Needs Python 3. @throws Error when there is one between them
   */
  disturb(from: string, to: string, disturbance: Disturbance): Promise<() => Promise<void>>;
  /** All packets of these pods are lost, both ways (their node is gone); undone by the returned function. */
  isolate(pods: readonly string[]): Promise<() => Promise<void>>;
  /**
   * From now on this pod hears and reaches only who is named; "all" lifts it. Own loopback, and answers to
   * what was asked, stay.
   */
  admit(pod: string, filter: Filter): Promise<void>;
  /** Whether packets between these addresses are lost by a cut; for what stands in between and forwards by itself. */
  loses(from: string, to: string): boolean;
  /** The pod that has this address now. */
  podAt(address: string): string | undefined;
  addressOf(pod: string): string | undefined;
  pods(): readonly string[];
  /** Puts an address on the root namespace (Service addresses, DNS), reachable from all pods. */
  addRootAddress(address: string): Promise<void>;
  removeRootAddress(address: string): Promise<void>;
  /** Tells of every pod attached or detached, until the returned function is called. */
  onPods(listener: () => void): () => void;
  /** Ends what holds the namespaces; programs in them must have ended before. */
  close(): Promise<void>;
}

export interface Filter {
  readonly ingress: readonly Allowed[] | "all";
  readonly egress: readonly Allowed[] | "all";
}
