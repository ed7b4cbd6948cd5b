/** Lines as HAProxy 2.6 wrote them of test/logs/real/haproxy.ts, with names and addresses of a cluster put in; states beyond those by its documentation. */
const at = "[20/Nov/2026:14:48:55.775]";
const counts = "14/14/2/0/0 0/0";
const from = `10.42.0.1:55262 ${at} http-in`;

/** jcmoraisjr/haproxy-ingress, `option httplog`. */
export const community = {
  success: `${from} shop_orders_8080/srv001 0/0/1/18/19 200 1893 - - ---- ${counts} "GET /orders?page=2 HTTP/1.1"`,
  refused: `${from} shop_orders_8080/srv001 0/0/-1/-1/3006 503 217 - - SC-- 14/14/2/0/3 0/0 "GET /orders HTTP/1.1"`,
  redispatched: `${from} shop_orders_8080/srv002 0/0/1001/4/1005 200 312 - - ---- 14/14/2/0/+1 0/0 "GET /orders HTTP/1.1"`,
  unreachable: `${from} shop_orders_8080/srv001 0/0/-1/-1/12344 503 217 - - SC-- 14/14/2/0/3 0/0 "GET /orders HTTP/1.1"`,
  connectTimeout: `${from} shop_orders_8080/srv001 0/0/-1/-1/20012 503 217 - - sC-- 14/14/2/0/3 0/0 "GET /orders HTTP/1.1"`,
  noServer: `${from} shop_web_3000/<NOSRV> 0/-1/-1/-1/0 503 217 - - SC-- 9/9/0/0/0 0/0 "GET / HTTP/1.1"`,
  noServerLeft: `${from} shop_web_3000/<NOSRV> 0/0/-1/-1/2002 503 217 - - SC-- 9/9/0/0/+2 0/0 "GET / HTTP/1.1"`,
  noServerLeftInTime: `${from} shop_web_3000/<NOSRV> 0/0/-1/-1/1001 503 217 - - sC-- 9/9/0/0/+1 0/0 "GET / HTTP/1.1"`,
  noBackend: `${from} http-in/<NOSRV> 0/-1/-1/-1/0 503 217 - - SC-- 9/9/0/0/0 0/0 "GET / HTTP/1.1"`,
  queue: `${from} shop_web_3000/<NOSRV> 0/5001/-1/-1/5001 503 217 - - sQ-- 80/80/40/0/0 0/31 "GET / HTTP/1.1"`,
  queueOfServer: `${from} shop_web_3000/srv001 0/5001/-1/-1/5001 503 217 - - sQ-- 80/80/40/0/0 3/31 "GET / HTTP/1.1"`,
  closed: `${from} shop_orders_8080/srv002 0/0/1/-1/2 502 209 - - SH-- 13/13/1/1/0 0/0 "POST /orders HTTP/1.1"`,
  responseTimeout: `${from} shop_orders_8080/srv002 0/0/0/-1/50001 504 198 - - sH-- 13/13/1/1/0 0/0 "GET /report HTTP/1.1"`,
  badResponse: `${from} shop_orders_8080/srv002 0/0/0/-1/3 502 209 - - PH-- ${counts} "GET /orders HTTP/1.1"`,
  rewriteFailed: `${from} shop_orders_8080/srv002 0/0/0/-1/3 500 209 - - PH-- ${counts} "GET /orders HTTP/1.1"`,
  cut: `${from} shop_orders_8080/srv002 0/0/0/2/7 200 812 - - SD-- ${counts} "GET /export HTTP/1.1"`,
  stalled: `${from} shop_orders_8080/srv002 0/0/0/2/50004 200 812 - - sD-- ${counts} "GET /export HTTP/1.1"`,
  badChunk: `${from} shop_orders_8080/srv002 0/0/0/2/9 200 812 - - PD-- ${counts} "GET /export HTTP/1.1"`,
  app503: `${from} shop_orders_8080/srv002 0/0/0/5/5 503 98 - - ---- ${counts} "GET /orders HTTP/1.1"`,
  app500: `${from} shop_orders_8080/srv002 0/0/0/5/5 500 98 - - ---- ${counts} "GET /orders HTTP/1.1"`,
  ports: `${from} shop_orders_8080/srv002 0/0/-1/-1/0 503 217 - - RC-- ${counts} "GET /orders HTTP/1.1"`,
  sockets: `${from} shop_orders_8080/srv002 0/0/-1/-1/0 503 217 - - PC-- ${counts} "GET /orders HTTP/1.1"`,
  markedDown: `${from} shop_orders_8080/srv002 0/0/1/-1/812 503 217 - - DH-- ${counts} "GET /orders HTTP/1.1"`,
  killed: `${from} shop_orders_8080/srv002 0/0/1/4/812 200 2170 - - KD-- ${counts} "GET /orders HTTP/1.1"`,
  returned: `${from} shop_web_3000/<NOSRV> 0/-1/-1/-1/0 503 107 - - LR-- ${counts} "GET /maintenance HTTP/1.1"`,
  denied: `${from} shop_web_3000/<NOSRV> 0/-1/-1/-1/0 403 192 - - PR-- ${counts} "GET /admin HTTP/1.1"`,
  denied503: `${from} shop_web_3000/<NOSRV> 0/-1/-1/-1/0 503 217 - - PR-- ${counts} "GET /limited HTTP/1.1"`,
  tarpit: `${from} shop_web_3000/<NOSRV> 0/5000/-1/-1/5000 500 217 - - PT-- ${counts} "GET /wp-login.php HTTP/1.1"`,
  garbage: `${from} http-in/<NOSRV> -1/-1/-1/-1/0 400 0 - - PR-- ${counts} "<BADREQ>"`,
  neverAsked: `${from} http-in/<NOSRV> -1/-1/-1/-1/10000 408 0 - - cR-- ${counts} "<BADREQ>"`,
  left: `${from} shop_orders_8080/srv002 0/0/1/-1/9998 -1 0 - - CH-- ${counts} "GET /slow HTTP/1.1"`,
  leftEarly: `${from} shop_orders_8080/srv002 0/0/-1/-1/300 -1 0 - - CC-- ${counts} "GET /slow HTTP/1.1"`,
  leftQueue: `${from} shop_orders_8080/srv002 0/300/-1/-1/300 -1 0 - - CQ-- ${counts} "GET /slow HTTP/1.1"`,
  leftMidway: `${from} shop_orders_8080/srv002 0/0/1/4/9998 200 40960 - - CD-- ${counts} "GET /export HTTP/1.1"`,
  webSocket: `${from} shop_web_3000/srv001 0/0/1/2/3600004 101 40960 - - sD-- ${counts} "GET /socket HTTP/1.1"`,
  early: `${from} shop_orders_8080/srv001 0/0/1/18/+19 200 +189 - - ---- ${counts} "GET /orders HTTP/1.1"`,
  captures: `${from} shop_orders_8080/srv001 0/0/1/18/19 502 209 a=1 - SHVN ${counts} {shop.example|Mozilla/5.0 (X11; #7Bx#7D) Firefox/132.0} {} "GET /orders HTTP/1.1"`,
  tls: `10.42.0.1:55262 ${at} https-in~ shop_orders_8080/srv001 0/0/1/-1/19 502 209 - - SH-- ${counts} "GET https://shop.example/orders HTTP/2.0"`,
  httpslog: `10.42.0.1:55262 ${at} https-in~ shop_orders_8080/srv001 0/0/1/-1/19 502 209 - - SH-- ${counts} "GET /orders HTTP/1.1" 0/0000000000000000/0/0/0 shop.example/TLSv1.3/TLS_AES_256_GCM_SHA384`,
  ipv6: `2001:db8::9:55262 ${at} http-in shop_orders_8080/[fd00::17]:8080 0/0/-1/-1/1 503 217 - - SC-- ${counts} "GET /orders HTTP/1.1"`,
  namedByAddress: `::ffff:203.0.113.9:55262 ${at} http-in shop_orders_8080/10.42.3.17:8080 0/0/1/-1/2 502 209 - - SH-- ${counts} "GET /orders HTTP/1.1"`,
  longRequest: `${from} shop_orders_8080/srv002 0/0/1/-1/2 502 209 - - SH-- 13/13/1/1/0 0/0 "GET /orders/${"a".repeat(880)}`,
} as const;

