import type { Evidence } from "../../src/evidence/evidence.ts";
import { type DeniedRule, rulesFromCoverage } from "./access.ts";
import { type ServedResource, servedResources } from "./served.ts";
import { openStore, type Store } from "./store.ts";

/** Everything a handler may look at. */
export interface Cluster {
  readonly evidence: Evidence;
  readonly store: Store;
  readonly settings: ClusterSettings;
  /** Resources served now; a custom group appears with its first object. */
  served(): readonly ServedResource[];
  /** Cluster time in milliseconds, the Date of every answer: stands still at the moment of collection unless a clock is given. */
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
}

export function openCluster(
  evidence: Evidence,
  settings: ClusterSettings & { denyUnread: boolean },
): Cluster {
  const store = openStore(evidence);
  const denied = settings.denyUnread
    ? [...settings.denied, ...rulesFromCoverage(evidence.coverage)]
    : settings.denied;
  const collectedMs = Date.parse(evidence.collectedAt);
  return {
    evidence,
    store,
    settings: { ...settings, denied },
    served: () => servedResources((resource) => store.list(resource).length > 0),
    nowMs: settings.nowMs ?? (() => (Number.isNaN(collectedMs) ? Date.now() : collectedMs)),
  };
}
