import type { Pod } from "kubernetes-types/core/v1";
import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { serveCluster } from "../api-server/serve.ts";
import type { PodUsage } from "../api-server/metrics/usage.ts";
import type { KubeObject } from "../api-server/stored-object.ts";
import { gatewayPrograms } from "../gateways/gateway-programs.ts";
import { programOf } from "../images/catalogue.ts";
import { type ContainerLogs, openContainerLogs } from "../kubelet/container-logs.ts";
import { openNodeOutages } from "../kubelet/node-outages.ts";
import { connectInPod } from "../network/connect-in-pod.ts";
import { startClusterDns } from "../network/dns/cluster-dns.ts";
import { openPodNetwork } from "../network/open-pod-network.ts";
import { plan } from "../network/addresses.ts";
import { enforcePolicies } from "../network/policy/enforce-policies.ts";
import { relayServices } from "../network/services/relay-services.ts";
import { corednsImage, nodeAddresses } from "./base-objects.ts";
import { openEventRecorder } from "./event-recorder.ts";
import type { Machine, Stop } from "./machine.ts";

export interface BuiltMachine {
  readonly machine: Machine;
  readonly logs: ContainerLogs;
  /** From where metrics.k8s.io has what pods use. */
  measureBy(podUsage: () => readonly PodUsage[]): void;
  /** Port of the API server on the loopback device of the root namespace. */
  readonly apiPort: number;
  readonly stop: Stop;
}

const nowMs = (): number => Date.now();

/** A kubelet speaks for the node it runs on. */
function hostOf(component: string, about: KubeObject & { readonly kind: string }): string | undefined {
  if (component !== "kubelet") return undefined;
  return about.kind === "Node" ? about.metadata?.name : (about as object as Pod).spec?.nodeName;
}

/** The cluster without anything that acts on its objects, but the network. */
export async function buildMachine(folder: string): Promise<BuiltMachine> {
  const network = await openPodNetwork(join(folder, "network"), nodeAddresses);
  const logs = openContainerLogs(folder);
  const evidence = {
    collectedAt: new Date(nowMs()).toISOString(),
    source: { kind: "cluster", name: "lab" },
    objects: {},
    coverage: [],
    logs: [],
    losses: [],
  } as const;
  let podUsage: (() => readonly PodUsage[]) | undefined;
  const served = await serveCluster(evidence, {
    nowMs,
    logSource: logs,
    writable: true,
    podUsage: () => podUsage?.() ?? [],
    connectInPod: (pod, port) => connectInPod(network, pod, port),
  });
  const { store, writes } = served;
  if (writes === undefined) throw new Error("an API server that takes writes has no writes");
  const policies = enforcePolicies(store, network);
  const stopRelays = relayServices({
    store,
    network,
    permits: (from, to) => policies.permits(from, to.host, "tcp", to.port),
  });
  const dnsLog = join(folder, "coredns.log");
  // The two lines CoreDNS begins with.
  appendFileSync(dnsLog, ".:53\nCoreDNS-1.11.3\n");
  const dns = await startClusterDns(store, network, {
    permits: (from, protocol) => policies.permits(from, plan.dns, protocol, 53),
    onLine: (line) => appendFileSync(dnsLog, `${line}\n`),
  });
  const machine: Machine = {
    folder,
    store,
    writes,
    network,
    dns,
    nodeOutages: openNodeOutages(),
    nowMs,
    programOf: (image) =>
      image === corednsImage
        ? { file: "tail", args: ["-n", "+1", "-F", dnsLog] }
        : (programOf(image) ?? gatewayPrograms(folder)(image)),
    event: openEventRecorder({ store, writes, nowMs, hostOf }),
  };
  const stop = async (): Promise<void> => {
    await Promise.all([dns.stop(), stopRelays(), policies.stop()]);
    await Promise.all([served.close(), network.close()]);
  };
  const measureBy = (measure: () => readonly PodUsage[]): void => {
    podUsage = measure;
  };
  return { machine, logs, measureBy, apiPort: served.port, stop };
}