const process = "haproxy[11]: ";

/** As syslog carries them. */
export const wrapped = {
  tag: `${process}${community.closed}`,
  rfc3164: `<134>Nov 20 14:48:55 ${process}${community.closed}`,
  rfc3164WithHost: `<134>Nov  2 14:48:55 node-1 ${process}${community.closed}`,
  rfc5424: `<134>1 2026-11-20T14:48:55.778123+00:00 node-1 haproxy 11 - - ${community.closed}`,
  iso: `2026-11-20T14:48:55.778123+00:00 node-1 ${process}${community.closed}`,
  priority: `<134>${community.closed}`,
} as const;

/** haproxytech/kubernetes-ingress: the host before the path, names with `svc`. */
export const vendor = {
  success: `10.244.0.1:5793 ${at} https~ shop_svc_orders_http/SRV_1 0/0/1/2/3 200 653 - - ---- 1/1/0/0/0 0/0 "GET shop.example/orders HTTP/2.0"`,
  refused: `10.244.0.1:5793 ${at} https~ shop_svc_orders_http/SRV_1 0/0/-1/-1/2003 503 217 - - SC-- 1/1/0/0/3 0/0 "GET shop.example/orders HTTP/2.0"`,
  standalone: `10.244.0.1:5793 ${at} http shop_web_svc_orders_8080/SRV_2 0/0/1/-1/3 502 209 - - SH-- 1/1/0/0/0 0/0 "GET shop.example:8080/orders HTTP/1.1"`,
  quoteInPath: `10.244.0.1:5793 ${at} http shop_svc_orders_http/SRV_2 0/0/1/-1/3 502 209 - - SH-- 1/1/0/0/0 0/0 "GET shop.example/a"b HTTP/1.1"`,
} as const;

