import type { Backend, Configuration, Route } from "./configuration.ts";
import type { GlobalSettings } from "./settings.ts";
import { slotName, type Slots } from "./slots.ts";

/** Port of the runtime API on the pod's own loopback: a path to a socket file may be too long. */
export const adminPort = 10255;

/** `prometheus-port` of its ConfigMap, as the chart sets it (haproxy-ingress/charts haproxy-ingress/values.yaml). */
export const metricsPort = 9101;

/** haproxy.cfg as haproxy-ingress writes it (rootfs/etc/templates/haproxy/haproxy.tmpl), as far as it decides what is answered and logged. */
export function haproxyConf(
  { routes, backends, defaultBackend }: Configuration,
  slots: ReadonlyMap<string, Slots>,
  settings: GlobalSettings,
): string {
  return `${globalSections(settings)}
${backends.map((backend) => backendSection(backend, slots.get(backend.id)!)).join("\n")}
backend _error404
    mode http
    http-request return status 404 content-type text/html string "<html><body><h1>404 Not Found</h1>\\nThe requested URL was not found.\\n</body></html>\\n"

frontend _front_http
    mode http
    bind :80
    ${settings.logFormat === undefined ? "option httplog" : `log-format ${settings.logFormat}`}
    http-request set-var(req.path) path
    http-request set-var(req.host) hdr(host),field(1,:),lower
${indented(settings.frontendSnippet)}${routes.map(useBackend).join("\n")}
    default_backend ${defaultBackend ?? "_error404"}

frontend healthz
    mode http
    bind :10253
    monitor-uri /healthz
    no log

frontend prometheus
    mode http
    bind :${metricsPort}
    http-request use-service prometheus-exporter if { path /metrics }
    http-request return status 404
    no log
`;
}

/** One thread: of several that log at one moment to a file descriptor, HAProxy drops all lines but one (src/fd.c `fd_write_frag_line`). */
const globalSections = (s: GlobalSettings): string => `global
    nbthread 1
    stats socket ipv4@127.0.0.1:${adminPort} level admin expose-fd listeners
    maxconn ${s.maxConnections}
    hard-stop-after ${s.timeoutStop}
    log stdout len ${s.logLength} format raw local0
${indented(s.globalSnippet)}
defaults
    log global
    maxconn ${s.maxConnections}
    option redispatch
    option dontlognull
    option http-keep-alive
    timeout client          ${s.timeoutClient}
    timeout client-fin      50s
    timeout connect         5s
    timeout http-keep-alive 1m
    timeout http-request    5s
    timeout queue           5s
    timeout server          50s
    timeout server-fin      50s
    timeout tunnel          1h
`;

function backendSection({ id, settings: s }: Backend, slots: Slots): string {
  const lines = [
    "mode http",
    `balance ${s.balance}`,
    `retries ${s.retries}`,
    `timeout connect ${s.timeoutConnect}`,
    `timeout http-keep-alive ${s.timeoutKeepAlive}`,
    `timeout http-request ${s.timeoutHttpRequest}`,
    `timeout queue ${s.timeoutQueue}`,
    `timeout server ${s.timeoutServer}`,
    ...(s.checkUri === undefined ? [] : [`option httpchk ${s.checkUri}`]),
    ...limits(s.limitRps, s.limitConnections),
    "option forwardfor",
    ...(s.rewriteTarget === undefined ? [] : [`http-request replace-path ^(.*)$ ${s.rewriteTarget}`]),
    ...s.snippet.split("\n"),
    ...slots.endpoints.map((endpoint, index) => {
      const at = endpoint === undefined ? "127.0.0.1:1023 disabled" : `${endpoint.address}:${endpoint.port}`;
      return `server ${slotName(index)} ${at} weight 1${protocolOf(s.protocol)}${s.maxconnServer === undefined ? "" : ` maxconn ${s.maxconnServer}`} check inter ${s.checkInterval}`;
    }),
  ];
  return `backend ${id}\n${indented(lines.join("\n"))}`;
}

/** A client over its rate gets 429. */
function limits(rps: string | undefined, connections: string | undefined): string[] {
  if (rps === undefined && connections === undefined) return [];
  return [
    "stick-table type ip size 200k expire 5m store conn_cur,conn_rate(1s)",
    "http-request track-sc1 src",
    ...(connections === undefined
      ? []
      : [`http-request deny deny_status 429 if { sc1_conn_cur gt ${connections} }`]),
    ...(rps === undefined ? [] : [`http-request deny deny_status 429 if { sc1_conn_rate gt ${rps} }`]),
  ];
}

function protocolOf(protocol: string): string {
  const isSecure = protocol.endsWith("-ssl") || protocol === "https" || protocol === "grpcs";
  const isH2 = protocol.startsWith("h2") || protocol.startsWith("grpc");
  return `${isH2 && !isSecure ? " proto h2" : ""}${isSecure ? ` ssl${isH2 ? " alpn h2" : ""} verify none` : ""}`;
}

function useBackend({ host, path, pathType, backend }: Route): string {
  const hostMatch = host === undefined ? "" : ` { var(req.host) -m str ${host.toLowerCase()} }`;
  const of = (match: string): string => `    use_backend ${backend} if${hostMatch}${match}`;
  if (pathType === "Exact") return of(` { var(req.path) -m str ${path} }`);
  if (path === "/") return of(host === undefined ? " TRUE" : "");
  if (pathType !== "Prefix") return of(` { var(req.path) -m beg ${path} }`);
  const below = path.endsWith("/") ? path : `${path}/`;
  return [of(` { var(req.path) -m str ${path} }`), of(` { var(req.path) -m beg ${below} }`)].join("\n");
}

const indented = (text: string): string =>
  text
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => `    ${line}\n`)
    .join("");
