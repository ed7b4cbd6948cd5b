import { randomInt, randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Container, ContainerStatus, EnvVar, Pod, PodStatus } from "kubernetes-types/core/v1";
import { afterEach } from "vitest";
import { spawnAsRoot } from "./spawn-as-root.ts";
import { openStore, type Store } from "../../../lab/api-server/store.ts";
import { openWrites } from "../../../lab/api-server/writes/open-writes.ts";
import type { KubeObject } from "../../../lab/api-server/stored-object.ts";
import { programOf } from "../../../lab/images/catalogue.ts";
import { type ContainerLogs, openContainerLogs } from "../../../lab/kubelet/container-logs.ts";
import { type Kubelet, startKubelet } from "../../../lab/kubelet/kubelet.ts";
import { openNodeOutages } from "../../../lab/kubelet/node-outages.ts";
import { type KubeletSettings, kubeletSettingsOf } from "../../../lab/kubelet/settings.ts";
import { openEventRecorder } from "../../../lab/machine/event-recorder.ts";
import type { Machine } from "../../../lab/machine/machine.ts";
import type { PodNetwork } from "../../../lab/network/pod-network.ts";

/** Pods on the loopback network of this machine: their addresses need not be made. */
const loopback: Partial<PodNetwork> = {
  attach: () => Promise.resolve(),
  detach: () => Promise.resolve(),
  isolate: () => Promise.resolve(() => Promise.resolve()),
  spawn: spawnAsRoot,
};

export interface Stage {
  readonly machine: Machine;
  readonly kubelet: Kubelet;
  readonly logs: ContainerLogs;
  run(pod: Pod): void;
  pod(name?: string): Pod | undefined;
  /** All that was ever told of a pod, in order: also what stood for a moment only. */
  told(name?: string): readonly PodStatus[];
  /** The same of its first container. */
  toldOfApp(name?: string): readonly ContainerStatus[];
  /** Marks the pod as deleted, as the API server does. */
  remove(graceSeconds: number): void;
  /** "Reason: message (count)" of all events, oldest first. */
  events(): string[];
  /** Text of a container's newest life. */
  log(container?: string): string;
}

const stages: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(stages.splice(0).map((stage) => stage.stop()));
});

const nowMs = (): number => Date.now();

function openCluster(): Store {
  const store = openStore({
    collectedAt: "2026-11-24T12:00:00Z",
    source: { kind: "cluster", name: "lab" },
    objects: {},
    coverage: [],
    logs: [],
    losses: [],
  });
  // Stages of other tests run at the same time and listen on the same ports.
  const range = `127.${randomInt(16, 240)}.${randomInt(256)}.0/24`;
  for (const name of ["default", "shop"]) store.put("namespaces", { metadata: { name } });
  store.put("nodes", { metadata: { name: "worker-1" }, spec: { podCIDR: range } });
  return store;
}

export function openStage(settings: Partial<KubeletSettings> = {}): Stage {
  const folder = mkdtempSync(join(tmpdir(), "why5xx-kubelet-"));
  const store = openCluster();
  const writes = openWrites(store, nowMs);
  const event = openEventRecorder({ store, writes, nowMs });
  const nodeOutages = openNodeOutages();
  const network = loopback as PodNetwork;
  const machine: Machine = { folder, store, writes, network, programOf, nowMs, event, nodeOutages };
  const logs = openContainerLogs(folder);
  Object.assign(kubeletSettingsOf(machine), { relistMs: 50, ...settings });
  const kubelet = startKubelet(machine, { logs });
  stages.push({
    stop: async () => {
      await kubelet.stop();
      writes.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  });
  const pod = (name = "cart"): Pod | undefined => store.get("pods", name, "shop")?.object as Pod | undefined;
  const history = new Map<string, PodStatus[]>();
  store.subscribe(({ resource, object: { name, object } }) => {
    if (resource !== "pods") return;
    const { status } = structuredClone(object) as Pod;
    history.set(name, [...(history.get(name) ?? []), status ?? {}]);
  });
  const told = (name = "cart"): readonly PodStatus[] => history.get(name) ?? [];
  return {
    machine,
    kubelet,
    logs,
    pod,
    told,
    toldOfApp: (name) => told(name).flatMap((status) => status.containerStatuses?.[0] ?? []),
    // Past validation: probes of these tests have periods below a second.
    run: ({ metadata, spec }) =>
      void store.put("pods", {
        metadata: { ...(metadata as KubeObject["metadata"]), uid: randomUUID() },
        spec,
        status: { phase: "Pending" },
      }),
    remove: (gracePeriodSeconds) => void writes.remove("pods", "cart", "shop", { gracePeriodSeconds }),
    events: () => store.list("events").map(({ object }) => `${object["reason"]}: ${object["message"]}`),
    log: (container = "app") => {
      const status = [
        ...(pod()?.status?.initContainerStatuses ?? []),
        ...(pod()?.status?.containerStatuses ?? []),
      ].find((s) => s.name === container);
      const bytes = logs.read(status?.containerID ?? "")?.bytes() ?? new Uint8Array();
      return Buffer.from(bytes).toString().replace(/^\S+ /gm, "");
    },
  };
}

/** A pod "cart" of one container "app" on the only node. */
export const podOf = (app: Partial<Container>, spec: Partial<Pod["spec"]> = {}): Pod => ({
  metadata: { name: "cart", namespace: "shop" },
  spec: {
    nodeName: "worker-1",
    terminationGracePeriodSeconds: 30,
    ...spec,
    containers: [{ name: "app", image: "lab/node-server:1", ...app }],
  },
});

export const envOf = (values: Readonly<Record<string, string>>): EnvVar[] =>
  Object.entries(values).map(([name, value]) => ({ name, value }));

export const shell = (script: string): Partial<Container> => ({
  image: "lab/shell:1",
  args: ["-c", script],
});

export const readyOf = (pod: Pod | undefined): string | undefined =>
  pod?.status?.conditions?.find((c) => c.type === "Ready")?.status;
