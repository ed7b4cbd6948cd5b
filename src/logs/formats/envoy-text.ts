import type { AccessFields, AccessFormat } from "./access-line.ts";
import { type EnvoyLine, envoyFields } from "./envoy-fields.ts";
import { isoTimeMs } from "./iso-time.ts";
import { integer } from "./upstream-lists.ts";

/**
 * Envoy's default text format, which Contour writes unless told otherwise (envoy
 * source/common/formatter/substitution_formatter.cc `DEFAULT_FORMAT`), Istio's since 1.9 (istio
 * pilot/pkg/model/telemetry_logging.go `EnvoyTextLogFormat`) and Istio's before that:
 *
 *     [START] "METHOD PATH PROTOCOL" CODE FLAGS RECEIVED SENT MS SERVICE "XFF" "AGENT" "ID" "AUTHORITY" "HOST"
 *     [START] "METHOD PATH PROTOCOL" CODE FLAGS DETAILS TERMINATION "TRANSPORT" RECEIVED … "HOST" CLUSTER LOCAL DLOCAL DREMOTE SNI ROUTE
 *     [START] "METHOD PATH PROTOCOL" CODE FLAGS "-" "TRANSPORT" RECEIVED … "HOST" CLUSTER …
 *
 * Envoy escapes nothing. What it writes itself is read from the left up to the first client's header and from the
 * right down to the upstream's address, so a quote in a header can spoil no more than the other headers.
 */
export const envoyText: AccessFormat = { name: "envoy-text", read };

/** `2026-11-20T14:47:01.488Z`, with some room for other precisions. */
const maxTimeChars = 40;
const maxHostChars = 300;

const head =
  /^"(\S+) (\S*) (\S+)" (\d{1,3}) (\S+) (?:(\S+) (\S+) "([^"]*)" |"[^"]*" "([^"]*)" )?(\d{1,18}) (\d{1,18}) (\d{1,15}|-) (\d{1,15}|-) "/;

function read(line: string): AccessFields | undefined {
  if (line.charCodeAt(0) !== 91) return undefined;
  const close = line.indexOf('] "', 1);
  if (close === -1 || close > maxTimeChars) return undefined;
  const startMs = isoTimeMs(line.slice(1, close));
  if (Number.isNaN(startMs)) return undefined;
  const rest = line.slice(close + 2);
  const m = head.exec(rest);
  if (m === null) return undefined;
  const tail = tailOf(rest, m[0].length, m[8] ?? m[9]);
  if (tail === undefined) return undefined;
  return envoyFields({
    format: "envoy-text",
    startMs,
    exact: line.slice(0, close).includes("."),
    method: set(m[1]),
    path: set(m[2]),
    protocol: set(m[3]),
    status: Number(m[4]),
    flags: set(m[5]),
    flagsLogged: true,
    details: set(m[6]),
    termination: set(m[7]),
    transport: set(m[8] ?? m[9]),
    bytesReceived: integer(m[10]),
    bytesSent: integer(m[11]) ?? 0,
    durationMs: integer(m[12]),
    serviceTimeMs: integer(m[13]),
    ...tail,
  });
}

/** "10.42.3.17:8080", "[fd00::17]:8080", "/run/app.sock", "envoy://main_internal/10.42.3.17:8080", or "-". */
const address = /^(?:-|\S*[:/@]\S+)$/;

type Tail = Pick<
  EnvoyLine,
  | "forwardedFor"
  | "userAgent"
  | "requestId"
  | "authority"
  | "upstreamHost"
  | "cluster"
  | "downstreamRemote"
  | "routeName"
>;

/** From X-Forwarded-For on; undefined when the line was cut before its upstream host, or before Istio's cluster. */
function tailOf(rest: string, from: number, transport: string | undefined): Tail | undefined {
  const hostEnd = rest.lastIndexOf('"');
  const hostStart = rest.lastIndexOf('" "', hostEnd - 1);
  if (hostStart < from) return undefined;
  const authorityStart = rest.lastIndexOf('" "', hostStart - 1);
  const idStart = rest.lastIndexOf('" "', authorityStart - 1);
  const forwardedEnd = rest.indexOf('" "', from);
  if (authorityStart < from || idStart < from || forwardedEnd >= idStart) return undefined;
  const host = rest.slice(hostStart + 3, hostEnd);
  if (host.length > maxHostChars || !address.test(host)) return undefined;
  const words = rest.slice(hostEnd + 2).split(" ");
  const ofIstio = transport !== undefined;
  if (ofIstio ? words.length < 5 : rest.length > hostEnd + 1) return undefined;
  return {
    forwardedFor: set(rest.slice(from, forwardedEnd)),
    userAgent: set(rest.slice(forwardedEnd + 3, idStart)),
    requestId: set(rest.slice(idStart + 3, authorityStart)),
    authority: set(rest.slice(authorityStart + 3, hostStart)),
    upstreamHost: set(host),
    cluster: set(words[0]),
    downstreamRemote: set(words[3]),
    routeName: set(words.slice(5).join(" ")),
  };
}

/** "-" stands for what Envoy does not have. */
const set = (value: string | undefined): string => (value === undefined || value === "-" ? "" : value);
