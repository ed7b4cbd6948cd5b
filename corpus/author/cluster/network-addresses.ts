/** Hands out pod and cluster IPs in a fixed order, from the ranges that many installers use. */
export class Addresses {
  readonly #nextPod = new Map<string, number>();
  #nextService = 20;

  readonly nodes: readonly string[];

  constructor(nodes: readonly string[]) {
    this.nodes = nodes;
  }

  pod(node: string): string {
    const index = this.nodes.indexOf(node);
    const third = index < 0 ? 9 : index + 1;
    const next = (this.#nextPod.get(node) ?? 4) + 1;
    this.#nextPod.set(node, next);
    return `10.42.${third}.${next}`;
  }

  service(): string {
    this.#nextService += 7;
    return `10.43.${Math.floor(this.#nextService / 250)}.${this.#nextService % 250}`;
  }

  nodeIp(node: string): string {
    const index = this.nodes.indexOf(node);
    return `192.168.10.${index < 0 ? 99 : index + 11}`;
  }
}
