import type { Pod } from "kubernetes-types/core/v1";
import { millicores, quantity } from "../quantity.ts";

export type Amounts = ReadonlyMap<string, number>;

/** CPU counts in thousandths, all else as it is. */
export const amountsOf = (resources: Readonly<Record<string, string>> | undefined): Map<string, number> =>
  new Map(
    Object.entries(resources ?? {}).map(([name, text]) => [
      name,
      name === "cpu" ? millicores(text) : quantity(text),
    ]),
  );

export function addTo(sum: Map<string, number>, more: Amounts): void {
  for (const [name, amount] of more) sum.set(name, (sum.get(name) ?? 0) + amount);
}

/** What a pod asks for: its containers together, or its largest init container (kubernetes component-helpers resource/helpers.go PodRequests). */
export function podRequests({ spec }: Pod): Map<string, number> {
  const sum = new Map<string, number>();
  for (const { resources } of spec?.containers ?? []) addTo(sum, amountsOf(resources?.requests));
  for (const container of spec?.initContainers ?? []) {
    const requests = amountsOf(container.resources?.requests);
    if ((container as { restartPolicy?: string }).restartPolicy === "Always") addTo(sum, requests);
    else for (const [name, amount] of requests) sum.set(name, Math.max(sum.get(name) ?? 0, amount));
  }
  addTo(sum, amountsOf(spec?.overhead));
  return sum;
}
