import type { GatewaySignal } from "../traffic.ts";
import { quotedTokens } from "./aws-tokens.ts";
import { optional } from "./json-values.ts";
import { isoTimeMs } from "./iso-time.ts";
import { integer } from "./upstream-lists.ts";

/** One connection of a Network Load Balancer's TLS listener. There is no request and no status in it. */
export interface NlbTlsLine {
  /** When the connection ended; the log is exact to the second. */
  readonly endMs: number;
  readonly client: string;
  /** "ip:port" of the target; absent when none was reached. */
  readonly target?: string;
  /** From the first packet to the last. */
  readonly connectionMs?: number;
  /** Absent: there was no handshake, or it failed. */
  readonly handshakeMs?: number;
  readonly receivedBytes?: number;
  readonly sentBytes?: number;
  /** TLS alert that the client sent (RFC 8446 §6): 46 certificate unknown, 48 unknown CA. */
  readonly alert?: number;
  readonly serverName?: string;
}

/**
 * Log version 2.0 of "Access logs for your Network Load Balancer" in the Elastic Load Balancing guide:
 *
 *     tls 2.0 TIME ELB LISTENER CLIENT:PORT DESTINATION:PORT CONNECTION_MS HANDSHAKE_MS RECEIVED SENT ALERT CERT SERIAL
 *     CIPHER PROTOCOL GROUP DOMAIN ALPN_FE ALPN_BE ALPN_CLIENT CREATED
 *
 * The last fields came later; twelve are the least that a whole line has.
 */
export function readNlbTls(line: string): NlbTlsLine | undefined {
  if (!line.startsWith("tls ")) return undefined;
  const tokens = quotedTokens(line, 24);
  if (tokens.length < 18) return undefined;
  const endMs = isoTimeMs(tokens[2] ?? "");
  if (Number.isNaN(endMs) || tokens[5] === undefined) return undefined;
  const [target, serverName] = [tokens[6], tokens[17]].map((value) => (value === "-" ? undefined : value));
  return {
    endMs,
    client: tokens[5],
    ...optional("target", target),
    ...optional("connectionMs", integer(tokens[7])),
    ...optional("handshakeMs", integer(tokens[8])),
    ...optional("receivedBytes", integer(tokens[9])),
    ...optional("sentBytes", integer(tokens[10])),
    ...optional("alert", integer(tokens[11])),
    ...optional("serverName", serverName),
  };
}

/**
 * What such a line says of trouble: the handshake with the client failed, or the client ended it with an alert other
 * than close_notify (0) and user_canceled (90). Whether the target answered cannot be told from it.
 */
export function nlbTlsSignal(line: NlbTlsLine): Pick<GatewaySignal, "kind" | "about"> | undefined {
  const alerted = line.alert !== undefined && line.alert !== 0 && line.alert !== 90;
  if (!alerted && line.handshakeMs !== undefined) return undefined;
  return { kind: "client-tls-failed", ...optional("about", line.serverName) };
}
