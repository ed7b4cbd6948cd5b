import type { Store } from "../../api-server/store.ts";
import { plan } from "../addresses.ts";
import { debounced } from "../debounced.ts";
import type { PodNetwork } from "../pod-network.ts";
import { slicesOf, targetsOf } from "../services/service-endpoints.ts";
import { type DnsConduct, serveDns } from "./serve-dns.ts";
import { storeView } from "./store-view.ts";
import { answerName } from "./zone.ts";

/** The DNS of the cluster, at its address. */
export interface ClusterDns {
  /** How it behaves from now on; `{}` is well. */
  conduct(conduct: DnsConduct): void;
  /** A name outside the cluster and its addresses; none: it does not exist any more. */
  outside(name: string, addresses: readonly string[]): void;
  stop(): Promise<void>;
}

interface ClusterDnsOptions {
  permits?(from: string, protocol: "udp" | "tcp"): boolean;
  /** Lines of its log, as CoreDNS writes them. */
  onLine(line: string): void;
}

/**
 * Answers from the store. Once the Service kube-system/kube-dns has EndpointSlices it answers only while one of
 * them has a ready endpoint; without one, questions are refused, as kube-proxy does.
 */
export async function startClusterDns(
  store: Store,
  network: PodNetwork,
  options: ClusterDnsOptions,
): Promise<ClusterDns> {
  const outside = new Map<string, readonly string[]>();
  const view = storeView(store, outside);
  await network.addRootAddress(plan.dns);
  const { permits } = options;
  const dns = await serveDns({
    address: plan.dns,
    answer: (name, type) => answerName(view, name, type),
    onLine: options.onLine,
    ...(permits === undefined ? {} : { permits }),
  });
  const sync = async (): Promise<void> => {
    const slices = slicesOf(store, "kube-system", "kube-dns");
    const isServed = slices.length === 0 || targetsOf(slices, "dns").length > 0;
    await (isServed ? dns.up() : dns.down());
  };
  const soon = debounced(sync, 50);
  const unsubscribe = store.subscribe(({ resource, object }) => {
    if (resource === "endpointslices" && object.namespace === "kube-system") soon.call();
  });
  soon.call();
  return {
    conduct: dns.conduct,
    outside: (name, addresses) => {
      const key = name.toLowerCase().replace(/\.$/, "");
      if (addresses.length === 0) outside.delete(key);
      else outside.set(key, addresses);
    },
    stop: async () => {
      unsubscribe();
      await soon.stop();
      await dns.close();
    },
  };
}
