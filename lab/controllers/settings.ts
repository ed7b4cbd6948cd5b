import type { Machine } from "../machine/machine.ts";
import type { EndpointSettings } from "./endpoints/start.ts";
import type { HpaSettings } from "./hpa/sync.ts";
import type { IngressStatusSettings } from "./ingress-status.ts";
import type { NodeSettings } from "./node-lifecycle/start.ts";
import type { EvictionSettings } from "./node-lifecycle/taint-eviction.ts";

type AllSettings = EndpointSettings & NodeSettings & EvictionSettings & HpaSettings & IngressStatusSettings;

/** What a scenario may set, at any time: controllers read it at every use. */
export type ControllerSettings = { -readonly [K in keyof AllSettings]: AllSettings[K] };

/** The values of a cluster that nobody tuned (kubernetes cmd/kube-controller-manager/app/options). */
export const defaultSettings: Readonly<ControllerSettings> = {
  // A watch on the same machine: the real controller waits for nothing else (--endpointslice-updates-batch-period 0).
  endpointDelayMs: () => 0,
  nodeMonitorGraceMs: 50_000,
  nodeStartupGraceMs: 60_000,
  nodeMonitorPeriodMs: 5_000,
  defaultTolerationSeconds: 300,
  hpaSyncPeriodMs: 15_000,
  hpaTolerance: 0.1,
  downscaleStabilizationSeconds: 300,
  addressesOf: () => undefined,
};

const settings = new WeakMap<Machine["store"], ControllerSettings>();

/** The settings of one machine's controllers; changing a field changes what they do from then on. */
export function settingsOf({ store }: Machine): ControllerSettings {
  const own = settings.get(store) ?? { ...defaultSettings };
  settings.set(store, own);
  return own;
}
