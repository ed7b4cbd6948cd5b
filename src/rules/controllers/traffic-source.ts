import type { Relabel, Series } from "../promql.ts";

/** How a controller's own metrics tell what became of requests. Names and labels are cited where they are written. */
export interface TrafficSource {
  /** A series that its exporter always has, even when no request ever came. */
  readonly alive: Series;
  /** Requests counted by where they went: Services, or what the controller names instead. */
  readonly traffic: readonly Traffic[];
  /** Failed attempts by how they failed, as far as the metrics tell it. */
  readonly classes: readonly FailureClass[];
  readonly latency?: Latency;
  /** The command that looks at one row, as a template of Prometheus: `why5xx service/{{ $labels.service }}`. */
  readonly command: string;
  /** True where rows name no Service, so that traffic does not say which Services are routed to. */
  readonly isNotByService?: true;
  readonly reload?: ReloadAlert;
  readonly certificates?: CertificateAlert;
}

/** Rows of requests; `relabels` make the labels namespace and service from what is there. */
export interface Traffic {
  readonly requests: Series;
  /** Which of the requests were answered with a 5xx. */
  readonly failed: string;
  readonly relabels: readonly Relabel[];
}

export interface FailureClass {
  readonly id: FailureClassId;
  readonly series: Series;
  readonly relabels: readonly Relabel[];
}

/**
 * timeout: the application did not answer in time; no-answer: it did not, or broke off; connect: no connection came
 * about; bad-gateway: status 502, which is either of refused, closed and not understood; unavailable: there was nobody
 * to ask, or the gateway refused.
 */
export type FailureClassId = "timeout" | "no-answer" | "connect" | "bad-gateway" | "unavailable";

export interface Latency {
  /** Of a histogram, without `_bucket`; or of an average, when the exporter has no more. */
  readonly series: Series;
  readonly kind: "histogram" | "average";
  readonly unit: "s" | "ms";
  readonly relabels: readonly Relabel[];
}

export interface ReloadAlert {
  readonly expr: string;
  /** What happened, with the place: "The last reload of {{ $labels.controller_pod }} failed". */
  readonly summary: string;
}

export interface CertificateAlert {
  /** When it ends, in seconds since 1970. */
  readonly expr: string;
  /** What the certificate is called. */
  readonly name: string;
}

/** The usual row: a Service. */
export const serviceCommand = "why5xx service/{{ $labels.service }} -n {{ $labels.namespace }} --since 1h";

/** A row that names no namespace. */
export const everywhere = "why5xx -A --since 1h";
