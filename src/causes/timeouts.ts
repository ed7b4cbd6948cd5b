import type { GatewaySettings, Setting } from "../derive/views.ts";
import type { Observed } from "../evidence/observed.ts";
import type { LoggedRequest, PathStats, Traffic } from "../logs/traffic.ts";
import { failuresOf } from "./requests.ts";

/** Requests whose upstream was connected and sent no header in time. */
export const responseTimeouts = (traffic: Traffic): LoggedRequest[] =>
  failuresOf({ state: "present", value: traffic }, "response-timeout");

export interface PathSkew {
  /** Paths on which requests timed out. */
  readonly slow: readonly PathStats[];
  /** Paths of the same route with traffic and no failure. */
  readonly fast: readonly PathStats[];
  readonly slowFailed: number;
}

/** Which paths time out while others of the same route answer. */
export function pathSkew(traffic: Traffic): PathSkew {
  const slow = traffic.paths.filter((p) => p.failed > 0);
  const fast = traffic.paths.filter((p) => p.failed === 0 && p.requests >= 3);
  return { slow, fast, slowFailed: slow.reduce((n, p) => n + p.failed, 0) };
}

/** The timer of the attempts that timed out, from the settings or from where their durations pile up. */
export function readTimer(
  timeouts: readonly LoggedRequest[],
  settings: Observed<GatewaySettings>,
): Setting<number> {
  const durations = timeouts
    .flatMap((r) =>
      r.attempts.filter((a) => a.failure === "response-timeout").map((a) => a.endMs - a.startMs),
    )
    .sort((a, b) => a - b);
  const middle = durations[Math.floor(durations.length / 2)] ?? 0;
  const set = settings.state === "present" ? settings.value.readTimeoutMs : undefined;
  if (set !== undefined && Math.abs(set.value - middle) <= Math.max(1500, set.value * 0.05)) return set;
  return {
    value: Math.round(middle / 1000) * 1000,
    from: "default",
    source: "where the durations of the timeouts pile up, gateway access log",
  };
}

/** The slowest success on any of these paths, ms; undefined when nothing succeeded. */
export function slowestSuccess(paths: readonly PathStats[]): number | undefined {
  const values = paths.flatMap((p) => p.maxSuccessMs ?? []);
  return values.length === 0 ? undefined : Math.max(...values);
}
