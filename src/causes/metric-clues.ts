import type { ContainerMetric, ContainerSpan, MetricsView, Span } from "../derive/metric-views.ts";
import type { PodView } from "../derive/views.ts";
import type { Observed } from "../evidence/observed.ts";
import { type Clue, speaksFor } from "./clue.ts";
import { see } from "./see.ts";

/**
 * What a Prometheus adds to what objects, events and logs say. It never accuses alone: these are clues for causes that
 * stand already, or reasons to look further; that it has no series is never one.
 */

type Metrics = Observed<MetricsView>;

/** A share from which a container is held back for most of its time. */
const throttledShare = 0.5;
/** The memory limit is reached when less than this is left; the working set is looked at only so often. */
const fullShare = 0.95;
/** Looks are at most so far from what they caused. */
const slackMs = 120_000;

/** The containers of these pods were held to their CPU limit while it happened. */
export function throttlingClues(metrics: Metrics, pods: readonly PodView[], during: readonly Span[]): Clue[] {
  const worst = near(metrics, "throttling", pods, during)
    .filter(({ value }) => value >= throttledShare)
    .sort((a, b) => b.value - a.value)[0];
  if (metrics.state !== "present" || worst === undefined) return [];
  const { pod, container } = worst.of;
  const limit = limitOf(pods, worst.of, "cpu");
  return [
    speaksFor.moderate(
      `container ${container} of ${pod} was held to its CPU limit${limit === undefined ? "" : ` of ${limit}`} in ${percent(worst.value)} of the periods at ${iso(worst.atMs)}`,
      sourceOf(metrics.value, "container_cpu_cfs_throttled_periods_total"),
      { see: seeQuery(metrics.value, worst.of.expression), group: "cpu" },
    ),
  ];
}

/** The memory of a container came up to its limit before it ended. */
export function fullMemoryClues(
  metrics: Metrics,
  pods: readonly PodView[],
  endsMs: readonly number[],
): Clue[] {
  const before = endsMs.map((ms) => ({ fromMs: ms, toMs: ms }));
  const worst = near(metrics, "memory", pods, before)
    .filter(({ value }) => value >= fullShare)
    .sort((a, b) => b.value - a.value)[0];
  if (metrics.state !== "present" || worst === undefined) return [];
  return [
    speaksFor.moderate(
      `its memory was at ${percent(worst.value)} of the limit at ${iso(worst.atMs)}`,
      sourceOf(metrics.value, "container_memory_working_set_bytes"),
      { see: seeQuery(metrics.value, worst.of.expression), group: "memory" },
    ),
  ];
}

interface Look {
  readonly of: ContainerMetric;
  readonly atMs: number;
  readonly value: number;
}

function near(
  metrics: Metrics,
  name: "throttling" | "memory",
  pods: readonly PodView[],
  during: readonly Span[],
): Look[] {
  if (metrics.state !== "present") return [];
  const part = metrics.value[name];
  if (part.state !== "present") return [];
  const slack = Math.max(slackMs, 2 * metrics.value.stepMs);
  return part.value
    .filter((of) => isOfOne(of, pods))
    .flatMap((of) =>
      of.points
        .filter(([atMs]) => during.some((s) => atMs >= s.fromMs - slack && atMs <= s.toMs + slack))
        .map(([atMs, value]) => ({ of, atMs, value })),
    );
}

const isOfOne = (
  { namespace, pod }: Pick<ContainerMetric, "namespace" | "pod">,
  pods: readonly PodView[],
): boolean => pods.some(({ ref }) => ref.name === pod && ref.namespace === namespace);

function limitOf(
  pods: readonly PodView[],
  { pod, container }: ContainerMetric,
  resource: string,
): string | undefined {
  const own = pods.find(({ ref }) => ref.name === pod)?.containers.find(({ name }) => name === container);
  return own?.spec.resources?.limits?.[resource];
}

/** A container of a pod that is not among these any more was killed for memory. */
export function oomKillOfGonePod(metrics: Metrics, pods: readonly PodView[]): ContainerSpan | undefined {
  if (metrics.state !== "present" || metrics.value.oomKills.state !== "present") return undefined;
  return metrics.value.oomKills.value.find((kill) => !isOfOne(kill, pods));
}

/** Times without a ready endpoint, latest last. */
export function emptyEndpoints(metrics: Metrics): readonly Span[] {
  if (metrics.state !== "present" || metrics.value.readyEndpoints.state !== "present") return [];
  return metrics.value.readyEndpoints.value.empty;
}

/** The autoscaler wanted as many pods as it may have, for so long. */
export function autoscalerAtMaxClues(metrics: Metrics, name: string): Clue[] {
  if (metrics.state !== "present" || metrics.value.autoscaler.state !== "present") return [];
  const scaler = metrics.value.autoscaler.value.find((s) => s.name === name);
  const span = scaler?.atMax.at(-1);
  if (scaler === undefined || span === undefined) return [];
  return [
    speaksFor.moderate(
      `it wanted ${scaler.max} replicas, all that it may have, from ${iso(span.fromMs)} to ${iso(span.toMs)}`,
      sourceOf(metrics.value, "kube_horizontalpodautoscaler_status_desired_replicas"),
      { see: seeQuery(metrics.value, scaler.expression), group: "limited" },
    ),
  ];
}

/** The gateway says of itself that its last reload failed. */
export function failedReloadClues(metrics: Metrics): Clue[] {
  if (metrics.state !== "present" || metrics.value.failedReloads.state !== "present") return [];
  const span = metrics.value.failedReloads.value.at(-1);
  if (span === undefined) return [];
  return [
    speaksFor.moderate(
      `its metric says that the last reload failed, from ${iso(span.fromMs)} to ${iso(span.toMs)}`,
      sourceOf(metrics.value, "nginx_ingress_controller_config_last_reload_successful"),
      { group: "reload" },
    ),
  ];
}

const sourceOf = ({ server }: MetricsView, metric: string): string => `${metric}, Prometheus at ${server}`;

/** The same numbers as they are now. */
const seeQuery = ({ server }: MetricsView, expression: string): string =>
  see.shell("curl", "-sG", `${server}/api/v1/query`, "--data-urlencode", `query=${expression}`);

const percent = (share: number): string => `${Math.round(share * 100)} %`;
const iso = (ms: number): string => new Date(ms).toISOString();
