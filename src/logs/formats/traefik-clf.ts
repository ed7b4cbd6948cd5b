import { timeLocalMs } from "../clock.ts";
import { type AccessFields, type AccessFormat, splitRequest } from "./access-line.ts";
import { firstForwarded } from "./client-address.ts";
import { optional, splitUrl } from "./json-values.ts";
import { meaningOfTraefik } from "./traefik-meaning.ts";
import { traefikAttempts } from "./traefik-attempts.ts";
import { integer } from "./upstream-lists.ts";

/**
 * Traefik's `common` format (traefik pkg/middlewares/accesslog/logger_formatters.go `CommonLogFormatter`), composed from that file:
 *
 *     CLIENT - USER [START] "METHOD PATH PROTOCOL" STATUS BYTES "REFERER" "AGENT" COUNT "ROUTER" "SERVER URL" DURATIONms
 *
 * The time is when the request began. Traefik escapes nothing: what it writes itself is read from the left up to the
 * first client's header and from the right down to the agent. CLIENT is X-Forwarded-For when the client sent one that
 * Traefik trusts. Older releases have the status and size of the service there (`OriginStatus`).
 */
export const traefikClf: AccessFormat = { name: "traefik", read };

const tail = / (\d{1,20}|-) (?:"([^" ]{1,500})"|-) (?:"([^" ]{1,500})"|-) (\d{1,12})ms$/;
const longestTail = 1100;

function read(line: string): AccessFields | undefined {
  if (!line.endsWith("ms")) return undefined;
  const from = Math.max(0, line.length - longestTail);
  const end = tail.exec(line.slice(from));
  const head = readClfHead(line);
  if (end === null || head === undefined) return undefined;
  const [, , router, url] = end;
  const agentEnd = from + end.index;
  const agent = agentOf(line, head.end, agentEnd);
  if (agent === undefined) return undefined;
  const durationMs = Number(end[4]);
  const server = url === undefined || url === "-" ? undefined : splitUrl(url);
  const meaning = meaningOfTraefik({
    status: head.status,
    bodyBytes: head.bodyBytes,
    method: head.method,
    asked: server !== undefined,
    scheme: url?.slice(0, url.indexOf(":")) ?? "",
    durationMs,
  });
  const { answered: _answered, ...told } = meaning;
  return {
    endMs: head.startMs + durationMs,
    exact: false,
    durationMs,
    ...head.request,
    status: head.status,
    bodyBytes: head.bodyBytes ?? 0,
    client: head.client,
    ...optional("userAgent", agent === "" ? undefined : agent),
    ...optional("upstreamName", router === "-" ? undefined : router),
    attempts: traefikAttempts(
      { address: server?.host, retries: 0, status: head.status, durationMs },
      meaning,
    ),
    logsUpstream: true,
    ...told,
  };
}

/**
 * Traefik's `genericCLF`: the same without what Traefik itself adds, byte for byte the shape of nginx's `combined`. Only who names it gets it
 * read so: its time is the start of the request, and the sizes of Traefik's own bodies tell its answers.
 */
export const traefikGenericClf: AccessFormat = {
  name: "traefik-generic",
  read(line: string): AccessFields | undefined {
    const head = readClfHead(line);
    const agent = head === undefined ? undefined : agentOf(line, head.end, line.length);
    if (head === undefined || agent === undefined) return undefined;
    const { status, bodyBytes, method } = head;
    const outcome = { status, bodyBytes, method, asked: undefined, scheme: "", durationMs: undefined };
    const { answered: _answered, ...told } = meaningOfTraefik(outcome);
    return {
      endMs: head.startMs,
      exact: false,
      ...head.request,
      status,
      bodyBytes: bodyBytes ?? 0,
      client: head.client,
      ...optional("userAgent", agent === "" ? undefined : agent),
      attempts: [],
      logsUpstream: false,
      ...told,
    };
  },
};

interface ClfHead {
  readonly client: string;
  readonly startMs: number;
  readonly method: string;
  readonly request: Pick<AccessFields, "method" | "path" | "request">;
  readonly status: number;
  readonly bodyBytes: number | undefined;
  /** Place after the size. */
  readonly end: number;
}

const timeChars = 26;
const numbers = /^(\d{3}) (\d{1,15}|-) /;

/** `203.0.113.9 - - [20/Nov/2026:14:47:01 +0000] "GET /api HTTP/1.1" 502 11 `. Go lets no space into a request's URI, so its end is certain. */
function readClfHead(line: string): ClfHead | undefined {
  const close = line.indexOf('] "');
  if (close < timeChars + 6 || line.charCodeAt(close - timeChars - 1) !== 91) return undefined;
  const startMs = timeLocalMs(line.slice(close - timeChars, close));
  const who = line.slice(0, close - timeChars - 2);
  const dash = who.indexOf(" - ");
  const quote = line.indexOf('" ', close + 3);
  if (Number.isNaN(startMs) || dash <= 0 || quote === -1) return undefined;
  const m = numbers.exec(line.slice(quote + 2, quote + 30));
  if (m === null) return undefined;
  const request = line.slice(close + 3, quote);
  const { method, path } = splitRequest(request);
  return {
    client: firstForwarded(who.slice(0, dash)),
    startMs,
    method,
    request: { method: method === "-" ? "" : method, path: path === "-" ? "" : path, request },
    status: Number(m[1]),
    bodyBytes: integer(m[2]),
    end: quote + 2 + m[0].length,
  };
}

/** `"REFERER" "AGENT"`: the agent is what follows the first `" "`; undefined when the two are not there. */
function agentOf(line: string, from: number, to: number): string | undefined {
  const both = line.slice(from, to);
  if (!both.startsWith('"') || !both.endsWith('"')) return undefined;
  const between = both.indexOf('" "', 1);
  if (between === -1) return undefined;
  const agent = both.slice(between + 3, -1);
  return agent === "-" ? "" : agent;
}
