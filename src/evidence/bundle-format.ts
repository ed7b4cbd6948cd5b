import type { CommandOutput, Coverage, EvidenceSource, LogStream, Loss } from "./evidence.ts";

/**
 * Evidence on disk: a folder (or a .tar.gz of it) with
 *
 *     why5xx-bundle.json            BundleManifest
 *     objects/RESOURCE.json         {"apiVersion":"v1","kind":"List","items":[…]}; a person may write .yaml
 *     logs/NAMESPACE/POD/….log      the bytes of each log, named in the manifest
 *     changes.json                  ChangeRecord, when somebody watched
 *     metrics.json                  MetricEvidence, when a Prometheus was asked
 */
export const manifestName = "why5xx-bundle.json";
export const changesName = "changes.json";
export const metricsName = "metrics.json";
export const bundleSchema = "why5xx.bundle/v1";

export interface BundleManifest {
  readonly schema: typeof bundleSchema;
  readonly collectedAt: string;
  readonly source: EvidenceSource;
  /** Absent in a bundle written by hand: each file in objects/ counts as read whole then. */
  readonly coverage?: readonly Coverage[];
  readonly losses: readonly Loss[];
  readonly logs: readonly BundleLog[];
  readonly commands?: readonly CommandOutput[];
}

/** A LogStream whose bytes are in `file`, a path inside the bundle. */
export interface BundleLog extends Omit<LogStream, "bytes"> {
  readonly file?: string;
}

export interface BundleFile {
  /** Relative, "/" between segments. */
  readonly path: string;
  readonly bytes: Uint8Array;
}
