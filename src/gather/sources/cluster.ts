import type { Pod } from "kubernetes-types/core/v1";
import { deriveGateway } from "../../derive/gateway.ts";
import { hasKnownPods } from "../../derive/gateway-pods.ts";
import { gatewayProcesses } from "../../derive/gateway-processes.ts";
import { resolveRoutes } from "../../derive/routes.ts";
import type { GatewayKind, Route } from "../../derive/views.ts";
import { type Evidence, namespaceOf } from "../../evidence/evidence.ts";
import type { Target } from "../../target/target.ts";
import { requireAccess } from "../cluster/access-problem.ts";
import { type Api, openApi } from "../cluster/api.ts";
import { readAppLogs } from "../cluster/app-logs.ts";
import { newCollection } from "../cluster/collection.ts";
import { connect } from "../cluster/connection.ts";
import { readDependencies } from "../cluster/dependencies.ts";
import { readDns } from "../cluster/dns.ts";
import { readEntry } from "../cluster/entry.ts";
import { readGatewaySurroundings } from "../cluster/gateway.ts";
import { readGatewayLogs } from "../cluster/gateway-logs.ts";
import {
  gatewaysAmong,
  readGatewayPods,
  readOtherGatewayPods,
  searchGatewayPods,
} from "../cluster/gateway-pods.ts";
import { readNamespace, readScope } from "../cluster/namespace-lists.ts";
import { isReady, narrowToServices } from "../cluster/narrow.ts";
import { listNodeEvents, readAllNodes, readNodes } from "../cluster/nodes.ts";
import type { ClusterOptions, Progress } from "../cluster/options.ts";
import type { LogLimits } from "../cluster/pod-logs.ts";
import { type Reader, readObject } from "../cluster/reader.ts";
import { podsOfServices, routeScope } from "../cluster/route-scope.ts";
import { readVolumes } from "../cluster/volumes.ts";

/**
 * Evidence about one target, or about every route in scope, from a live cluster. Only GET requests;
 * no Secret is ever asked for. What may not or cannot be read ends as failed coverage or a loss.
 *
 * Without a target the scope is `-n`, else the namespace that the context names, else all of them.
 * Throws ClusterProblem when nothing at all could be read.
 */
export async function gatherCluster(
  options: ClusterOptions,
  target: Target,
  progress: Progress,
): Promise<Evidence> {
  const connection = await connect(options);
  const api = openApi(connection, options);
  const reader: Reader = { api, collection: newCollection(), progress };
  try {
    await (target.kind === "all"
      ? gatherScope(reader, options, target.namespace)
      : gatherRoutes(reader, options, target));
    requireAccess(api);
    return reader.collection.evidence(serverNow(api), { kind: "cluster", name: connection.contextName });
  } finally {
    connection.agent.destroy();
  }
}

/** Of how many namespaces the volumes of waiting pods are looked at when every route is. */
const maxVolumeNamespaces = 8;

type OneTarget = Exclude<Target, { kind: "all" }>;

async function gatherRoutes(reader: Reader, options: ClusterOptions, target: OneTarget): Promise<void> {
  reader.progress(`reading Ingresses and gateways of ${reader.api.connection.contextName}`);
  const [labelled] = await Promise.all([readGatewayPods(reader), readEntry(reader, options, target)]);
  requireAccess(reader.api);
  if (routesNow(reader, target).length === 0) await readDefaultBackends(reader);
  const routes = routesNow(reader, target);
  const scope = routeScope(reader.collection, routes);
  if (scope.size === 0) {
    await readGateways(reader, options, labelled, routes);
    return;
  }
  const [keepNodeEvents] = await Promise.all([
    listNodeEvents(reader),
    readDns(reader),
    readGateways(reader, options, labelled, routes),
    ...[...scope].map(([namespace, services]) => readRoute(reader, options, namespace, services)),
  ]);
  keepNodeEvents();
}

/** What no rule takes goes to the Service that a controller was started with, when there is one. */
async function readDefaultBackends(reader: Reader): Promise<void> {
  const named = gatewayProcesses(evidenceNow(reader)).flatMap((p) => p.defaultBackend ?? []);
  await Promise.all(
    [...new Set(named)].map((service) => {
      const [namespace = "", name = ""] = service.split("/");
      return readObject(reader, "services", name, namespace);
    }),
  );
}

function routesNow(reader: Reader, target: OneTarget): readonly Route[] {
  return resolveRoutes(evidenceNow(reader), target).routes;
}

const evidenceNow = (reader: Reader): Evidence =>
  reader.collection.evidence(serverNow(reader.api), {
    kind: "cluster",
    name: reader.api.connection.contextName,
  });

