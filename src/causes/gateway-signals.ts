import type { Observed } from "../evidence/observed.ts";
import { type ObjectRef, ref } from "../evidence/object-ref.ts";
import type { GatewaySignal, GatewaySignalKind } from "../logs/traffic.ts";

/** Signals of these kinds, in the order of the log; none when the log was not read. */
export function signalsOf(
  log: Observed<readonly GatewaySignal[]>,
  ...kinds: readonly GatewaySignalKind[]
): GatewaySignal[] {
  return log.state === "present" ? log.value.filter((s) => kinds.includes(s.kind)) : [];
}

/** "log of ingress-nginx/controller-abc at 2026-11-18T10:02:11Z" */
export function signalSource(signal: GatewaySignal): string {
  const at = signal.timeMs === undefined ? "" : ` at ${new Date(signal.timeMs).toISOString()}`;
  return `log of ${signal.gatewayPod ?? "the gateway"}${at}`;
}

/** "ingress-nginx/controller-abc" as a Pod, for a command that shows its log. */
export function gatewayPodRef(signal: GatewaySignal): ObjectRef | undefined {
  const [namespace, name] = signal.gatewayPod?.split("/") ?? [];
  return namespace === undefined || name === undefined ? undefined : ref("Pod", name, namespace);
}
