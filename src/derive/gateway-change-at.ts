import type { GatewaySignal } from "../logs/traffic.ts";
import { joinMs, relation, type StateAt, type Try } from "./attempt-state.ts";
import type { PodView } from "./views.ts";

/** Workers of before a reload close their idle connections at once and their busy ones as those end. */
const reloadMs = 10_000;
/** A gateway that was told to stop takes this long at most (its chart's terminationGracePeriodSeconds). */
const stopMs = 300_000;

/** The gateway pod that logged the attempt was shutting down or had just loaded a new configuration. */
export function gatewayChangeAt(
  one: Try,
  gatewayPod: string | undefined,
  signals: readonly GatewaySignal[],
  pods: readonly PodView[],
): StateAt | undefined {
  const own = signals.filter((s) => s.gatewayPod === gatewayPod);
  const stopping = pods
    .filter((pod) => gatewayPod === `${pod.ref.namespace}/${pod.ref.name}`)
    .flatMap((pod) => pod.timeline)
    .find((m) => m.kind === "delete-called" && m.atMs - joinMs <= one.endMs);
  if (stopping !== undefined)
    return {
      state: "gateway-shutdown",
      text: relation(one.endMs, stopping.atMs, `gateway: ${stopping.text}`),
      source: stopping.source,
    };
  return signalAt(one, own, "shutdown", stopMs) ?? signalAt(one, own, "reload", reloadMs);
}

function signalAt(
  one: Try,
  signals: readonly GatewaySignal[],
  kind: "shutdown" | "reload",
  lastsMs: number,
): StateAt | undefined {
  const last = signals.findLast((s) => s.kind === kind && (s.timeMs ?? Infinity) - joinMs <= one.endMs);
  const atMs = last?.timeMs;
  if (last === undefined || atMs === undefined || one.startMs > atMs + lastsMs) return undefined;
  return {
    state: kind === "reload" ? "gateway-reload" : "gateway-shutdown",
    text: relation(one.endMs, atMs, kind === "reload" ? "the gateway reloaded" : "the gateway began to stop"),
    source: `log of ${last.gatewayPod ?? "the gateway"}`,
  };
}
