import type { ChildProcess, SpawnOptions } from "node:child_process";

/**
 * The lab's network: every pod (gateways and clients too) has a network namespace of its own with its
 * address on `eth0` at a bridge, and a loopback device of its own. Names are "namespace/pod".
 */
export interface PodNetwork {
  /** Makes the namespace and gives it the address; the address answers "refused" where nothing listens. */
  attach(pod: string, address: string): Promise<void>;
  /** Takes the address away: connects to it hang, then fail as unreachable, as with a real pod that is gone. */
  detach(pod: string): Promise<void>;
  /** Starts a program inside the pod's namespace. */
  spawn(pod: string, file: string, args: readonly string[], options: SpawnOptions): ChildProcess;
  /** Packets of `from` to `to` are lost without a word (a NetworkPolicy, a security group); undone by the returned function. */
  cut(from: string, to: string): Promise<() => Promise<void>>;
  /** All packets of these pods are lost, both ways (their node is gone); undone by the returned function. */
  isolate(pods: readonly string[]): Promise<() => Promise<void>>;
  close(): Promise<void>;
}