async function readGateways(
  reader: Reader,
  options: ClusterOptions,
  labelled: readonly Pod[],
  routes: readonly Route[],
): Promise<void> {
  const pods = await servingPods(reader, labelled, routes);
  await Promise.all([
    readGatewaySurroundings(reader, pods),
    options.withoutLogs === true ? undefined : readGatewayLogs(reader, pods, gatewayLogLimits(options)),
    readNodes(reader, pods),
  ]);
}

/** The usual labels first, then the rarer ones; all pods are looked through only when none found so serves the routes. */
async function servingPods(
  reader: Reader,
  labelled: readonly Pod[],
  routes: readonly Route[],
): Promise<readonly Pod[]> {
  if (reader.collection.isFailed("pods") || !isGatewayMissing(reader, routes)) return labelled;
  const others = await readOtherGatewayPods(reader);
  return isGatewayMissing(reader, routes) ? searchGatewayPods(reader) : others;
}

function isGatewayMissing(reader: Reader, routes: readonly Route[]): boolean {
  const evidence = evidenceNow(reader);
  return routes.some((r) => canBeFound(r.gatewayKind) && deriveGateway(evidence, r).state === "unknown");
}

const canBeFound = (kind: GatewayKind): boolean => kind === "unknown" || hasKnownPods(kind);

async function readRoute(
  reader: Reader,
  options: ClusterOptions,
  namespace: string,
  services: readonly string[],
): Promise<void> {
  const large = await readNamespace(reader, namespace);
  await narrowToServices(reader, namespace, services, large);
  const pods = podsOfServices(reader.collection, namespace, services);
  await Promise.all([
    readNodes(reader, pods),
    readVolumes(reader, namespace, pods),
    readDependencies(reader, pods),
    options.withoutLogs === true ? undefined : readAppLogs(reader, pods, appLogLimits(options)),
  ]);
}

async function gatherScope(
  reader: Reader,
  options: ClusterOptions,
  asked: string | undefined,
): Promise<void> {
  const { connection } = reader.api;
  const own = options.allNamespaces === true ? undefined : connection.namespace;
  const wanted = asked ?? options.namespace ?? own;
  const [labelled] = await Promise.all([
    wanted === undefined ? [] : readGatewayPods(reader),
    readEntry(reader, options, { kind: "all", ...(wanted === undefined ? {} : { namespace: wanted }) }),
  ]);
  // An account without rights over all namespaces is asked about the one that kubectl would take.
  const namespace = reader.collection.isFailed("ingresses") ? (wanted ?? "default") : wanted;
  requireAccess(reader.api);
  const [keepNodeEvents] = await Promise.all([
    listNodeEvents(reader),
    readScope(reader, namespace),
    readDns(reader),
  ]);
  const pods = reader.collection.objects("pods", namespace);
  const gateways = namespace === undefined ? gatewaysAmong(pods) : labelled;
  const unready = pods.filter((pod) => !isReady(pod) && pod.status?.phase !== "Succeeded");
  await Promise.all([
    readGatewaySurroundings(reader, gateways),
    readAllNodes(reader, [...unready, ...gateways]),
    ...namespacesOf(unready).map((each) => readVolumes(reader, each, unready)),
    ...(options.withoutLogs === true
      ? []
      : [
          readGatewayLogs(reader, gateways, gatewayLogLimits(options)),
          readAppLogs(reader, unready, appLogLimits(options)),
        ]),
  ]);
  keepNodeEvents();
}

const namespacesOf = (pods: readonly Pod[]): readonly string[] =>
  [...new Set(pods.map(namespaceOf))].sort().slice(0, maxVolumeNamespaces);

/** Lines of a gateway's access log are 250 to 400 bytes: enough lines to fill the limit, and room for long ones. */
function gatewayLogLimits(options: ClusterOptions): LogLimits {
  const maxBytes = options.gatewayLogBytes ?? 8 << 20;
  return { tailLines: Math.ceil(maxBytes / 400), maxBytes, sinceSeconds: sinceSeconds(options) };
}

const appLogLimits = (options: ClusterOptions): LogLimits => ({
  tailLines: 2000,
  maxBytes: options.appLogBytes ?? 256 << 10,
  sinceSeconds: sinceSeconds(options),
});

const sinceSeconds = (options: ClusterOptions): number =>
  Math.max(1, Math.ceil((options.sinceMs ?? 3_600_000) / 1000));

/** The API server's clock: the objects' times are its, and ours may be minutes off. */
const serverNow = (api: Api): string => new Date(Date.now() + api.skewMs()).toISOString();
