import type { Pod } from "kubernetes-types/core/v1";
import type { GatewayName } from "../faults/fault.ts";
import { applyObjects } from "../machine/apply-objects.ts";
import type { Machine, Stop } from "../machine/machine.ts";
import { type Feed, openFeed } from "./feed/feed-server.ts";
import type { Pace } from "./feed/message.ts";
import { type GatewayInstallation, gatewayObjects, type GatewayObjectOptions } from "./gateway-objects.ts";
import { feedPathOf } from "./gateway-programs.ts";
import { haproxyInstallation } from "./haproxy/installation.ts";
import { missingForHaproxy } from "./haproxy/requirements.ts";
import { nginxInstallation } from "./nginx/installation.ts";
import { missingForNginx } from "./nginx/requirements.ts";

export interface GatewayOptions extends GatewayObjectOptions {
  /** How fast it takes over what changes; what is not given is the controller's own. */
  readonly pace?: Partial<Pace>;
}

/** A gateway that is installed: its pods are run by the kubelets like any other. */
export interface Gateway {
  readonly name: GatewayName;
  readonly namespace: string;
  /** Slows its view of the cluster, or holds it back. */
  readonly feed: Feed;
  /** Addresses of its ready pods; they listen on port 80. */
  addresses(): string[];
  /** Deletes its pods, all at once: SIGTERM, and new ones come. */
  restart(): void;
  /** Ends what it knows of the cluster; its pods end with the kubelets. */
  readonly stop: Stop;
}

/** --sync-rate-limit 0.3 (kubernetes/ingress-nginx pkg/flags/flags.go); its workers look once a second on top of it. */
const nginxPace: Pace = { syncsPerSecond: 0.3, endpointsDelayMs: 0 };
/** --rate-limit-update 0.5, --wait-before-update 200ms (jcmoraisjr/haproxy-ingress pkg/controller/config/options.go). */
const haproxyPace: Pace = { syncsPerSecond: 0.5, endpointsDelayMs: 200 };

/** What a cloud's load balancer would be reached at; the lab's clients are told the pods instead. */
const balancerAddresses: Readonly<Record<GatewayName, string>> = {
  nginx: "203.0.113.10",
  haproxy: "203.0.113.11",
};

/** @throws Error when nginx or its Lua module is not installed, with what mends it */
export function startNginxGateway(machine: Machine, options: GatewayOptions = {}): Promise<Gateway> {
  demand(missingForNginx());
  return start(machine, "nginx", nginxInstallation, nginxPace, options);
}

/** @throws Error when HAProxy is not installed, with what mends it */
export function startHaproxyGateway(machine: Machine, options: GatewayOptions = {}): Promise<Gateway> {
  demand(missingForHaproxy());
  return start(machine, "haproxy", haproxyInstallation, haproxyPace, options);
}

function demand(missing: string | undefined): void {
  if (missing !== undefined) throw new Error(missing);
}

async function start(
  machine: Machine,
  name: GatewayName,
  installation: GatewayInstallation,
  ownPace: Pace,
  options: GatewayOptions,
): Promise<Gateway> {
  const { namespace, labels } = installation;
  const feed = await openFeed(machine, feedPathOf(machine.folder, name), { ...ownPace, ...options.pace });
  applyObjects(machine.writes, gatewayObjects(installation, options));
  machine.writes.updateStatus("services", installation.name, namespace, (status) => ({
    ...status,
    loadBalancer: { ingress: [{ ip: balancerAddresses[name] }] },
  }));
  const pods = (): Pod[] =>
    machine.store
      .list("pods", namespace)
      .map(({ object }) => object as Pod)
      .filter((pod) => Object.entries(labels).every(([key, value]) => pod.metadata?.labels?.[key] === value));
  return {
    name,
    namespace,
    feed,
    addresses: () =>
      pods()
        .filter(isReady)
        .map((pod) => pod.status?.podIP)
        .filter((address) => address !== undefined),
    restart: () => {
      for (const { metadata } of pods()) machine.writes.remove("pods", metadata?.name ?? "", namespace);
    },
    stop: () => feed.close(),
  };
}

const isReady = ({ metadata, status }: Pod): boolean =>
  metadata?.deletionTimestamp === undefined &&
  status?.conditions?.some((c) => c.type === "Ready" && c.status === "True") === true;
