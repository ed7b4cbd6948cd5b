import type { HorizontalPodAutoscaler } from "kubernetes-types/autoscaling/v2";
import type { Pod } from "kubernetes-types/core/v1";

export type Hpa = HorizontalPodAutoscaler;

/** One measurement of a pod, as metrics.k8s.io would give it. */
export interface PodSample {
  /** Thousandths: of a core, or of what the metric counts. */
  readonly milli: number;
  /** End of the window, milliseconds since the epoch. */
  readonly atMs: number;
  readonly windowMs: number;
}

/** Where an autoscaler's numbers come from. */
export interface PodMetrics {
  /** Undefined while there is none. @param resource "cpu" or "memory" */
  resource(pod: Pod, resource: string): PodSample | undefined;
  /** A metric of the application, by name: "http_requests_per_second". */
  custom?(pod: Pod, metric: string): PodSample | undefined;
}

/** Why a number of replicas cannot be said; the texts are those of the real controller. */
export class MetricError extends Error {}
