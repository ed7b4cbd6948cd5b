import type { Machine } from "../machine/machine.ts";

/** Nodes whose kubelet cannot reach the API now: it reports and hears nothing, its containers run on. */
export interface NodeOutages {
  /** Undone by the returned function. */
  begin(node: string): () => void;
  isOut(node: string): boolean;
  /** Calls back when a node can be reached again. */
  onEnd(listener: (node: string) => void): void;
}

export function openNodeOutages(): NodeOutages {
  const out = new Set<string>();
  const listeners: ((node: string) => void)[] = [];
  return {
    begin: (node) => {
      out.add(node);
      return () => {
        if (!out.delete(node)) return;
        for (const listener of listeners) listener(node);
      };
    },
    isOut: (node) => out.has(node),
    onEnd: (listener) => void listeners.push(listener),
  };
}

/** Takes a node off the network: its kubelet falls silent, and all packets of its pods are lost. Undone by the returned function. */
export async function loseNode(machine: Machine, node: string): Promise<() => Promise<void>> {
  const pods = machine.store
    .list("pods")
    .filter(({ object }) => (object["spec"] as { nodeName?: string } | undefined)?.nodeName === node);
  const reach = machine.nodeOutages?.begin(node);
  const restore = await machine.network.isolate(pods.map(({ key }) => key));
  return async () => {
    await restore();
    reach?.();
  };
}
