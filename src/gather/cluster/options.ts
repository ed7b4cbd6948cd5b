/** How to reach a cluster and how much to read of it. */
export interface ClusterOptions {
  /** Path(s) of kubeconfig files. Default: $KUBECONFIG, ~/.kube/config, then the in-cluster service account. */
  readonly kubeconfig?: string | readonly string[];
  readonly context?: string;
  /** As `-n`: where to look when the target names no namespace, and where to fall back to when listing all is forbidden. */
  readonly namespace?: string;
  /** As `-A`. */
  readonly allNamespaces?: boolean;
  /** How far back logs are read. Default one hour. */
  readonly sinceMs?: number;
  /** Impersonation, as `kubectl --as` and `--as-group`. */
  readonly as?: string;
  readonly asGroups?: readonly string[];
  /** Per API call. Default 10 s. */
  readonly deadlineMs?: number;
  /** For everything; what is unread by then is reported as not read. Default 60 s. */
  readonly totalDeadlineMs?: number;
  /** Per gateway pod. Default 8 MiB. */
  readonly gatewayLogBytes?: number;
  /** Per container of the route's pods. Default 256 KiB. */
  readonly appLogBytes?: number;
  /** No log is read. */
  readonly withoutLogs?: boolean;
  /** Filled while reading, for who wants to print what the diagnosis cost. */
  readonly accounting?: Accounting;
}

/** What was asked of the API server. */
export interface Accounting {
  /** HTTP requests sent, retries and pages included. */
  calls: number;
  /** Bytes of response bodies as they came over the wire. */
  wireBytes: number;
  /** Bytes of response bodies after decompression. */
  bytes: number;
  retries: number;
  failed: number;
}

export const newAccounting = (): Accounting => ({ calls: 0, wireBytes: 0, bytes: 0, retries: 0, failed: 0 });

export type Progress = (message: string) => void;
