import type { EndpointSettings } from "./endpoints/start.ts";
import type { HpaSettings } from "./hpa/sync.ts";
import type { IngressStatusSettings } from "./ingress-status.ts";
import type { EvictionSettings } from "./node-lifecycle/taint-eviction.ts";
import type { NodeSettings } from "./node-lifecycle/start.ts";

/** What a scenario may set; read at every use, so a change takes effect while the lab runs. */
export type ControllerSettings = EndpointSettings &
  NodeSettings &
  EvictionSettings &
  HpaSettings &
  IngressStatusSettings;

/** The values of a cluster that nobody tuned (kubernetes cmd/kube-controller-manager/app/options). */
export const defaultSettings: ControllerSettings = {
  // A watch and one write: what a small cluster that is not busy takes.
  endpointDelayMs: () => 10,
  nodeMonitorGraceMs: 40_000,
  nodeStartupGraceMs: 60_000,
  nodeMonitorPeriodMs: 5_000,
  defaultTolerationSeconds: 300,
  hpaSyncPeriodMs: 15_000,
  hpaTolerance: 0.1,
  downscaleStabilizationSeconds: 300,
  addressesOf: () => undefined,
};
