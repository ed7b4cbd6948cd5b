import { refText } from "../evidence/object-ref.ts";
import { mapObserved, type Observed } from "../evidence/observed.ts";
import type { KnownChange } from "../logs/patterns/changes.ts";
import type { Pattern } from "../logs/patterns/pattern.ts";
import { patternsOf } from "../logs/patterns/patterns-of.ts";
import type { RouteTimer } from "../logs/patterns/timers-at.ts";
import type { GatewaySignal, Traffic } from "../logs/traffic.ts";
import type { Observations } from "./observations.ts";
import { placesOf } from "./places.ts";
import { probesOf, probeTiming } from "./probes.ts";
import type { GatewaySettings, PodView, Setting, Workload } from "./views.ts";

type Beside = Pick<Observations, "settings" | "pods" | "departed" | "workloads" | "gatewayLog">;

/**
 * What the route's failures look like in time, place and shape; unknown without a log. Timers, probes and
 * changes of the route are looked at where they were read.
 */
export function derivePatterns(traffic: Observed<Traffic>, beside: Beside): Observed<readonly Pattern[]> {
  return mapObserved(traffic, (seen) => {
    if (seen.failures.length + seen.masked.length + seen.aborted.length === 0) return [];
    const { settings, pods, departed, workloads, gatewayLog } = beside;
    return patternsOf(seen, {
      timers: settings.state === "present" ? timersOf(settings.value) : [],
      periodsMs: pods.state === "present" ? probePeriodsOf(pods.value) : [],
      ...(pods.state === "present"
        ? { places: placesOf(seen, pods.value, departed.state === "present" ? departed.value : []) }
        : {}),
      changes: [
        ...(workloads.state === "present" ? revisionsOf(workloads.value) : []),
        ...(gatewayLog.state === "present" ? reloadsOf(gatewayLog.value) : []),
      ],
    });
  });
}

/** Also what a proxy in front passes on as an answer of its origin's. */
const passedOn = ["response-timeout", "truncated", "unclassified", "app-status"] as const;

function timersOf(settings: GatewaySettings): RouteTimer[] {
  const tries = settings.nextUpstreamTries.value;
  const timer = (name: string, setting: Setting<number>, ends: RouteTimer["ends"] & {}): RouteTimer => ({
    ends,
    name: `${name}: ${setting.source}`,
    valueMs: setting.value,
    ...(Number.isInteger(tries) && tries > 1 ? { tries } : {}),
  });
  return [
    timer("connect timeout", settings.connectTimeoutMs, ["connect-timeout", "unclassified"]),
    timer("read timeout", settings.readTimeoutMs, passedOn),
    timer("send timeout", settings.sendTimeoutMs, passedOn),
  ];
}

const probePeriodsOf = (pods: readonly PodView[]): number[] =>
  [...new Set(pods.flatMap((pod) => probesOf(pod).map(({ probe }) => probeTiming(probe).periodMs)))].sort(
    (a, b) => a - b,
  );

const revisionsOf = (workloads: readonly Workload[]): KnownChange[] =>
  workloads.flatMap(({ ref, revisions }) =>
    revisions.map(({ createdMs, number }) => ({
      atMs: createdMs,
      name: `revision ${number} of ${refText(ref)}`,
    })),
  );

const reloadsOf = (signals: readonly GatewaySignal[]): KnownChange[] =>
  signals.flatMap(({ kind, timeMs }) =>
    kind === "reload" && timeMs !== undefined ? [{ atMs: timeMs, name: "a reload of the gateway" }] : [],
  );
