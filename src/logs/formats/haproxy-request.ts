import { splitRequest } from "./access-line.ts";
import { splitUrl, withoutPort } from "./json-values.ts";

/** Captured headers and the request, at the end of an HTTP line. */
export interface HaproxyRest {
  readonly method: string;
  readonly path: string;
  readonly request: string;
  readonly host?: string;
  readonly userAgent?: string;
}

/** HAProxy cuts its lines at 1,024 bytes unless told otherwise, syslog's part of it included; a shorter one was cut by others. */
const shortestCutLine = 900;

/**
 * `{host|agent} {} "GET / HTTP/1.1"`; undefined for a line that was cut before or inside its request by someone else than
 * HAProxy. In `%r` and in captures a quote, a brace and "#" are written as #22, #7B, #23 (src/log.c `hdr_encode_map`).
 */
export function restOf(text: string, lineLength: number): HaproxyRest | undefined {
  const captured: string[] = [];
  let at = 0;
  for (let group = 0; group < 2 && text.charCodeAt(at) === 123; group++) {
    const close = text.indexOf("} ", at);
    if (close === -1) return undefined;
    captured.push(...text.slice(at + 1, close).split("|", 50));
    at = close + 2;
  }
  if (text.charCodeAt(at) !== 34) return undefined;
  const end = endOfRequest(text, at + 1);
  if (end === -1 && lineLength < shortestCutLine) return undefined;
  const request = decode(text.slice(at + 1, end === -1 ? text.length : end));
  const host = captured.find((value) => domain.test(value));
  const userAgent = captured.find((value) => agent.test(value));
  return {
    ...targetOf(request),
    request,
    ...(host === undefined ? {} : { host: decode(host) }),
    ...(userAgent === undefined ? {} : { userAgent: decode(userAgent) }),
  };
}

/** Captured headers have no names: a domain name is taken for the host, PRODUCT/VERSION for the user agent. */
const domain = /^[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){0,8}\.[A-Za-z]{2,63}(?::\d{1,5})?$/;
const agent = /^[A-Za-z][\w.-]{0,60}\/\d/;

/** The first quote after the protocol, which HAProxy takes no request without: with a format of one's own the path may have quotes, and quoted fields may follow. */
function endOfRequest(text: string, from: number): number {
  const first = text.indexOf('"', from);
  if (first === -1) return -1;
  const version = /HTTP\/\d(?:\.\d)?"/g;
  version.lastIndex = from;
  const protocol = version.exec(text);
  if (protocol !== null) return protocol.index + protocol[0].length - 1;
  return text.slice(from, first).includes("<BADREQ>") ? first : -1;
}

function targetOf(request: string): Pick<HaproxyRest, "method" | "path" | "host"> {
  if (request.includes("<BADREQ>")) return { method: "", path: "<BADREQ>" };
  const { method, path } = splitRequest(request);
  const target = request.slice(method.length + 1);
  const url = splitUrl(target.slice(0, Math.max(target.lastIndexOf(" "), 0)) || target);
  if (url !== undefined) return { method, path, host: withoutPort(url.host) };
  const slash = path.indexOf("/");
  if (slash <= 0 || method === "CONNECT") return { method, path };
  return { method, path: path.slice(slash), host: withoutPort(path.slice(0, slash)) };
}

const decode = (text: string): string =>
  text.includes("#")
    ? text.replace(/(?:#[0-9A-F]{2})+/g, (run) =>
        Buffer.from(run.replaceAll("#", ""), "hex").toString("utf8"),
      )
    : text;
