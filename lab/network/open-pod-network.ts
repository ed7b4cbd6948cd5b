import { rm } from "node:fs/promises";
import { join } from "node:path";
import { contains, isIpv4 } from "./addresses.ts";
import { openPodNamespace, type PodNamespace } from "./pod-namespace.ts";
import type { Filter, PodNetwork } from "./pod-network.ts";
import { bridge, setUpRoot } from "./root-namespace.ts";
import { openRuleSet, type RuleSet } from "./rule-set.ts";
import { isolated, lostFrom, onlyFrom, onlyTo } from "./rules.ts";
import { ip } from "./run.ts";
import { spawnIn } from "./spawn-in.ts";
import { openWires } from "./wire/wires.ts";

interface Attached {
  readonly address: string;
  readonly space: PodNamespace;
  readonly rules: RuleSet;
}

interface Cut {
  readonly from: string;
  readonly to: string;
}

const everyone: Filter = { ingress: "all", egress: "all" };

/**
 * @param folder for the files that pods see as their own
 * @param nodes addresses of the nodes, all in the root namespace
 */
export async function openPodNetwork(folder: string, nodes: readonly string[]): Promise<PodNetwork> {
  await setUpRoot(nodes);
  const network = new BridgedNetwork(folder, nodes);
  return network;
}

