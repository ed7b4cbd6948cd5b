/** Which number over time a query asked for. */
export const metricNames = [
  "requests",
  "latency",
  "cpu-throttling",
  "memory",
  "restarts",
  "oom-kills",
  "ready-endpoints",
  "autoscaler",
  "config-reload",
] as const;

export type MetricName = (typeof metricNames)[number];

/** What a Prometheus answered about the route's objects over one window. */
export interface MetricEvidence {
  /** As a person would open it; without credentials. */
  readonly server: string;
  /** ISO 8601. */
  readonly from: string;
  readonly to: string;
  readonly stepSeconds: number;
  readonly queries: readonly MetricQuery[];
}

export interface MetricQuery {
  readonly name: MetricName;
  /** PromQL, so that a person can ask again; empty when nothing could be asked. */
  readonly expression: string;
  readonly series: readonly MetricSeries[];
  /** Present when it was not answered, or only in part: "no series of container_cpu_…: is cAdvisor scraped?". */
  readonly reason?: string;
}

export interface MetricSeries {
  /** An `exported_` label that a scrape made of the exporter's own stands under its own name again. */
  readonly labels: Readonly<Record<string, string>>;
  /** Milliseconds since the epoch and value, finite, oldest first; where nothing was measured there is no point. */
  readonly points: readonly (readonly [atMs: number, value: number])[];
}
