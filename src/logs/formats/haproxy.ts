import { timeLocalMs } from "../clock.ts";
import type { AccessFields, AccessFormat, AttemptFields } from "./access-line.ts";
import { type HaproxyMeaning, meaningOfState, slowestRefusalMs } from "./haproxy-meaning.ts";
import { upstreamNameOfBackend } from "./haproxy-names.ts";
import { messageOf } from "./haproxy-prefix.ts";
import { type HaproxyRest, restOf } from "./haproxy-request.ts";
import { optional } from "./json-values.ts";

/**
 * HAProxy's HTTP log, as `option httplog` and `option httpslog` write it (haproxy src/log.c `default_http_log_format`,
 * `default_https_log_format`), and so jcmoraisjr/haproxy-ingress; haproxytech/kubernetes-ingress sets the same fields with the
 * host before the path (pkg/haproxy/env/defaults.go):
 *
 *     CLIENT:PORT [ACCEPTED] FRONTEND BACKEND/SERVER TR/Tw/Tc/Tr/Ta STATUS BYTES CC CS STATE ac/fc/bc/sc/rc sq/bq {captures} {captures} "REQUEST"
 *
 * Known from HAProxy 2.6 itself: every state that test/logs/real-haproxy.test.ts holds, retries, `<NOSRV>`, `<BADREQ>`, captures and
 * lines cut at 1,024 bytes. Composed from its documentation: `PC`, `RC`, `D`, `K`, `U` and `I` states.
 *
 * The time is that of the first byte of the request, in the writer's own zone, which the line does not name: it is read
 * as UTC unless a collector's stamp tells the zone. `bodyBytes` is what was sent to the client, headers included. The server's address is not logged: an
 * attempt's address is BACKEND/SERVER, unless the server itself is named by an address.
 */
export const haproxy: AccessFormat = { name: "haproxy", localTime: true, read };

const numbers =
  /^(\S{1,150}):(\d{1,5}) \[(\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d)\.(\d{3})\] (\S{1,200}) (\S{1,300})\/(\S{1,200}) (-1|\d{1,10})\/(-1|\d{1,10})\/(-1|\d{1,10})\/(-1|\d{1,10})\/(\+?)(-1|\d{1,10}) (-1|\d{1,3}) \+?(\d{1,15}) \S{1,1000} \S{1,1000} ([A-Za-z-]{4}) \d{1,10}\/\d{1,10}\/\d{1,10}\/\d{1,10}\/(\+?)(\d{1,5}) \d{1,10}\/\d{1,10} /;

/** The fields up to the queues. */
interface Numbers {
  readonly backend: string;
  readonly server: string;
  readonly queueMs: number;
  readonly connectMs: number;
  readonly responseMs: number;
  readonly totalMs: number;
  /** `option logasap`: written when the headers had come, not when all was sent. */
  readonly early: boolean;
  /** From the request's headers on, without the queue, but with what passed between retries, which `Tw` counts. */
  readonly serverMs: number;
  readonly retries: number;
  /** The last retry went to another server. */
  readonly redispatched: boolean;
}

/** More retries than this in one request are not believed. */
const maxRetries = 100;

function read(line: string): AccessFields | undefined {
  const text = messageOf(line);
  const m = numbers.exec(text);
  if (m === null) return undefined;
  const startMs = timeMs(m[3] ?? "") + Number(m[4]);
  const rest = restOf(text.slice(m[0].length), line.length);
  if (Number.isNaN(startMs) || rest === undefined) return undefined;
  const parts = numbersOf(m);
  const status = Math.max(0, Number(m[14]));
  const frontend = (m[5] ?? "").replace(/~$/, "");
  const hasServer = !parts.server.startsWith("<") && parts.server !== "-";
  const hasBackend = hasServer || parts.backend !== frontend;
  const state = m[16] ?? "----";
  const meaning = meaningOfState({
    state,
    status,
    connectMs: parts.connectMs,
    responseMs: parts.responseMs,
    // Without a server the last retry was counted and not made.
    perTryMs: parts.serverMs / (hasServer ? parts.retries + 1 : Math.max(1, parts.retries)),
    retries: parts.retries,
    hasServer,
    hasBackend,
  });
  return {
    endMs: startMs + Math.max(0, parts.totalMs),
    exact: true,
    ...(parts.early || parts.totalMs < 0 ? {} : { durationMs: parts.totalMs }),
    ...requestFields(rest),
    status,
    bodyBytes: Number(m[15]),
    client: (m[1] ?? "").replace(/^::ffff:(?=\d{1,3}\.)/, ""),
    ...(hasBackend ? { upstreamName: upstreamNameOfBackend(parts.backend) } : {}),
    attempts: attemptsOf(parts, hasServer && wasTried(state, parts), status, meaning),
    logsUpstream: true,
    ...meaning,
  };
}

