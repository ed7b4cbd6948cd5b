import type { Configuration, ServerBlock } from "./configuration.ts";
import { customErrors, customErrorTargets } from "./custom-errors.ts";
import { needsRegex } from "./location-order.ts";
import { locationBlock } from "./location-template.ts";
import { limitZones } from "./limits.ts";
import { workersPort } from "./metrics.ts";
import { quoted } from "./quote.ts";
import type { GlobalSettings } from "./settings.ts";

/** Where the gateway's files are. */
export interface Places {
  readonly folder: string;
  /** Lua files of the balancer. */
  readonly lua: string;
  /** A pipe to the container's stdout. */
  readonly accessLog: string;
  /** Folder of nginx's modules. */
  readonly modules: string;
  /** DNS servers of the pod. */
  readonly nameservers: readonly string[];
}

/** Ports that only the gateway itself uses (kubernetes/ingress-nginx internal/nginx/main.go, pkg/flags/flags.go). */
export const statusPort = 10246;
const defaultServerPort = 8181;

/**
 * nginx.conf as ingress-nginx writes it (rootfs/etc/nginx/template/nginx.tmpl), as far as it decides what is
 * answered and logged. Endpoints are not in it: Lua picks them.
 */
export function nginxConf(configuration: Configuration, settings: GlobalSettings, places: Places): string {
  const { servers } = configuration;
  return `${mainBlock(settings, places)}
http {
${indented([...httpLines(settings, places), ...upstreamLines(settings, places), ...limitZones(servers)])}
${servers.map((server) => serverBlock(server, settings)).join("\n")}
${ownServers}
}
`;
}

/** What the master logs goes by the default level of a build: error. */
const mainBlock = (
  s: GlobalSettings,
  { folder, modules }: Places,
): string => `load_module ${modules}/ndk_http_module.so;
load_module ${modules}/ngx_http_lua_module.so;
pid ${folder}/nginx.pid;
user root;
daemon off;
worker_processes ${s.workerProcesses};
${s.workerOpenFiles === undefined ? "" : `worker_rlimit_nofile ${s.workerOpenFiles};\n`}worker_shutdown_timeout ${s.workerShutdownTimeout};
error_log stderr error;
events {
  multi_accept on;
  worker_connections ${s.workerConnections};
  use epoll;
}`;

const httpLines = (s: GlobalSettings, { folder, lua, accessLog, nameservers }: Places): string[] => [
  `lua_package_path "${lua}/?.lua;;";`,
  "lua_shared_dict configuration_data 20m;",
  'init_by_lua_block { require("resty.core") require("balancer") require("monitor") }',
  `init_worker_by_lua_block { require("balancer").init_worker() require("monitor").init_worker(${workersPort}) }`,
  "tcp_nopush on;",
  "tcp_nodelay on;",
  "log_subrequest on;",
  "reset_timedout_connection on;",
  `keepalive_timeout ${s.keepAlive}s;`,
  `keepalive_requests ${s.keepAliveRequests};`,
  `client_body_temp_path ${folder}/client-body;`,
  `proxy_temp_path ${folder}/proxy-temp;`,
  `fastcgi_temp_path ${folder}/fastcgi-temp;`,
  `uwsgi_temp_path ${folder}/uwsgi-temp;`,
  `scgi_temp_path ${folder}/scgi-temp;`,
  "client_header_buffer_size 1k;",
  `client_header_timeout ${s.clientHeaderTimeout}s;`,
  `large_client_header_buffers ${s.largeClientHeaderBuffers};`,
  "client_body_buffer_size 8k;",
  `client_body_timeout ${s.clientBodyTimeout}s;`,
  "types_hash_max_size 2048;",
  "server_names_hash_max_size 1024;",
  "server_names_hash_bucket_size 128;",
  "variables_hash_bucket_size 256;",
  "variables_hash_max_size 2048;",
  "ignore_invalid_headers on;",
  `limit_req_status ${s.limitReqStatus};`,
  `limit_conn_status ${s.limitConnStatus};`,
  "default_type text/html;",
  "server_tokens off;",
  "uninitialized_variable_warn off;",
  `log_format upstreaminfo escape=${s.logEscape} ${quoted(s.logFormat)};`,
  `access_log ${accessLog} upstreaminfo;`,
  `error_log stderr ${s.errorLogLevel};`,
  ...(nameservers.length === 0 ? [] : [`resolver ${nameservers.join(" ")} valid=30s;`]),
  'geo $literal_dollar { default "$"; }',
  "map $http_upgrade $connection_upgrade { default upgrade; '' ''; }",
  'map $http_x_request_id $req_id { default $http_x_request_id; "" $request_id; }',
  "server_name_in_redirect off;",
  "port_in_redirect off;",
  "proxy_ssl_session_reuse on;",
  ...(s.customHttpErrors.length === 0 ? [] : ["proxy_intercept_errors on;"]),
  ...customErrorTargets("upstream-default-backend", s.customHttpErrors),
  s.httpSnippet,
];

const upstreamLines = (s: GlobalSettings, _places: Places): string[] => [
  "upstream upstream_balancer {",
  "  server 0.0.0.1;",
  '  balancer_by_lua_block { require("balancer").balance() }',
  ...(s.upstreamKeepaliveConnections === "0"
    ? []
    : [
        `  keepalive ${s.upstreamKeepaliveConnections};`,
        `  keepalive_time ${s.upstreamKeepaliveTime};`,
        `  keepalive_timeout ${s.upstreamKeepaliveTimeout}s;`,
        `  keepalive_requests ${s.upstreamKeepaliveRequests};`,
      ]),
  "}",
];

function serverBlock(server: ServerBlock, s: GlobalSettings): string {
  const isRegex = needsRegex(server.locations);
  const isCatchAll = server.host === "_";
  const lines = [
    `server_name ${quoted(server.host.startsWith("*.") ? `~^(?<subdomain>[\\w-]+)\\.${escaped(server.host.slice(2))}$` : server.host)};`,
    isCatchAll ? "listen 80 default_server reuseport backlog=4096;" : "listen 80;",
    'set $proxy_upstream_name "-";',
    server.serverSnippet,
    ...customErrors(server.locations),
    ...server.locations.flatMap((location) => locationBlock(location, s, isRegex)),
    ...(isCatchAll ? ["location /healthz { access_log off; return 200; }"] : []),
    s.serverSnippet,
    ...customErrors([], s.customHttpErrors),
  ];
  return `  server {\n${indented(lines, "    ")}\n  }`;
}

const ownServers = `  server {
    listen ${defaultServerPort} default_server reuseport backlog=4096;
    set $proxy_upstream_name "internal";
    access_log off;
    location / { return 404; }
  }
  server {
    listen 127.0.0.1:${statusPort};
    set $proxy_upstream_name "internal";
    keepalive_timeout 0;
    access_log off;
    location /healthz { return 200; }
    location /is-dynamic-lb-initialized { content_by_lua_block { require("configuration").is_initialized() } }
    location /nginx_status { stub_status on; }
    location /configuration {
      client_max_body_size 21m;
      client_body_buffer_size 21m;
      content_by_lua_block { require("configuration").receive() }
    }
    location / { return 404; }
  }`;

const escaped = (text: string): string => text.replaceAll(".", String.raw`\.`);

const indented = (lines: readonly string[], by = "  "): string =>
  lines
    .filter((line) => line !== "")
    .map((line) => `${by}${line}`)
    .join("\n");
