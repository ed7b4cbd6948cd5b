import type { Gateway, PodView, Termination } from "../../derive/views.ts";
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

/** Whole minutes without a single request between minutes with traffic, touching one of these moments. */
export function silentMinutes(traffic: Observed<Traffic>, moments: readonly number[]): number {
  if (traffic.state !== "present" || moments.length === 0) return 0;
  const minutes = traffic.value.perMinute;
  let silent = 0;
  for (let i = 1; i < minutes.length; i++) {
    const gapFrom = minutes[i - 1]!.fromMs + 60_000;
    const gapTo = minutes[i]!.fromMs;
    const touches = moments.some((m) => m >= gapFrom - 60_000 && m <= gapTo);
    if (gapTo > gapFrom && touches) silent += (gapTo - gapFrom) / 60_000;
  }
  return silent;
}
