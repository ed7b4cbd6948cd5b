import type { Evidence } from "../../src/evidence/evidence.ts";
import { type DeniedRule, rulesFromCoverage } from "./access.ts";
import { type ServedResource, servedResources } from "./served.ts";
import type { LogSource } from "./log-source.ts";
import type { PodUsage } from "./metrics/usage.ts";
import { openStore, type Store } from "./store.ts";
import { type OpenWrites, openWrites } from "./writes/open-writes.ts";

/** Everything a handler may look at. */
export interface Cluster {
  readonly evidence: Evidence;
  readonly store: Store;
  readonly settings: ClusterSettings;
  /** Absent when the cluster is read-only. */
  readonly writes?: OpenWrites;
  /** Absent when nobody measures: metrics.k8s.io is not served then. */
  readonly podUsage?: () => readonly PodUsage[];
  /** Resources served now; a custom group appears with its first object. */
  served(): readonly ServedResource[];
  /**
   * Cluster time in milliseconds, the Date of every answer: real where writes are taken, else it stands still at the
   * moment of collection; unless a clock is given.
   */
  nowMs(): number;
}

export interface ClusterSettings {
  /** Who the client is in access reviews and 403 messages. */
  readonly user: string;
  /** gitVersion of /version. */
  readonly version: string;
  readonly denied: readonly DeniedRule[];
  /** A container's log that is not in the evidence: an error (default), or 200 with no bytes. */
  readonly missingLogs: "error" | "empty";
  /** Life of a continue token, milliseconds. */
  readonly continueTokenTtlMs: number;
  readonly nowMs?: () => number;
  /** Logs of containers that run now, before those of the evidence. */
  readonly logSource?: LogSource;
  /** Takes writes. */
  readonly writable: boolean;
  readonly podUsage?: () => readonly PodUsage[];
}

/** Namespaces that every cluster begins with. */
const firstNamespaces = ["default", "kube-system"];

export function openCluster(
  evidence: Evidence,
  settings: ClusterSettings & { denyUnread: boolean },
): Cluster {
  const store = openStore(evidence);
  const denied = settings.denyUnread
    ? [...settings.denied, ...rulesFromCoverage(evidence.coverage)]
    : settings.denied;
  const { writable, podUsage } = settings;
  const nowMs = settings.nowMs ?? (writable ? Date.now : frozenAt(Date.parse(evidence.collectedAt)));
  const writes = writable ? openWrites(store, nowMs) : undefined;
  for (const name of firstNamespaces)
    if (writes !== undefined && store.get("namespaces", name) === undefined)
      writes.create("namespaces", { metadata: { name } });
  return {
    evidence,
    store,
    settings: { ...settings, denied },
    ...(writes === undefined ? {} : { writes }),
    ...(podUsage === undefined ? {} : { podUsage }),
    served: () => servedResources((resource) => store.list(resource).length > 0, writable),
    nowMs,
  };
}

const frozenAt = (collectedMs: number) => () => (Number.isNaN(collectedMs) ? Date.now() : collectedMs);
