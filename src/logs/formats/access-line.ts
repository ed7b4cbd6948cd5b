import type { FailureClass, LogHop, Origin } from "../traffic.ts";

/** One attempt as the access line spells it, before error-log lines are joined and classes decided. */
export interface AttemptFields {
  address: string;
  /** Counts internal redirects: attempts of an error page's or X-Accel-Redirect's upstream have a higher group. */
  group: number;
  status?: number;
  durationMs?: number;
  connectMs?: number | null;
  headerMs?: number | null;
  responseBytes?: number;
  /** Bytes received from the upstream, header included. */
  receivedBytes?: number;
  /** Set by formats whose line names the failure itself; with it nothing is guessed from the status. */
  failure?: FailureClass;
  /** The line's own words for it: "UF remote_connection_failure|delayed_connect_error:_111". */
  message?: string;
}

/** One access line. */
export interface AccessFields {
  endMs: number;
  /** Whether `endMs` is exact to the millisecond; else it is the start of the second in which the request ended. */
  exact: boolean;
  /** Absent: the format does not log it. */
  durationMs?: number;
  method: string;
  path: string;
  /** The request line as it was sent, escapes undone; the key to error-log lines. */
  request: string;
  host?: string;
  status: number;
  bodyBytes: number;
  requestBytes?: number;
  client: string;
  userAgent?: string;
  requestId?: string;
  upstreamName?: string;
  alternativeUpstreamName?: string;
  attempts: AttemptFields[];
  /** Whether the format names the upstream's address at all. */
  logsUpstream: boolean;
  /** Set when the line itself says that the request failed and how, whatever its status; the client saw it. */
  failure?: FailureClass;
  origin?: Origin;
  /** The field that says so: "target_status_code is -", "flag UF", "SC--". */
  originReason?: string;
  message?: string;
  /** The line says that the client went away before the answer (499 of nginx is known without). */
  clientLeft?: boolean;
  /** Pod of the gateway, when the line names it. */
  gatewayPod?: string;
  /** Real name of the line's format, when the reader knows several ("envoy-json" of all JSON formats). */
  format?: string;
  /** Where the writer of this line stands, when it differs from line to line (a sidecar among gateways). */
  hop?: LogHop;
}

/** What counting a plain success needs; one object is filled again and again. */
export interface Glance {
  endMs: number;
  durationMs: number;
  status: number;
  method: string;
  path: string;
  client: string;
  /** Length of the request; NaN when it is not logged. */
  requestBytes: number;
  upstreamName: string;
  host: string;
  /** Empty when no upstream was asked. */
  address: string;
  /** Real name of the line's format; empty when the format has one name only. */
  format: string;
  /** Empty when the format's own holds. */
  hop: LogHop | "";
}

export const newGlance = (): Glance => ({
  endMs: 0,
  durationMs: Number.NaN,
  status: 0,
  method: "",
  path: "",
  client: "",
  requestBytes: Number.NaN,
  upstreamName: "",
  host: "",
  address: "",
  format: "",
  hop: "",
});

/** One gateway's access format. A new gateway is a file with one of these, listed in formats/all.ts. */
export interface AccessFormat {
  /** As the report names it: "ingress-nginx". */
  readonly name: string;
  /** Where the writer of such lines stands; absent: "gateway". */
  readonly hop?: LogHop;
  /** Lines begin with an ISO time, which the walk over lines takes for a collector's prefix. */
  readonly startsWithTime?: boolean;
  /** Its times are of the writer's own zone, which no line names, read as if it were UTC. */
  readonly localTime?: boolean;
  /** undefined: not a line of this format. */
  read(line: string): AccessFields | undefined;
  /**
   * Fast look: "plain" when the line is a success (2xx, 3xx, 4xx but 499) of at most one attempt and `out` is
   * filled; "look" when it must be read in full (`endMs` and `upstreamName` are filled); "other" when it is
   * not of this format. Formats without it are read in full line by line.
   */
  glance?(line: string, out: Glance): "plain" | "look" | "other";
}

/** Splits "GET /cart?x=1 HTTP/1.1"; garbage becomes the path, with an empty method. */
export function splitRequest(request: string): { method: string; path: string } {
  const first = request.indexOf(" ");
  if (first <= 0) return { method: "", path: request };
  const last = request.lastIndexOf(" ");
  const path = last > first ? request.slice(first + 1, last) : request.slice(first + 1);
  return { method: request.slice(0, first), path: originForm(path) };
}

/** Absolute-form targets ("GET http://host/path") lose their scheme and host. */
export function originForm(path: string): string {
  if (!path.startsWith("http://") && !path.startsWith("https://")) return path;
  const slash = path.indexOf("/", 8);
  return slash === -1 ? "/" : path.slice(slash);
}

export const isPlainStatus = (status: number): boolean => status >= 200 && status < 500 && status !== 499;
