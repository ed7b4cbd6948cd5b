import type { Service } from "kubernetes-types/core/v1";
import type { IngressServiceBackend } from "kubernetes-types/networking/v1";
import type { Mirror } from "../feed/mirror.ts";
import { portText, servicePortOf } from "../routes/backend-port.ts";
import { type Endpoint, endpointsOf } from "../routes/endpoints.ts";
import type { LocationSettings } from "./annotations.ts";
import { type Backend, defaultBackendName, type Warning } from "./configuration.ts";

/** "shop-cart-80" (controller.go `upstreamName`). */
export const backendName = (namespace: string, service: IngressServiceBackend): string =>
  `${namespace}-${service.name}-${portText(service)}`;

/** Lines and words of kubernetes/ingress-nginx internal/ingress/controller/controller.go at v1.15.1. */
const warn = (line: number, text: string, severity: Warning["severity"] = "W"): Warning => ({
  severity,
  place: `controller.go:${line}`,
  text,
});

export const missing = (key: string): string => `no object matching key "${key}" in local store`;

/** The backend of one Service port, and what the controller says about it (controller.go `createUpstreams`). */
export function backendOf(
  mirror: Mirror,
  namespace: string,
  named: IngressServiceBackend,
  settings: LocationSettings,
): Built {
  const key = `${namespace}/${named.name}`;
  const base = {
    name: backendName(namespace, named),
    ...(settings.canary === undefined ? {} : { canary: settings.canary }),
    ...(settings.affinityCookie === undefined ? {} : { affinityCookie: settings.affinityCookie }),
  };
  const service = mirror.get("services", key);
  if (service === undefined) {
    const text = `Error obtaining Endpoints for Service "${key}": ${missing(key)}`;
    return { backend: { ...base, endpoints: [] }, warnings: [warn(1135, text)] };
  }
  if (settings.serviceUpstream) {
    const cluster = clusterEndpoint(service, portText(named));
    if (typeof cluster !== "string") return { backend: { ...base, endpoints: [cluster] }, warnings: [] };
    const text = `Failed to determine a suitable ClusterIP Endpoint for Service "${key}": ${cluster}`;
    const rest = ownEndpoints(mirror, service, named, key);
    return {
      ...rest,
      backend: { ...base, ...rest.backend },
      warnings: [warn(1119, text, "E"), ...rest.warnings],
    };
  }
  const found = ownEndpoints(mirror, service, named, key);
  return { backend: { ...base, ...found.backend }, warnings: found.warnings };
}

interface Found {
  readonly backend: Pick<Backend, "endpoints" | "external">;
  readonly warnings: readonly Warning[];
}

function ownEndpoints(mirror: Mirror, service: Service, named: IngressServiceBackend, key: string): Found {
  const text = portText(named);
  const port = servicePortOf(service, text);
  if (service.spec?.type === "ExternalName") {
    const target = Number(port?.targetPort ?? port?.port ?? text);
    const host = service.spec.externalName ?? "";
    if (host !== "localhost" && /^[a-z0-9]([a-z0-9.-]{0,251})\.?$/.test(host))
      return { backend: { endpoints: [], external: { host, port: target } }, warnings: [] };
    return { backend: { endpoints: [] }, warnings: [warn(1225, inactive(key))] };
  }
  // A port that the Service does not have is passed over in silence (`serviceEndpoints`).
  const endpoints = port === undefined ? [] : endpointsOf(mirror, service, port);
  const silent = port === undefined || endpoints.length > 0;
  return { backend: { endpoints }, warnings: silent ? [] : [warn(1241, inactive(key))] };
}

const inactive = (key: string): string => `Service "${key}" does not have any active Endpoint.`;

/** The Service's own address, or why it has none (controller.go `getServiceClusterEndpoint`). */
function clusterEndpoint(service: Service, port: string): Endpoint | string {
  const { clusterIP } = service.spec ?? {};
  const { namespace, name } = service.metadata ?? {};
  if (clusterIP === undefined || clusterIP === "" || clusterIP === "None")
    return `no ClusterIP found for Service "${namespace}/${name}"`;
  if (/^\d+$/.test(port)) return { address: clusterIP, port: Number(port) };
  const number = service.spec?.ports?.find((p) => p.name === port)?.port;
  if (number === undefined) return `service "${name}" does not have a port named "${port}"`;
  return { address: clusterIP, port: number };
}

/** The gateway's own server that says 404. */
const ownDefault: Endpoint = { address: "127.0.0.1", port: 8181 };

type Built = { readonly backend: Backend; readonly warnings: readonly Warning[] };

const fallback = (endpoints: readonly Endpoint[], warnings: readonly Warning[] = []): Built => ({
  backend: { name: defaultBackendName, endpoints },
  warnings,
});

/** @param key of --default-backend-service, "namespace/name" */
export function defaultBackend(mirror: Mirror, key: string | undefined): Built {
  if (key === undefined) return fallback([ownDefault]);
  const service = mirror.get("services", key);
  const port = service?.spec?.ports?.[0];
  if (service === undefined || port === undefined)
    return fallback([ownDefault], [warn(613, `Error getting default backend "${key}": ${missing(key)}`)]);
  const endpoints = endpointsOf(mirror, service, port);
  if (endpoints.length > 0) return fallback(endpoints);
  return fallback([ownDefault], [warn(625, `Service "${key}" does not have any active Endpoint`)]);
}
