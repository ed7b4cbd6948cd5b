import type { EndpointSlice } from "kubernetes-types/discovery/v1";
import type { ObjectStore } from "./store.ts";

export interface Way {
  /** ingress-nginx's $proxy_upstream_name. */
  readonly upstreamName: string;
  readonly host: string;
  /** Ready endpoints, as the gateway would use them. */
  readonly servers: string[];
}

/** How the gateway reaches a Service: by its slices and the first port, or the one named. */
export function wayTo(store: ObjectStore, namespace: string, service: string, port?: number | string): Way {
  const object = store.find("services", service, namespace);
  const chosen = port ?? object?.spec?.ports?.[0]?.port ?? 80;
  const name = object?.spec?.ports?.find((p) => p.port === chosen || p.name === chosen)?.name ?? "";
  const slices = store.objects.endpointslices.filter(
    (s) =>
      s.metadata?.namespace === namespace && s.metadata.labels?.["kubernetes.io/service-name"] === service,
  );
  return {
    upstreamName: `${namespace}-${service}-${chosen}`,
    host: hostOf(store, namespace, service),
    servers: slices.flatMap((slice) => readyAddresses(slice, name)),
  };
}

function readyAddresses(slice: EndpointSlice, portName: string): string[] {
  const port = slice.ports?.find((p) => (p.name ?? "") === portName)?.port;
  if (port === undefined) return [];
  const ready = (slice.endpoints ?? []).filter((e) => e.conditions?.ready !== false);
  return ready.flatMap((e) => e.addresses.map((a) => (a.includes(":") ? `[${a}]:${port}` : `${a}:${port}`)));
}

function hostOf(store: ObjectStore, namespace: string, service: string): string {
  const own = store.objects.ingresses.filter((i) => i.metadata?.namespace === namespace);
  const rules = own.flatMap((i) => i.spec?.rules ?? []);
  const rule = rules.find((r) => r.http?.paths.some((p) => p.backend.service?.name === service)) ?? rules[0];
  return rule?.host ?? "shop.example.com";
}
