import type { Pod } from "kubernetes-types/core/v1";
import type { Machine } from "../machine/machine.ts";
import type { Pressure } from "./pressure.ts";

/** What a scenario may set, at any time; milliseconds. */
export interface KubeletSettings {
  /** First wait of CrashLoopBackOff and ImagePullBackOff, doubled each time; of containers that start later. */
  backOffMs: number;
  backOffLimitMs: number;
  /** Between two reports of a node. */
  heartbeatMs: number;
  /** Between two looks at which containers run: a start or an end is known so much later. */
  relistMs: number;
  /** Between two looks at what a container that cannot be made is missing. */
  retryMs: number;
  /** Between two samples of CPU and memory. */
  usageMs: number;
  /** What a node is short of: its kubelet evicts pods as long as it says so. */
  pressureOf: (node: string) => Pressure | undefined;
  /** Between two looks at that. */
  evictionMs: number;
  /** Pods that something else runs. */
  isForeign: (pod: Pod) => boolean;
}

/** Those of a kubelet and a metrics-server that nobody tuned. */
const defaultSettings: Readonly<KubeletSettings> = {
  backOffMs: 10_000,
  backOffLimitMs: 300_000,
  heartbeatMs: 10_000,
  relistMs: 1000,
  retryMs: 10_000,
  usageMs: 15_000,
  pressureOf: () => undefined,
  evictionMs: 10_000,
  isForeign: () => false,
};

const settings = new WeakMap<Machine["store"], KubeletSettings>();

/** The settings of one machine's kubelets; changing a field changes what they do from then on. */
export function kubeletSettingsOf({ store }: Pick<Machine, "store">): KubeletSettings {
  const own = settings.get(store) ?? { ...defaultSettings };
  settings.set(store, own);
  return own;
}
