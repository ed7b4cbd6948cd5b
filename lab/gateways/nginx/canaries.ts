import type { Ingress } from "kubernetes-types/networking/v1";
import { backendName } from "./backends.ts";
import { type Backend, catchAll, type Location, type Warning } from "./configuration.ts";

/**
 * Gives the backends of canary Ingresses to the backends of the same host and path as their alternatives
 * (controller.go `mergeAlternativeBackends`). A canary without a primary is dropped, with a warning.
 */
export function addCanaries(
  backends: ReadonlyMap<string, Backend>,
  servers: ReadonlyMap<string, { readonly locations: readonly Location[] }>,
  ingresses: readonly Ingress[],
  isCanary: (ingress: Ingress) => boolean,
): { readonly backends: Map<string, Backend>; readonly warnings: readonly Warning[] } {
  const merged = new Map(backends);
  const warnings: Warning[] = [];
  for (const ingress of ingresses.filter(isCanary))
    for (const rule of ingress.spec?.rules ?? [])
      for (const path of rule.http?.paths ?? []) {
        if (path.backend.service === undefined) continue;
        const name = backendName(ingress.metadata?.namespace ?? "default", path.backend.service);
        const primary = servers
          .get(rule.host ?? catchAll)
          ?.locations.find((l) => l.path === (path.path ?? "/") && !l.isDefault && l.backend !== name);
        const own = merged.get(primary?.backend ?? "");
        if (own !== undefined) merged.set(own.name, { ...own, alternative: name });
        else {
          merged.delete(name);
          warnings.push(withoutPrimary(name));
        }
      }
  return { backends: merged, warnings };
}

const withoutPrimary = (name: string): Warning => ({
  severity: "W",
  place: "controller.go:1647",
  text: `unable to find real backend for alternative backend ${name}. Deleting.`,
});
