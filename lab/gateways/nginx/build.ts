import type { HTTPIngressPath, Ingress, IngressServiceBackend } from "kubernetes-types/networking/v1";
import type { Mirror } from "../feed/mirror.ts";
import { portText } from "../routes/backend-port.ts";
import { endpointsOf } from "../routes/endpoints.ts";
import { ingressesOfClass } from "../routes/ingress-class.ts";
import { type LocationSettings, locationSettings } from "./annotations.ts";
import { backendName, backendOf, defaultBackend, missing } from "./backends.ts";
import { addCanaries } from "./canaries.ts";
import {
  type Backend,
  catchAll,
  type Configuration,
  defaultBackendName,
  type Location,
  type ServerBlock,
  type Warning,
} from "./configuration.ts";
import { inNginxOrder, withExactTwins } from "./location-order.ts";
import { globalSettings } from "./settings.ts";

/** Flags of the controller's container. */
export interface Flags {
  readonly controllerClass: string;
  readonly ingressClass: string;
  /** "namespace/name" */
  readonly configMap: string;
  readonly defaultBackendService?: string;
}

/** Makes the gateway's configuration of what is in the cluster (controller.go `getBackendServers`). */
export function buildConfiguration(mirror: Mirror, flags: Flags): Configuration {
  const ingresses = ingressesOfClass(mirror, {
    controller: flags.controllerClass,
    name: flags.ingressClass,
  });
  const configMap = mirror.get("configmaps", flags.configMap);
  const { allowSnippets, logDefaultBackend } = globalSettings(configMap);
  const settingsOf = (ingress?: Ingress): LocationSettings =>
    locationSettings(ingress, configMap?.data ?? {}, allowSnippets);
  const fallback = defaultBackend(mirror, flags.defaultBackendService);
  const building: Building = {
    mirror,
    backends: new Map([[defaultBackendName, fallback.backend]]),
    warnings: [...fallback.warnings],
    servers: new Map(),
  };
  serverOf(building, catchAll, "", {
    ...rootOf(settingsOf(), defaultBackendName),
    isLogged: logDefaultBackend,
  });
  for (const ingress of ingresses) addBackends(building, ingress, settingsOf(ingress));
  for (const ingress of ingresses) {
    const settings = settingsOf(ingress);
    if (settings.canary === undefined) addServers(building, ingress, settings);
  }
  const { backends, warnings } = addCanaries(
    building.backends,
    building.servers,
    ingresses,
    (i) => settingsOf(i).canary !== undefined,
  );
  building.warnings.push(...warnings);
  const servers = [...building.servers.values()].map((server) => finished(building, backends, server));
  return {
    servers: servers.sort((a, b) => (a.host < b.host ? -1 : 1)),
    backends: [...backends.values()].sort((a, b) => (a.name < b.name ? -1 : 1)),
    warnings: building.warnings,
  };
}

interface Building {
  readonly mirror: Mirror;
  readonly backends: Map<string, Backend>;
  readonly servers: Map<string, OpenServer>;
  readonly warnings: Warning[];
}

interface OpenServer {
  readonly host: string;
  readonly locations: Location[];
  readonly serverSnippet: string;
}

const pathsOf = (ingress: Ingress): { readonly host: string; readonly path: HTTPIngressPath }[] =>
  (ingress.spec?.rules ?? []).flatMap((rule) =>
    (rule.http?.paths ?? []).map((path) => ({ host: rule.host ?? catchAll, path })),
  );

function addBackends(building: Building, ingress: Ingress, settings: LocationSettings): void {
  const namespace = ingress.metadata?.namespace ?? "default";
  const named = [
    ingress.spec?.defaultBackend?.service,
    ...pathsOf(ingress).map(({ path }) => path.backend.service),
  ];
  for (const service of named) {
    if (service === undefined || building.backends.has(backendName(namespace, service))) continue;
    const { backend, warnings } = backendOf(building.mirror, namespace, service, settings);
    building.backends.set(backend.name, backend);
    building.warnings.push(...warnings);
  }
}

