import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openStore } from "../../../lab/api-server/store.ts";
import { openWrites } from "../../../lab/api-server/writes/open-writes.ts";
import { gatewayPrograms } from "../../../lab/gateways/gateway-programs.ts";
import { openEventRecorder } from "../../../lab/machine/event-recorder.ts";
import type { Machine } from "../../../lab/machine/machine.ts";
import { startClusterDns } from "../../../lab/network/dns/cluster-dns.ts";
import { openPodNetwork } from "../../../lab/network/open-pod-network.ts";
import { relayServices } from "../../../lab/network/services/relay-services.ts";

const nowMs = (): number => Date.now();

/** A network with names and Services, and a store, for the time of `use`. */
export async function withCluster<T>(use: (machine: Machine) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "why5xx-gateways-"));
  try {
    const network = await openPodNetwork(join(folder, "network"), ["10.0.0.1", "10.0.0.2"]);
    const store = openStore({
      collectedAt: new Date().toISOString(),
      source: { kind: "cluster", name: "lab" },
      objects: {},
      coverage: [],
      logs: [],
      losses: [],
    });
    const writes = openWrites(store, nowMs);
    const dns = await startClusterDns(store, network, { onLine: () => {} });
    const stopRelays = relayServices({ store, network });
    const event = openEventRecorder({ store, writes, nowMs });
    const programOf = gatewayPrograms(folder);
    const seen = await use({ folder, store, writes, network, dns, programOf, nowMs, event });
    await Promise.all([dns.stop(), stopRelays()]);
    writes.stop();
    await network.close();
    return seen;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