/** Lines that are no requests. */
export const events = {
  down: `${process}Server shop_web_3000/srv001 is DOWN, reason: Layer4 connection problem, info: "Connection refused", check duration: 0ms. 0 active and 0 backup servers left. 0 sessions active, 0 requeued, 0 remaining in queue.`,
  backupDown: `Backup Server shop_web_3000/srv009 is DOWN, reason: Layer7 wrong status, code: 503, info: "Service Unavailable", check duration: 2ms. 1 active and 0 backup servers left.`,
  up: `<133>Nov 20 14:48:55 ${process}Server shop_web_3000/srv001 is UP, reason: Layer7 check passed, code: 200, check duration: 1ms. 1 active and 0 backup servers online. 0 sessions requeued, 0 total in queue.`,
  maintenance:
    "Server shop_svc_orders_http/SRV_1 is going DOWN for maintenance. 1 active and 0 backup servers left. 0 sessions active, 0 requeued, 0 remaining in queue.",
  wasDown: "Server shop_svc_orders_http/SRV_1 was DOWN and now enters maintenance.",
  ready: "Server shop_svc_orders_http/SRV_1 is UP/READY (leaving forced maintenance).",
  stopping: "Server static/web1 is stopping. 1 active and 0 backup servers left.",
  noServer: `${process}backend shop_web_3000 has no server available!`,
  noServerOnStderr: "[ALERT]    (8) : backend 'static' has no server available!",
  noPorts: "Connect() failed for backend shop_web_3000: no free ports.",
  descriptors: "Proxy http-in reached process FD limit (maxsock=1024). Please check 'ulimit-n' and restart.",
  badConfig: "[ALERT]    (8) : Fatal errors found in configuration.",
  oldStderr: "[WARNING] 324/144855 (8) : Reexecuting Master process",
  worker: "[NOTICE]   (1) : New worker (29) forked",
  check: `${process}Health check for server shop_web_3000/srv001 failed, reason: Layer4 timeout, check duration: 2001ms, status: 2/3 UP.`,
  proxy: "Proxy http-in started.",
  tcp: `10.42.0.1:55262 ${at} pg shop_db_5432/srv001 0/1/61000 4096 -- 1/1/1/0/0 0/0`,
} as const;

export const lines: readonly string[] = [community, wrapped, vendor].flatMap((group) => Object.values(group));
