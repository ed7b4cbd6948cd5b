import http from "node:http";
import https from "node:https";
import { isIP } from "node:net";

/** One request, to be sent again and again. */
export interface Shot {
  readonly method: string;
  readonly url: URL;
  /** Where to connect instead of the URL's host; the Host header and the name in TLS stay the URL's. */
  readonly connectTo?: { readonly host: string; readonly port: number };
  /** A certificate that does not hold is taken. */
  readonly isInsecure: boolean;
  /** Besides Host, User-Agent, Accept and X-Request-ID. */
  readonly headers?: Readonly<Record<string, string>>;
}

const isSecure = ({ url }: Shot): boolean => url.protocol === "https:";

/** The host in brackets, as URLs have IPv6 addresses, is none for connect(2). */
const hostOf = ({ url }: Shot): string => url.hostname.replace(/^\[|\]$/g, "");

/** TLS names no addresses (RFC 6066 §3). */
const serverNameOf = (shot: Shot): string => (isIP(hostOf(shot)) === 0 ? hostOf(shot) : "");

/** Where a shot connects to. */
export function addressOfShot(shot: Shot): { readonly host: string; readonly port: number } {
  const port = shot.url.port === "" ? (isSecure(shot) ? 443 : 80) : Number(shot.url.port);
  return shot.connectTo ?? { host: hostOf(shot), port };
}

/** Keeps connections open between requests and uses them again; the one used last first. */
export const poolFor = (shot: Shot, maxSockets: number): http.Agent =>
  new (isSecure(shot) ? https : http).Agent({ keepAlive: true, maxSockets, maxFreeSockets: maxSockets });

/** Not sent yet: the headers are made of the shot, `userAgent` and `id`. */
export function requestOf(
  shot: Shot,
  { agent, userAgent, id }: { readonly agent: http.Agent; readonly userAgent: string; readonly id?: string },
): http.ClientRequest {
  const { url, method } = shot;
  return (isSecure(shot) ? https : http).request({
    method,
    ...addressOfShot(shot),
    path: url.pathname + url.search,
    agent,
    ...(isSecure(shot) ? { servername: serverNameOf(shot), rejectUnauthorized: !shot.isInsecure } : {}),
    headers: {
      Host: url.host,
      "User-Agent": userAgent,
      Accept: "*/*",
      ...(id === undefined ? {} : { "X-Request-ID": id }),
      ...shot.headers,
    },
  });
}