function addServers(building: Building, ingress: Ingress, settings: LocationSettings): void {
  const namespace = ingress.metadata?.namespace ?? "default";
  const own = ingress.spec?.defaultBackend?.service;
  const fallback = own === undefined ? defaultBackendName : backendName(namespace, own);
  if (own !== undefined && (ingress.spec?.rules ?? []).length === 0) {
    const server = building.servers.get(catchAll)!;
    if (server.locations[0]?.isDefault === true)
      server.locations[0] = locationOf(building, ingress, settings, "/", "Prefix", own);
    return;
  }
  for (const rule of ingress.spec?.rules ?? [])
    serverOf(building, rule.host ?? catchAll, settings.serverSnippet, {
      ...rootOf(settings, fallback),
      source: sourceOf(ingress, undefined, "/"),
    });
  for (const { host, path } of pathsOf(ingress)) {
    const service = path.backend.service;
    if (service === undefined) continue;
    const { locations } = building.servers.get(host)!;
    const at = path.path === undefined || path.path === "" ? "/" : path.path;
    const same = locations.findIndex((l) => l.path === at && l.pathType === path.pathType);
    const root = at === "/" ? locations.findIndex((l) => l.isDefault) : -1;
    const location = locationOf(building, ingress, settings, at, path.pathType, service);
    if (root !== -1) locations[root] = location;
    else if (same === -1) locations.push(location);
  }
}

function serverOf(building: Building, host: string, serverSnippet: string, root: Location): void {
  if (!building.servers.has(host)) building.servers.set(host, { host, serverSnippet, locations: [root] });
}

const rootOf = (settings: LocationSettings, backend: string): Location => ({
  path: "/",
  pathType: "Prefix",
  backend,
  isDefault: true,
  errorBackend: defaultBackendName,
  settings,
  isLogged: true,
  source: { namespace: "", ingress: "", uid: "", service: "", port: "", path: "/" },
});

const sourceOf = (
  ingress: Ingress,
  service: IngressServiceBackend | undefined,
  path: string,
): Location["source"] => ({
  namespace: ingress.metadata?.namespace ?? "default",
  ingress: ingress.metadata?.name ?? "",
  uid: ingress.metadata?.uid ?? "",
  service: service?.name ?? "",
  port: service === undefined ? "" : portText(service),
  path,
});

function locationOf(
  building: Building,
  ingress: Ingress,
  settings: LocationSettings,
  path: string,
  pathType: string,
  service: IngressServiceBackend,
): Location {
  const source = sourceOf(ingress, service, path);
  const { authSecret } = settings;
  const lacks = authSecret !== undefined && building.mirror.get("secrets", authSecret) === undefined;
  return {
    path,
    pathType,
    backend: backendName(source.namespace, service),
    isDefault: false,
    errorBackend: defaultBackendName,
    settings,
    isLogged: true,
    source,
    ...(lacks ? { denied: `unexpected error reading secret ${authSecret}: ${missing(authSecret)}` } : {}),
  };
}

/** Locations as nginx wants them, with the Services of default-backend annotations in their place. */
function finished(building: Building, backends: Map<string, Backend>, server: OpenServer): ServerBlock {
  const locations = server.locations.map((location) => withOwnDefault(building, backends, location));
  return { ...server, locations: inNginxOrder(withExactTwins(locations)) };
}

/** A default-backend Service with endpoints takes over where the location's own backend has none. */
function withOwnDefault(building: Building, backends: Map<string, Backend>, location: Location): Location {
  const { defaultBackend: name } = location.settings;
  const { namespace } = location.source;
  if (name === undefined || location.isDefault) return location;
  const service = building.mirror.get("services", `${namespace}/${name}`);
  const port = service?.spec?.ports?.[0];
  if (service === undefined || port === undefined) return location;
  const endpoints = endpointsOf(building.mirror, service, port);
  if (endpoints.length === 0) return location;
  const errorBackend = `custom-default-backend-${namespace}-${name}`;
  backends.set(errorBackend, { name: errorBackend, endpoints });
  const own = backends.get(location.backend);
  const isEmpty = own === undefined || (own.endpoints.length === 0 && own.external === undefined);
  return { ...location, errorBackend, ...(isEmpty ? { backend: errorBackend } : {}) };
}
