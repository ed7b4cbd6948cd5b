import type { Ingress, IngressServiceBackend } from "kubernetes-types/networking/v1";
import type { Mirror } from "../feed/mirror.ts";
import { portText, servicePortOf } from "../routes/backend-port.ts";
import { type Endpoint, endpointsOf } from "../routes/endpoints.ts";
import { type ClassOfController, ingressesOfClass } from "../routes/ingress-class.ts";
import { type BackendSettings, backendSettings } from "./settings.ts";

/** What HAProxy does, made of the cluster's objects. */
export interface Configuration {
  readonly routes: readonly Route[];
  readonly backends: readonly Backend[];
  /** What the controller logs while it makes this. */
  readonly warnings: readonly string[];
  readonly defaultBackend?: string;
}

export interface Route {
  /** Absent: any. */
  readonly host?: string;
  readonly path: string;
  readonly pathType: string;
  readonly backend: string;
}

export interface Backend {
  /** "shop_cart_8080": namespace, Service, targetPort (pkg/haproxy/types/backends.go `buildID`). */
  readonly id: string;
  readonly endpoints: readonly Endpoint[];
  readonly settings: BackendSettings;
}

interface Building {
  readonly mirror: Mirror;
  readonly configMapKey: string;
  readonly backends: Map<string, Backend>;
  readonly warnings: string[];
}

/** An Ingress path whose Service or port is missing is left out, so that its requests get 404 (pkg/converters/ingress/ingress.go). */
export function buildConfiguration(
  mirror: Mirror,
  ownClass: ClassOfController,
  configMapKey: string,
): Configuration {
  const building: Building = { mirror, configMapKey, backends: new Map(), warnings: [] };
  const routes: Route[] = [];
  let defaultBackend: string | undefined;
  for (const ingress of ingressesOfClass(mirror, ownClass)) {
    const fallback = ingress.spec?.defaultBackend?.service;
    if (fallback !== undefined) defaultBackend ??= backendId(building, ingress, fallback);
    for (const rule of ingress.spec?.rules ?? [])
      for (const { path = "/", pathType, backend } of rule.http?.paths ?? []) {
        const id = backend.service === undefined ? undefined : backendId(building, ingress, backend.service);
        if (id === undefined) continue;
        const at = path === "" ? "/" : path;
        if (routes.some((r) => r.host === rule.host && r.path === at && r.pathType === pathType)) continue;
        routes.push({
          ...(rule.host === undefined ? {} : { host: rule.host }),
          path: at,
          pathType,
          backend: id,
        });
      }
  }
  return {
    routes: inOrder(routes),
    backends: [...building.backends.values()].sort((a, b) => (a.id < b.id ? -1 : 1)),
    warnings: building.warnings,
    ...(defaultBackend === undefined ? {} : { defaultBackend }),
  };
}

/** Makes the backend at its first use; undefined when it cannot be. */
function backendId(building: Building, ingress: Ingress, named: IngressServiceBackend): string | undefined {
  const { mirror, backends, warnings } = building;
  const { namespace = "default", name } = ingress.metadata ?? {};
  const key = `${namespace}/${named.name}`;
  const skipping = `skipping backend config of ingress '${namespace}/${name}'`;
  const service = mirror.get("services", key);
  if (service === undefined) {
    warnings.push(`${skipping}: service not found: '${key}'`);
    return undefined;
  }
  const port = servicePortOf(service, portText(named));
  if (port === undefined) {
    warnings.push(`${skipping}: port not found: '${portText(named)}'`);
    return undefined;
  }
  const id = `${namespace}_${named.name}_${port.targetPort ?? port.port}`;
  if (!backends.has(id)) {
    const settings = backendSettings(ingress, service, mirror.get("configmaps", building.configMapKey));
    backends.set(id, { id, endpoints: endpointsOf(mirror, service, port), settings });
  }
  return id;
}

/** Hosts before no host, exact before prefix, longer before shorter. */
const inOrder = (routes: readonly Route[]): Route[] =>
  routes.toSorted(
    (a, b) =>
      Number(a.host === undefined) - Number(b.host === undefined) ||
      Number(b.pathType === "Exact") - Number(a.pathType === "Exact") ||
      b.path.length - a.path.length,
  );
