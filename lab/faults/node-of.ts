import type { Pod } from "kubernetes-types/core/v1";
import type { Machine } from "../machine/machine.ts";
import type { Shop } from "./shop.ts";

const nodesOf = ({ store }: Machine, namespace: string, app?: string): Set<string | undefined> =>
  new Set(
    store
      .list("pods", namespace)
      .map(({ object }) => object as Pod)
      .filter(({ metadata }) => app === undefined || metadata?.labels?.["app"] === app)
      .map(({ spec }) => spec?.nodeName),
  );

/** A node with pods of the application, and none of the gateway. */
export function nodeOf(machine: Machine, { namespace, app }: Shop, gatewayNamespace: string): string {
  const spared = nodesOf(machine, gatewayNamespace);
  const found = [...nodesOf(machine, namespace, app)].find((node) => node !== undefined && !spared.has(node));
  if (found === undefined) throw new Error("every node of the application has a gateway too");
  return found;
}