function numbersOf(m: RegExpExecArray): Numbers {
  const [requestMs, queueMs, connectMs, responseMs] = [m[8], m[9], m[10], m[11]].map(Number);
  const totalMs = Number(m[13]);
  const retries = Math.min(maxRetries, Number(m[18]));
  return {
    backend: m[6] ?? "",
    server: m[7] ?? "",
    queueMs: queueMs ?? -1,
    connectMs: connectMs ?? -1,
    responseMs: responseMs ?? -1,
    totalMs,
    early: m[12] === "+",
    serverMs: Math.max(
      0,
      totalMs - Math.max(0, requestMs ?? 0) - (retries > 0 ? 0 : Math.max(0, queueMs ?? 0)),
    ),
    retries,
    redispatched: m[17] === "+",
  };
}

const requestFields = ({ method, path, request, host, userAgent }: HaproxyRest) => ({
  method,
  path,
  request,
  ...optional("host", host),
  ...optional("userAgent", userAgent),
});

/** In its queue and in the rules before it, a named server has not been asked. */
const wasTried = (state: string, { connectMs }: Numbers): boolean =>
  connectMs >= 0 || (!"RQT".includes(state.charAt(1)) && state.charAt(0) !== "L");

function attemptsOf(
  parts: Numbers,
  tried: boolean,
  status: number,
  { failure, message, clientLeft }: HaproxyMeaning,
): AttemptFields[] {
  const address = addressOf(parts);
  const attempts: AttemptFields[] = [];
  for (let i = 1; i <= parts.retries; i++) {
    attempts.push({
      address: tried && !parts.redispatched ? address : "-",
      group: 0,
      failure: classOfRetry(parts, failure),
      message: `try ${i} of ${parts.retries + 1}, retried`,
    });
  }
  if (!tried) return attempts;
  const { connectMs, responseMs, retries, early, serverMs } = parts;
  attempts.push({
    address,
    group: 0,
    ...(responseMs >= 0 ? { status } : {}),
    ...(retries === 0 && !early ? { durationMs: serverMs } : {}),
    ...(retries === 0 || connectMs < 0 ? { connectMs: connectMs < 0 ? null : connectMs } : {}),
    ...(retries === 0 || responseMs < 0
      ? { headerMs: responseMs < 0 ? null : Math.max(0, connectMs) + responseMs }
      : {}),
    ...(clientLeft === true ? {} : { ...optional("failure", failure), ...optional("message", message) }),
  });
  return attempts;
}

/**
 * Only a failed connection is retried unless `retry-on` says more; `Tw` and `Tc` count all tries. A refused one takes no longer
 * than a second, so a connect timeout of a second or less would pass for it.
 */
function classOfRetry(
  { queueMs, connectMs, retries }: Numbers,
  last: HaproxyMeaning["failure"],
): HaproxyMeaning["failure"] & string {
  if (last === "connect-refused" || last === "unreachable" || last === "connect-timeout") return last;
  const perTryMs = (Math.max(0, queueMs) + connectMs) / retries;
  return connectMs >= 0 && perTryMs <= slowestRefusalMs ? "connect-refused" : "unclassified";
}

/** With `backend-server-naming: ip` haproxy-ingress names a server by its address. */
const addressOf = ({ backend, server }: Numbers): string =>
  /^(?:\d{1,3}\.){3}\d{1,3}:\d{1,5}$|^\[[0-9a-f:.]{2,45}\]:\d{1,5}$/.test(server)
    ? server
    : `${backend}/${server}`;

let lastSecond = "";
let lastSecondMs = Number.NaN;

/** Lines of one second share their time. */
function timeMs(second: string): number {
  if (second !== lastSecond) {
    lastSecondMs = timeLocalMs(`${second} +0000`);
    lastSecond = second;
  }
  return lastSecondMs;
}