class BridgedNetwork implements PodNetwork {
  readonly #folder: string;
  readonly #node: string;
  readonly #rootAddresses: Set<string>;
  readonly #rootRules = openRuleSet(undefined);
  readonly #pods = new Map<string, Attached>();
  readonly #podAt = new Map<string, string>();
  readonly #cuts = new Set<Cut>();
  /** How often each pod is isolated. */
  readonly #isolated = new Map<string, number>();
  readonly #wires = openWires((pod) => {
    const attached = this.#pods.get(pod);
    return attached && { address: attached.address, pid: attached.space.pid };
  });
  readonly #filters = new Map<string, Filter>();
  readonly #listeners = new Set<() => void>();
  #devices = 0;

  constructor(folder: string, nodes: readonly string[]) {
    this.#folder = folder;
    this.#node = nodes[0]!;
    this.#rootAddresses = new Set(nodes);
  }

  async attach(pod: string, address: string): Promise<void> {
    const owner = this.#podAt.get(address);
    if (this.#pods.has(pod) || owner !== undefined)
      throw new Error(`${address} is on ${owner ?? pod} already, which must be detached first`);
    if (this.#rootAddresses.has(address)) throw new Error(`${address} is on a node, and no pod's`);
    this.#podAt.set(address, pod);
    try {
      this.#pods.set(pod, await this.#plugIn(pod, address));
    } catch (error) {
      this.#podAt.delete(address);
      throw error;
    }
    // What lost packets of the others know this pod by is its address.
    const touched = [...this.#cuts].filter((cut) => cut.from === pod).map((cut) => cut.to);
    await Promise.all([...[pod, ...touched].map((name) => this.#applyRules(name)), this.#wires.plugIn(pod)]);
    this.#tell();
  }

  async #plugIn(pod: string, address: string): Promise<Attached> {
    this.#devices += 1;
    const [namespace = "", name = ""] = pod.split("/");
    const facts = { namespace, name, address, node: this.#node };
    const device = `veth${this.#devices}`;
    const space = await openPodNamespace(facts, device, join(this.#folder, device));
    await ip([`link set ${device} master ${bridge} up`]);
    return { address, space, rules: openRuleSet(space.pid) };
  }

  async detach(pod: string): Promise<void> {
    const attached = this.#pods.get(pod);
    if (attached === undefined) return;
    this.#pods.delete(pod);
    this.#podAt.delete(attached.address);
    this.#filters.delete(pod);
    await this.#wires.unplug(pod);
    await ip([`link del ${attached.space.device}`]);
    await attached.space.release();
    await this.#forget(attached.address);
    await rm(join(this.#folder, attached.space.device), { recursive: true, force: true });
    this.#tell();
  }

  /** Where the others still know its hardware address, it would stay silent for up to a minute. */
  async #forget(address: string): Promise<void> {
    const flush = [`neigh flush to ${address}`];
    const others = [...this.#pods].map(([pod, attached]) =>
      this.#whileThere(pod, attached, () => ip(flush, attached.space.pid)),
    );
    await Promise.all([ip(flush), ...others]);
  }

  spawn: PodNetwork["spawn"] = (pod, file, args, options) =>
    spawnIn(this.#attached(pod).space.pid, file, args, options);

  async cut(from: string, to: string): Promise<() => Promise<void>> {
    const cut = { from, to };
    this.#cuts.add(cut);
    await this.#applyRules(to);
    return async () => {
      if (this.#cuts.delete(cut)) await this.#applyRules(to);
    };
  }

  disturb: PodNetwork["disturb"] = (from, to, disturbance) => this.#wires.put(from, to, disturbance);

  async isolate(pods: readonly string[]): Promise<() => Promise<void>> {
    const count = (change: number): Promise<unknown> => {
      for (const pod of pods) this.#isolated.set(pod, (this.#isolated.get(pod) ?? 0) + change);
      return Promise.all(pods.map((pod) => this.#applyRules(pod)));
    };
    await count(1);
    let isUndone = false;
    return async () => {
      if (isUndone) return;
      isUndone = true;
      await count(-1);
    };
  }

  async admit(pod: string, filter: Filter): Promise<void> {
    this.#filters.set(pod, filter);
    await this.#applyRules(pod);
  }

  podAt = (address: string): string | undefined => this.#podAt.get(address);
  addressOf = (pod: string): string | undefined => this.#pods.get(pod)?.address;

  pods = (): readonly string[] => [...this.#pods.keys()];

  loses(from: string, to: string): boolean {
    return [...this.#cuts].some((cut) => {
      const target = this.addressOf(cut.to) ?? cut.to;
      const range = this.#rangeOf(cut.from);
      return target === to && range !== undefined && contains(range, from);
    });
  }

  async addRootAddress(address: string): Promise<void> {
    if (this.#rootAddresses.has(address)) return;
    this.#rootAddresses.add(address);
    await ip([`addr add ${address}/32 dev ${bridge}`]);
  }

  async removeRootAddress(address: string): Promise<void> {
    if (this.#rootAddresses.delete(address)) await ip([`addr del ${address}/32 dev ${bridge}`]);
  }

  onPods(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async close(): Promise<void> {
    this.#listeners.clear();
    await this.#wires.close();
    const spaces = [...this.#pods.values()].map(({ space }) => space);
    this.#pods.clear();
    this.#podAt.clear();
    await ip([...spaces.map(({ device }) => `link del ${device}`), `link del ${bridge}`]);
    await Promise.all(spaces.map((space) => space.release()));
  }

  #attached(pod: string): Attached {
    const attached = this.#pods.get(pod);
    if (attached === undefined) throw new Error(`pod ${pod} is not on the network`);
    return attached;
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }

  /** A pod may be detached at any moment: then nothing is left to be done for it. */
  async #whileThere(pod: string, attached: Attached, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (this.#pods.get(pod) === attached) throw error;
    }
  }

  /** Of a pod that is attached, or of the root namespace when the party is an address. */
  async #applyRules(party: string): Promise<void> {
    if (isIpv4(party)) return await this.#rootRules.become(this.#cutsTo(this.#rootAddresses, bridge));
    const attached = this.#pods.get(party);
    if (attached === undefined) return;
    const { ingress, egress } = this.#filters.get(party) ?? everyone;
    const rules = [
      ...((this.#isolated.get(party) ?? 0) > 0 ? isolated(attached.address) : []),
      ...this.#cutsTo(new Set([party]), "eth0"),
      ...(ingress === "all" ? [] : onlyFrom(ingress)),
      ...(egress === "all" ? [] : onlyTo(attached.address, egress)),
    ];
    await this.#whileThere(party, attached, () => attached.rules.become(rules));
  }

  /** Undefined: a pod that is not attached. */
  #rangeOf(party: string): string | undefined {
    return party.includes("/") && !isRange(party) ? this.addressOf(party) : party;
  }

  #cutsTo(parties: ReadonlySet<string>, device: string): string[] {
    return [...this.#cuts].flatMap(({ from, to }) => {
      if (!parties.has(to)) return [];
      const range = this.#rangeOf(from);
      if (range === undefined) return [];
      return lostFrom(range, device, device === "eth0" ? undefined : to);
    });
  }
}

/** "10.0.0.0/24", unlike "shop/cart-1". */
const isRange = (party: string): boolean => isIpv4(party.split("/")[0] ?? "");
