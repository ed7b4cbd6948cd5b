import type { EventView, Gateway, PodView, Termination } from "../../derive/views.ts";
import type { Observed } from "../../evidence/observed.ts";
import type { Traffic } from "../../logs/traffic.ts";

/** A gateway container that ended, and when. */
export interface GatewayEnd {
  readonly pod: PodView;
  readonly container: string;
  readonly termination: Termination;
  readonly restarts: number;
}

const marginMs = 5 * 60_000;

/** When the newest event was seen: as near to "now" as facts come. Undefined without events. */
export function newestEvent(events: Observed<readonly EventView[]>): number | undefined {
  return events.state === "present" ? events.value.at(-1)?.lastMs : undefined;
}

/** Gateway containers that ended inside the logged window (±5 min), or in the last hour without logs. */
export function recentEnds(
  gateway: Gateway,
  traffic: Observed<Traffic>,
  collectedMs: number | undefined,
): GatewayEnd[] {
  const [from, to] =
    traffic.state === "present"
      ? [traffic.value.fromMs - marginMs, traffic.value.toMs + marginMs]
      : [(collectedMs ?? Infinity) - 60 * 60_000, Infinity];
  return gateway.pods.flatMap((pod) =>
    pod.containers.flatMap((container) =>
      container.terminations
        .filter((t) => t.finishedMs !== undefined && t.finishedMs >= from && t.finishedMs <= to)
        .map((termination) => ({
          pod,
          container: container.name,
          termination,
          restarts: container.restarts,
        })),
    ),
  );
}

/**
 * Minutes without a single request that touch one of these moments. A gap tells something only on a
 * route that is otherwise asked all the time: it must be twice as long as every other gap in the log.
 */
export function silentMinutes(traffic: Observed<Traffic>, moments: readonly number[]): number {
  if (traffic.state !== "present" || moments.length === 0) return 0;
  const gaps = gapsOf(traffic.value.perMinute.map((m) => m.fromMs));
  const touches = (gap: Gap): boolean => moments.some((m) => m >= gap.fromMs - minuteMs && m <= gap.toMs);
  const usual = Math.max(0, ...gaps.filter((g) => !touches(g)).map(minutesOf));
  const silent = gaps.filter((g) => touches(g) && minutesOf(g) > 2 * usual);
  return silent.reduce((sum, g) => sum + minutesOf(g), 0);
}

const minuteMs = 60_000;
/** Fewer minutes with requests than these say nothing of what is usual. */
const fewestMinutes = 5;

interface Gap {
  readonly fromMs: number;
  readonly toMs: number;
}

function gapsOf(minutes: readonly number[]): Gap[] {
  if (minutes.length < fewestMinutes) return [];
  return minutes
    .slice(1)
    .map((toMs, i) => ({ fromMs: minutes[i]! + minuteMs, toMs }))
    .filter((gap) => gap.toMs > gap.fromMs);
}

const minutesOf = (gap: Gap): number => (gap.toMs - gap.fromMs) / minuteMs;
