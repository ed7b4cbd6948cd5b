import { slashedMs } from "../clock.ts";

/** One line of an nginx error log. */
export interface NginxErrorLine {
  /** Written in the gateway's own zone, read as if it were UTC. */
  readonly localMs: number;
  readonly level: string;
  readonly pid?: number;
  /** Number of the client's connection: joins lines of one connection, not of one request. */
  readonly connection?: number;
  /** What happened, errno text and " while …" included. */
  readonly message: string;
  /** errno as a number: its text differs between libc implementations. */
  readonly errno?: number;
  /** "connecting to upstream", "reading response header from upstream", … */
  readonly action?: string;
  readonly client?: string;
  readonly server?: string;
  readonly request?: string;
  /** The line ended inside the request (nginx cuts lines at 2,048 bytes). */
  readonly requestCut?: boolean;
  readonly subrequest?: string;
  readonly upstream?: string;
  /** The peer in `upstream`: "10.42.3.17:8080", "unix:/run/app.sock", or an upstream's name. */
  readonly address?: string;
  readonly host?: string;
  /** Of Kong's and APISIX's nginx (`lua_kong_error_log_request_id`, `lua_error_log_request_id`); their access lines have it too. */
  readonly requestId?: string;
}

const head = /^(\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d) \[([a-z]+)\] (?:(\d+)#\d+: )?(?:\*(\d+) )?/;
const clientPart = /, client: ([^,]*), server: ([^,]*)/;

/**
 * Reads one error-log line (grammar: nginx src/core/ngx_log.c and ngx_http_log_error_handler in
 * src/http/ngx_http_request.c). The request is logged raw there, quotes and all, so it ends at the
 * quote before ", upstream: ", ", subrequest: ", ", host: " or at the end of the line. OpenResty puts ", context: ngx.timer" and
 * Kong and APISIX put ", request_id: " there as well.
 */
export function readNginxError(line: string): NginxErrorLine | undefined {
  const start = head.exec(line);
  if (start === null) return undefined;
  const [whole, time = "", level = "", pid, connection] = start;
  const localMs = slashedMs(time);
  if (Number.isNaN(localMs)) return undefined;
  const rest = line.slice(whole.length);
  const client = clientPart.exec(rest);
  const message = withoutResolver(client === null ? rest : rest.slice(0, client.index));
  const errno = /\((\d{1,3}): [^()]*\)/.exec(message)?.[1];
  const action = / while ([a-zA-Z][a-zA-Z ]{2,60})$/.exec(message)?.[1];
  return {
    localMs,
    level,
    ...(pid === undefined ? {} : { pid: Number(pid) }),
    ...(connection === undefined ? {} : { connection: Number(connection) }),
    message,
    ...(errno === undefined ? {} : { errno: Number(errno) }),
    ...(action === undefined ? {} : { action }),
    ...(client === null ? {} : context(rest.slice(client.index + client[0].length), client[1], client[2])),
  };
}

const withoutResolver = (text: string): string => text.replace(/, (?:resolver|context): .*$/, "");

function context(
  text: string,
  client: string | undefined,
  server: string | undefined,
): Partial<NginxErrorLine> {
  const request = quotedAfter(text, ', request: "');
  const after = request === undefined ? text : text.slice(request.end);
  const subrequest = quotedAfter(after, ', subrequest: "');
  const upstream = quotedAfter(after, ', upstream: "');
  const host = quotedAfter(after, ', host: "');
  const requestId = requestIdAt.exec(text)?.[1];
  const address = upstream === undefined ? undefined : addressOf(upstream.text);
  return {
    ...(client === undefined || client === "" ? {} : { client }),
    ...(server === undefined || server === "" ? {} : { server }),
    ...(request === undefined ? {} : { request: request.text, ...(request.cut ? { requestCut: true } : {}) }),
    ...(subrequest === undefined ? {} : { subrequest: subrequest.text }),
    ...(upstream === undefined ? {} : { upstream: upstream.text }),
    ...(address === undefined ? {} : { address }),
    ...(host === undefined ? {} : { host: host.text }),
    ...(requestId === undefined ? {} : { requestId }),
  };
}

/** The last field of a line, so that nothing a client sends can stand in for it. */
const requestIdAt = /", request_id: "([0-9A-Za-z-]{1,128})"$/;

const ends = ['", subrequest: "', '", upstream: "', '", host: "', '", referrer: "', '", request_id: "'];

function quotedAfter(text: string, label: string): { text: string; end: number; cut: boolean } | undefined {
  const at = text.indexOf(label);
  if (at === -1) return undefined;
  const from = at + label.length;
  const stops = ends.map((end) => text.indexOf(end, from)).filter((stop) => stop !== -1);
  if (stops.length > 0) {
    const stop = Math.min(...stops);
    return { text: text.slice(from, stop), end: stop + 1, cut: false };
  }
  const last = text.lastIndexOf('"');
  return last >= from
    ? { text: text.slice(from, last), end: last + 1, cut: false }
    : { text: text.slice(from), end: text.length, cut: true };
}

/** "http://10.42.3.17:8080/api" → "10.42.3.17:8080". */
function addressOf(upstream: string): string | undefined {
  const scheme = upstream.indexOf("://");
  const from = scheme === -1 ? 0 : scheme + 3;
  if (upstream.startsWith("unix:", from)) {
    const socket = /^unix:.*?\.sock(?=[:/]|$)/.exec(upstream.slice(from));
    return socket?.[0] ?? upstream.slice(from);
  }
  const slash = upstream.indexOf("/", from);
  const address = upstream.slice(from, slash === -1 ? upstream.length : slash);
  return address === "" ? undefined : address;
}
