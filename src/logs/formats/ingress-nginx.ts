import { timeLocalMs } from "../clock.ts";
import {
  type AccessFields,
  type AccessFormat,
  type Glance,
  isPlainStatus,
  originForm,
  splitRequest,
} from "./access-line.ts";
import { unescapeNginx } from "./nginx-escape.ts";
import { attemptsOf, integer, readList, seconds } from "./upstream-lists.ts";

/**
 * The default `log-format-upstream` of ingress-nginx (internal/ingress/controller/config/config.go).
 *
 * nginx escapes double quotes inside values, so the first quote of a line opens the request and the
 * quotes pair up, whatever a client sends. With `log-format-escape-none` they do not; then the fields
 * are found from the last `" N N [` of the line. The request id comes from a client's header and may
 * hold anything, so the lists before it are read from the left and counted.
 */
export const ingressNginx: AccessFormat = { name: "ingress-nginx", read, glance };

/** Positions in a line; -1 in `q1` when it is not of the format. */
interface Layout {
  q1: number;
  q2: number;
  q5: number;
  q6: number;
  upstreamFrom: number;
  upstreamTo: number;
  alternativeTo: number;
}

const layout: Layout = { q1: -1, q2: 0, q5: 0, q6: 0, upstreamFrom: 0, upstreamTo: 0, alternativeTo: 0 };

/** Length of `[20/Nov/2026:14:47:01 +0000] `. */
const timeChars = 29;

function locate(line: string): boolean {
  const q1 = line.indexOf('"');
  if (q1 < timeChars + 6 || line.charCodeAt(q1 - 2) !== 93 || line.charCodeAt(q1 - timeChars) !== 91)
    return false;
  const q2 = line.indexOf('"', q1 + 1);
  if (q2 === -1) return false;
  const q3 = line.indexOf('"', q2 + 1);
  const q4 = line.indexOf('"', q3 + 1);
  const q6 = line.indexOf('"', q4 + 3);
  layout.q1 = q1;
  layout.q2 = q2;
  layout.q5 = q4 + 2;
  layout.q6 = q6;
  const paired = q3 !== -1 && q4 !== -1 && q6 !== -1 && line.charCodeAt(q4 + 2) === 34;
  const escaped = paired && line.indexOf('"', q6 + 1) === -1;
  return (escaped && locateUpstream(line, q6 + 2)) || locateFromEnd(line);
}

/**
 * From `612 0.019 [shop-orders-80] [] 10.42…` on. Names hold no brackets, so each ends at the first: a format without
 * the second name must not find it in the request id.
 */
function locateUpstream(line: string, at: number): boolean {
  const space = line.indexOf(" ", at);
  const bracket = line.indexOf(" [", space + 1);
  if (space === -1 || bracket === -1 || line.indexOf(" ", space + 1) !== bracket) return false;
  const close = line.indexOf("]", bracket + 2);
  if (close === -1 || !line.startsWith("] [", close)) return false;
  const end = line.indexOf("]", close + 3);
  if (end === -1 || line.charCodeAt(end + 1) !== 32) return false;
  layout.upstreamFrom = bracket + 2;
  layout.upstreamTo = close;
  layout.alternativeTo = end;
  return true;
}

/** Quotes inside values: the last place that looks like the numeric fields counts. Linear in the line's length. */
function locateFromEnd(line: string): boolean {
  const bracket = line.lastIndexOf(" [", line.lastIndexOf("] ["));
  const q6 = bracket === -1 ? -1 : line.lastIndexOf('"', bracket);
  const pair = q6 <= layout.q1 ? -1 : line.lastIndexOf('" "', q6 - 1);
  if (pair === -1 || !/^ \d{1,15} [\d.]{1,15}$/.test(line.slice(q6 + 1, bracket))) return false;
  layout.q5 = pair + 2;
  layout.q6 = q6;
  const middle = /" \d{3} \d{1,15} "/.exec(line.slice(layout.q1 + 1, pair + 1));
  if (middle === null) return false;
  layout.q2 = layout.q1 + 1 + middle.index;
  return locateUpstream(line, q6 + 2);
}

let lastTime = "";
let lastTimeMs = Number.NaN;

/** Lines of one second share their time. */
function timeMs(text: string): number {
  if (text !== lastTime) {
    lastTimeMs = timeLocalMs(text);
    lastTime = text;
  }
  return lastTimeMs;
}

