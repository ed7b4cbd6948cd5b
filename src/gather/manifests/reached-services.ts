import { type JsonMap, listOf, mapOf, mapsOf, textOf } from "../bundle/json-value.ts";

type References = (spec: JsonMap) => readonly (string | undefined)[];

/** "name", or "namespace/name" where the reference says one; of what is no Service nothing. */
function named({ kind, name, namespace }: JsonMap): string | undefined {
  if (kind !== undefined && kind !== "Service") return undefined;
  const ns = textOf(namespace);
  return ns === undefined ? textOf(name) : `${ns}/${textOf(name)}`;
}

/** "reviews", "reviews.shop", "reviews.shop.svc.cluster.local", each with a port or without: the names of DNS in a cluster. */
function ofHost(host: unknown): string | undefined {
  const [name, namespace] = (textOf(host) ?? "").replace(/:\d+$/, "").split(".");
  if (name === undefined || name === "" || name === "*") return undefined;
  return namespace === undefined ? name : `${namespace}/${name}`;
}

const routesServices: References = (spec) =>
  mapsOf(spec["routes"]).flatMap((r) => mapsOf(r["services"]).map(named));
const rulesBackends: References = (spec) =>
  mapsOf(spec["rules"]).flatMap((r) => mapsOf(r["backendRefs"]).map(named));

/** Kinds that lead requests from outside to Services as an Ingress does, and where they name those. */
const routeKinds: Readonly<Record<string, References>> = {
  HTTPRoute: rulesBackends,
  GRPCRoute: rulesBackends,
  IngressRoute: routesServices,
  HTTPProxy: routesServices,
  VirtualService: (spec) =>
    mapsOf(spec["http"]).flatMap((h) =>
      mapsOf(h["route"]).map((route) => ofHost(mapOf(route["destination"])["host"])),
    ),
  VirtualServer: (spec) => mapsOf(spec["upstreams"]).map((upstream) => textOf(upstream["service"])),
  Route: (spec) => [spec["to"], ...listOf(spec["alternateBackends"])].map((to) => named(mapOf(to))),
  ApisixRoute: (spec) =>
    mapsOf(spec["http"]).flatMap((h) => mapsOf(h["backends"]).map((b) => textOf(b["serviceName"]))),
  Mapping: (spec) => [ofHost(spec["service"])],
};

export const isRouteKind = (kind: string): boolean => Object.hasOwn(routeKinds, kind);

/** Services that a route of another kind than Ingress leads to, as "namespace/name". */
export function reachedServices(object: JsonMap): readonly string[] {
  const kind = textOf(object["kind"]) ?? "";
  if (!isRouteKind(kind)) return [];
  const own = textOf(mapOf(object["metadata"])["namespace"]) ?? "default";
  const names = routeKinds[kind]?.(mapOf(object["spec"])) ?? [];
  return names
    .filter((name) => name !== undefined)
    .map((name) => (name.includes("/") ? name : `${own}/${name}`));
}
