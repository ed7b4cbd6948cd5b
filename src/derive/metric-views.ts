import type { Observed } from "../evidence/observed.ts";

/** What a Prometheus told of one route. Each part is unknown by itself: exporters are scraped one by one. */
export interface MetricsView {
  readonly server: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly stepMs: number;
  readonly requests: Observed<MetricRequests>;
  /** The 99th percentile of the gateway's request times, in seconds. */
  readonly latency: Observed<MetricPeak>;
  /** Share of the CPU periods in which a container was held back, by container; the route's pods and its gateway's. */
  readonly throttling: Observed<readonly ContainerMetric[]>;
  /** Working set as a share of the memory limit, by container. */
  readonly memory: Observed<readonly ContainerMetric[]>;
  readonly restarts: Observed<readonly ContainerCount[]>;
  /** Containers whose last end was OOMKilled. */
  readonly oomKills: Observed<readonly ContainerSpan[]>;
  /** Ready addresses of the Service. */
  readonly readyEndpoints: Observed<ReadyEndpoints>;
  readonly autoscaler: Observed<readonly AutoscalerMetric[]>;
  /** When the gateway's last reload was one that failed. */
  readonly failedReloads: Observed<readonly (Span & { readonly pod: string })[]>;
}

/** Requests that the gateway counted, told by the growth of its counters. */
export interface MetricRequests {
  readonly requests: number;
  /** 502, 503 and 504; of a gateway that counts classes only, all of 5xx. */
  readonly failed: number;
  /** "503", or "5xx". */
  readonly byStatus: Readonly<Record<string, number>>;
  /** Between two looks, oldest first; those without requests are left out. */
  readonly bins: readonly (Span & { readonly requests: number; readonly failed: number })[];
  /** From before the first failure that was counted to after the last. */
  readonly failing?: Span;
  readonly expression: string;
}

/** Milliseconds since the epoch. */
export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

export interface MetricPeak {
  readonly peak: number;
  readonly peakMs: number;
  readonly median: number;
  readonly expression: string;
}

interface OfContainer {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  readonly expression: string;
}

export interface ContainerMetric extends OfContainer {
  readonly points: readonly (readonly [atMs: number, value: number])[];
  readonly peak: number;
  readonly peakMs: number;
}

interface ContainerCount extends OfContainer {
  readonly count: number;
  readonly lastMs: number;
}

export interface ContainerSpan extends OfContainer, Span {}

export interface ReadyEndpoints {
  readonly least: number;
  readonly leastMs: number;
  readonly most: number;
  /** Times without a ready address; of two looks at least. */
  readonly empty: readonly Span[];
  readonly expression: string;
}

export interface AutoscalerMetric {
  readonly name: string;
  readonly max: number;
  readonly peakDesired: number;
  /** When it wanted as many as it may have, or more. */
  readonly atMax: readonly Span[];
  readonly expression: string;
}
