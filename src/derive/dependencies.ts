import type { Service } from "kubernetes-types/core/v1";
import { type Evidence, get, list, namespaceOf } from "../evidence/evidence.ts";
import { refText, sameRef } from "../evidence/object-ref.ts";
import { type Observed, present } from "../evidence/observed.ts";
import type { AppSignal } from "../logs/traffic.ts";
import { byName } from "./coverage.ts";
import { nearServices, type ResolvedHost, resolveHost } from "./dependency-names.ts";
import { addressText, hostAndPort, urlAddresses, type WrittenAddress } from "./dependency-text.ts";
import { configuredPeers, type ConfiguredPeer } from "./dependency-values.ts";
import { podView } from "./pods.ts";
import { readyEndpointsOf } from "./ready-endpoints.ts";
import { serviceSelects } from "./selectors.ts";
import { compareText, items, maybe, texts } from "./shape.ts";
import type { DependencyView, PodView, Route } from "./views.ts";

/** Names in log lines are free text: more distinct peers than this are not followed up. */
const mostLoggedPeers = 50;

/**
 * What the route's application is configured to call, and what its log complains of not reaching,
 * resolved as its pods would resolve it. Its own Service, itself and Secrets are left out.
 */
export function deriveDependencies(
  evidence: Evidence,
  route: Route,
  pods: Observed<readonly PodView[]>,
  appLog: Observed<readonly AppSignal[]>,
): Observed<readonly DependencyView[]> {
  if (pods.state === "unknown") return pods;
  const own = pods.state === "present" ? pods.value : [];
  const configured = distinctPods(own).flatMap((pod) => configuredPeers(evidence, pod));
  const logged = appLog.state === "present" ? loggedPeers(appLog.value) : [];
  const views = new Map<string, DependencyView>();
  for (const peer of merged(configured, logged)) {
    const resolved = resolveHost(evidence, peer.host, route.namespace);
    if (resolved.service !== undefined && sameRef(resolved.service, route.backend.service)) continue;
    if (own.some((pod) => pod.ips.includes(peer.host))) continue;
    const view = viewOf(evidence, peer, resolved);
    if (peer.weak && resolved.service !== undefined && view.serviceExists !== true) continue;
    const owner = view.service === undefined ? view.host : refText(view.service);
    // A name without a port, as DNS errors have it, says nothing new of a peer that is known by its port.
    const isKnown = [...views.keys()].some((k) => k.startsWith(`${owner}:`));
    if (view.port === undefined && isKnown) continue;
    const key = `${owner}:${view.port ?? ""}`;
    if (!views.has(key)) views.set(key, view);
  }
  return present(
    [...views.values()].sort((a, b) => compareText(a.address, b.address) || compareText(a.from, b.from)),
  );
}

/** Pods of one template are configured alike; a rollout has a pod of each. */
function distinctPods(pods: readonly PodView[]): readonly PodView[] {
  return [...new Map(pods.toReversed().map((pod) => [configuration(pod), pod])).values()].reverse();
}

const configuration = (pod: PodView): string =>
  JSON.stringify(
    pod.containers.map(({ spec }) => [spec.name, spec.env, spec.envFrom, spec.command, spec.args]),
  );

/**
 * A name that DNS refused is taken as it is. A connection that failed proves that its name resolved,
 * so a name without a Service is then a misread line or an alias, and no peer of ours.
 */
function loggedPeers(signals: readonly AppSignal[]): readonly ConfiguredPeer[] {
  const peers = new Map<string, ConfiguredPeer>();
  for (const { kind, peer, namespace, pod } of signals) {
    if (peer === undefined || peers.has(peer)) continue;
    const address = peerAddress(kind, peer);
    if (address === undefined) continue;
    const weak = kind !== "dns-error";
    peers.set(peer, { ...address, weak, from: `log of ${namespace}/${pod}` });
    if (peers.size >= mostLoggedPeers) break;
  }
  return [...peers.values()];
}

const callKinds: ReadonlySet<AppSignal["kind"]> = new Set([
  "dns-error",
  "connect-error",
  "slow-call",
  "dependency-refusal",
]);

/** A refusal names users, tables and databases too: only a peer with a port is an address there. */
function peerAddress(kind: AppSignal["kind"], peer: string): WrittenAddress | undefined {
  if (!callKinds.has(kind)) return undefined;
  const address = urlAddresses(peer)[0] ?? hostAndPort(peer);
  return kind === "dns-error" || address?.port !== undefined ? address : undefined;
}

/** A configured host without a port takes the port that the log names for it; the log adds only what is not configured. */
function merged(
  configured: readonly ConfiguredPeer[],
  logged: readonly ConfiguredPeer[],
): readonly ConfiguredPeer[] {
  const withPorts = configured.map((peer) => {
    const port = peer.port ?? logged.find((l) => l.host === peer.host)?.port;
    return port === undefined ? peer : { ...peer, port, weak: false };
  });
  const isNew = (peer: ConfiguredPeer): boolean =>
    !withPorts.some((c) => c.host === peer.host && (peer.port === undefined || c.port === peer.port));
  return [...withPorts, ...logged.filter(isNew)];
}

function viewOf(evidence: Evidence, peer: ConfiguredPeer, resolved: ResolvedHost): DependencyView {
  const { service } = resolved;
  const object =
    service === undefined ? undefined : get(evidence, "services", service.name, service.namespace);
  const found = object?.state === "present" ? object.value : undefined;
  const port = items(found?.spec?.ports).find((p) => p.port === peer.port);
  const selected = found === undefined ? [] : podsOf(evidence, found, peer.port);
  return {
    address: addressText(peer),
    host: peer.host,
    ...maybe("port", peer.port),
    from: peer.from,
    ...maybe("key", peer.key),
    ...maybe("service", service),
    ...(found === undefined ? {} : { serviceIps: clusterIps(found) }),
    serviceExists:
      object === undefined || object.state === "unknown" ? "unknown" : object.state === "present",
    portExists: portExists(found, peer.port, port !== undefined),
    ...(found === undefined ? {} : maybe("readyEndpoints", readyEndpointsOf(evidence, found))),
    internal: resolved.internal,
    near: service !== undefined && object?.state === "absent" ? nearServices(evidence, service) : [],
    pods: resolved.pod === undefined ? selected : [podView(evidence, resolved.pod)],
  };
}

const clusterIps = ({ spec }: Service): readonly string[] =>
  [...new Set([...items(spec?.clusterIPs), spec?.clusterIP])].filter(
    (ip): ip is string => typeof ip === "string" && ip !== "" && ip !== "None",
  );

/** A headless Service or an ExternalName is only a name: its ports bind nobody. */
function portExists(
  service: Service | undefined,
  port: number | undefined,
  listed: boolean,
): boolean | "unknown" {
  if (service === undefined || port === undefined) return "unknown";
  if (listed) return true;
  return service.spec?.clusterIP === "None" || service.spec?.type === "ExternalName" ? "unknown" : false;
}

function podsOf(evidence: Evidence, service: Service, port: number | undefined): readonly PodView[] {
  const listed = list(evidence, "pods", namespaceOf(service));
  if (listed.state !== "present") return [];
  const servicePort = items(service.spec?.ports).find((p) => p.port === port);
  return listed.value
    .filter((p) => serviceSelects(service, texts(p.metadata?.labels)))
    .toSorted(byName)
    .map((p) => podView(evidence, p, servicePort));
}