function glance(line: string, out: Glance): "plain" | "look" | "other" {
  if (!locate(line)) return "other";
  const { q1, q2, q6 } = layout;
  const endMs = timeMs(line.slice(q1 - 28, q1 - 2));
  const status = integer(line.slice(q2 + 2, q2 + 5));
  if (Number.isNaN(endMs) || status === undefined || line.charCodeAt(q2 + 5) !== 32) return "other";
  out.endMs = endMs;
  out.status = status;
  out.upstreamName = alternativeName(line) ?? upstreamName(line);
  const address = layout.alternativeTo + 2;
  const stop = line.indexOf(" ", address);
  const time = line.indexOf(" ", line.indexOf(" ", stop + 1) + 1);
  if (stop === -1 || time <= stop || line.indexOf(" ", time + 1) === -1) return "other";
  if (!isPlainStatus(status) || !isSingle(line, stop, time + 1)) return "look";
  const requestEnd = line.indexOf(" ", q1 + 1);
  const pathEnd = line.lastIndexOf(" ", q2 - 1);
  if (requestEnd === -1 || requestEnd >= pathEnd) return "look";
  out.method = line.slice(q1 + 1, requestEnd);
  out.path = originForm(line.slice(requestEnd + 1, pathEnd));
  out.client = line.slice(0, line.indexOf(" "));
  out.address = stop - address === 1 ? "" : line.slice(address, stop);
  const lengthEnd = line.indexOf(" ", q6 + 2);
  out.requestBytes = integer(line.slice(q6 + 2, lengthEnd)) ?? Number.NaN;
  out.durationMs = seconds(line.slice(lengthEnd + 1, layout.upstreamFrom - 2)) ?? Number.NaN;
  return "plain";
}

/** One attempt whose own status is not a server error. */
function isSingle(line: string, addressEnd: number, statusAt: number): boolean {
  if (line.charCodeAt(addressEnd - 1) === 44 || line.charCodeAt(addressEnd + 1) === 58) return false;
  const first = line.charCodeAt(statusAt);
  return first !== 53 && first !== 48;
}

function upstreamName(line: string): string {
  const name = line.slice(layout.upstreamFrom, layout.upstreamTo);
  return name === "-" ? "" : name;
}

/** The canary's upstream, when it took the request: the request then counts as the canary's. */
function alternativeName(line: string): string | undefined {
  const name = line.slice(layout.upstreamTo + 3, layout.alternativeTo);
  return name === "" || name === "-" ? undefined : name;
}

function read(line: string): AccessFields | undefined {
  if (!locate(line)) return undefined;
  const { q1, q2, q5, q6 } = layout;
  const endMs = timeMs(line.slice(q1 - 28, q1 - 2));
  const status = integer(line.slice(q2 + 2, q2 + 5));
  const bodyEnd = line.indexOf(" ", q2 + 6);
  const lengthEnd = line.indexOf(" ", q6 + 2);
  if (Number.isNaN(endMs) || status === undefined || bodyEnd === -1) return undefined;
  const request = unescapeNginx(line.slice(q1 + 1, q2));
  const alternative = alternativeName(line);
  const name = upstreamName(line);
  const columns = readColumns(line, layout.alternativeTo + 2);
  if (columns === undefined) return undefined;
  const requestBytes = integer(line.slice(q6 + 2, lengthEnd));
  const durationMs = seconds(line.slice(lengthEnd + 1, layout.upstreamFrom - 2));
  return {
    endMs,
    exact: false,
    ...(durationMs === undefined ? {} : { durationMs }),
    ...splitRequest(request),
    request,
    status,
    bodyBytes: integer(line.slice(q2 + 6, bodyEnd)) ?? 0,
    ...(requestBytes === undefined ? {} : { requestBytes }),
    client: line.slice(0, line.indexOf(" ")),
    userAgent: unescapeNginx(line.slice(q5 + 1, q6)),
    upstreamName: name,
    ...(alternative === undefined ? {} : { alternativeUpstreamName: alternative }),
    ...columns,
    logsUpstream: true,
  };
}

/** Undefined when the line was cut before its request id. */
function readColumns(line: string, at: number): Pick<AccessFields, "attempts" | "requestId"> | undefined {
  const address = readList(line, at, maxAttempts);
  const length = readList(line, address.end + 1, maxAttempts);
  const time = readList(line, length.end + 1, maxAttempts);
  const status = readList(line, time.end + 1, time.items.length);
  if (status.end >= line.length) return undefined;
  const requestId = line.slice(status.end + 1);
  return {
    attempts: attemptsOf({ address, length, time, status }),
    ...(requestId === "" ? {} : { requestId }),
  };
}

/** More attempts than this in one request are not believed. */
const maxAttempts = 1000;
