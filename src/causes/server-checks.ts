import type { ObjectRef } from "../evidence/object-ref.ts";
import type { Observed } from "../evidence/observed.ts";
import type { GatewaySignal } from "../logs/traffic.ts";
import type { Explains } from "./requests.ts";

/** Servers of one Service that HAProxy's own health checks took out, all for the same reason. */
export interface FailedChecks {
  /** "Layer6 invalid response, info: "SSL handshake failure"". */
  readonly reason: string;
  /** "shop_orders_8080/srv001", once each: HAProxy says everything to its log and to stderr. */
  readonly servers: readonly string[];
  /** Requests that found no server while these were out. */
  readonly explains: Explains;
}

/** haproxy src/server.c `srv_append_status`. */
const downFor =
  /^.{0,60}Server (\S{1,500}) is DOWN, reason: (Layer[^,"]{1,80}(?:, (?:code: \d{1,3}|info: "[^"]{1,120}"))*)/;

/**
 * Checks of the Service's servers that failed for a reason that matches. A pod may be ready for Kubernetes and down for
 * HAProxy, which asks by itself, from its own place and as it asks for requests.
 */
export function failedChecks(
  log: Observed<readonly GatewaySignal[]>,
  { namespace, name }: ObjectRef,
  wanted: RegExp,
): FailedChecks | undefined {
  if (log.state !== "present") return undefined;
  const own = log.value.filter((signal) => signal.about === `${namespace ?? "default"}/${name}`);
  const signals = own.filter((s) => s.kind === "server-down" && wanted.test(reasonOf(s) ?? ""));
  const [first] = signals;
  if (first === undefined) return undefined;
  const ups = own.filter((signal) => signal.kind === "server-up").map(timeOf);
  const explains: Explains = (request, attempt) =>
    attempt === undefined &&
    request.failure === "no-endpoint" &&
    signals.some((down) => {
      const downMs = timeOf(down);
      return downMs <= request.endMs && !ups.some((upMs) => upMs > downMs && upMs < request.endMs);
    });
  const servers = [...new Set(signals.map((signal) => downFor.exec(signal.line)?.[1] ?? ""))];
  return { reason: reasonOf(first)!, servers, explains };
}

const reasonOf = ({ line }: GatewaySignal): string | undefined => downFor.exec(line)?.[2];

/** What is written without a time may have been at any. */
const timeOf = ({ timeMs }: GatewaySignal): number => timeMs ?? Number.NEGATIVE_INFINITY;
