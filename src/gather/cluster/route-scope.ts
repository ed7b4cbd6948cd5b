import type { Pod } from "kubernetes-types/core/v1";
import { hasLabels, serviceSelector } from "../../derive/selectors.ts";
import { items, texts } from "../../derive/shape.ts";
import type { Route } from "../../derive/views.ts";
import { nameOf } from "../../evidence/evidence.ts";
import type { Collection } from "./collection.ts";

/** The Services that a target's routes lead to, by namespace. */
export type RouteScope = ReadonlyMap<string, readonly string[]>;

const maxNamespaces = 4;
const maxServices = 20;

/** What to read for these routes, and a loss for each that is beyond the limits. */
export function routeScope(collection: Collection, routes: readonly Route[]): RouteScope {
  const scope = new Map<string, string[]>();
  let count = 0;
  for (const { kind, namespace = "default", name } of routes.map((route) => route.backend.service)) {
    if (kind !== "Service" || scope.get(namespace)?.includes(name) === true) continue;
    if (count >= maxServices || (!scope.has(namespace) && scope.size >= maxNamespaces)) {
      collection.lose(
        `Service ${namespace}/${name}`,
        `the target leads to more than ${maxServices} Services or ${maxNamespaces} namespaces; name a host and path`,
      );
      continue;
    }
    count += 1;
    scope.set(namespace, [...(scope.get(namespace) ?? []), name]);
  }
  return scope;
}

/** Pods that these Services select, and those that slices of Services without a selector name. */
export function podsOfServices(
  collection: Collection,
  namespace: string,
  services: readonly string[],
): readonly Pod[] {
  const selectors = services
    .map((name) => collection.find("services", namespace, name))
    .map((service) => (service === undefined ? undefined : serviceSelector(service)))
    .filter((selector) => selector !== undefined);
  const named = new Set(
    collection
      .objects("endpointslices", namespace)
      .filter((slice) => services.includes(texts(slice.metadata?.labels)["kubernetes.io/service-name"] ?? ""))
      .flatMap((slice) => items(slice.endpoints).flatMap((endpoint) => endpoint.targetRef?.name ?? [])),
  );
  return collection
    .objects("pods", namespace)
    .filter(
      (pod) => named.has(nameOf(pod)) || selectors.some((s) => hasLabels(texts(pod.metadata?.labels), s)),
    );
}
