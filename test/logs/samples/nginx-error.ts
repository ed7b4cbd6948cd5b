import { errorLine } from "../log-text.ts";

/** Messages of nginx's error log (src/http/ngx_http_upstream.c and others), with musl's and glibc's words for errno. */
export const error = {
  refused: errorLine("connect() failed (111: Connection refused) while connecting to upstream"),
  unreachable: errorLine("connect() failed (113: Host is unreachable) while connecting to upstream"),
  timedOut: errorLine(
    "upstream timed out (110: Operation timed out) while reading response header from upstream",
  ),
  timedOutOnGlibc: errorLine("upstream timed out (110: Connection timed out) while connecting to upstream"),
  closed: errorLine("upstream prematurely closed connection while reading response header from upstream"),
  reset: errorLine(
    "recv() failed (104: Connection reset by peer) while reading response header from upstream",
  ),
  truncated: errorLine("upstream prematurely closed connection while reading upstream"),
  header: errorLine("upstream sent too big header while reading response header from upstream"),
  tls: errorLine(
    "SSL_do_handshake() failed (SSL: error:0A00010B:SSL routines::wrong version number) while SSL handshaking to upstream",
  ),
  noLive: errorLine("no live upstreams while connecting to upstream", { upstream: "http://shop-web/" }),
  limited: errorLine('limiting requests, excess: 5.620 by zone "shop_web_rps"', { upstream: "" }),
  buffered: errorLine("an upstream response is buffered to a temporary file /tmp/1 while reading upstream", {
    level: "warn",
  }),
  lua: '2026/11/20 14:47:09 [warn] 33#33: *50409 [lua] balancer.lua:345: balance(): no peer was returned, balancer: round_robin while connecting to upstream, client: 203.0.113.9, server: shop.example, request: "GET /api/orders HTTP/1.1", host: "shop.example"',
  start: "2026/11/20 14:40:00 [notice] 1#1: start worker processes",
} as const;

export const lines: readonly string[] = Object.values(error);
