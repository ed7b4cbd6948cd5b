import type { GatewaySettings, RouteScript, Script } from "./script.ts";

/** ingress-nginx's log-format-upstream (internal/ingress/controller/config/config.go). */
const upstreamInfo =
  '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent" $request_length $request_time [$proxy_upstream_name] [$proxy_alternative_upstream_name] $upstream_addr $upstream_response_length $upstream_response_time $upstream_status $req_id';

export const logName = "gateway.log";

/** nginx.conf as ingress-nginx writes it, as far as it decides what is logged and answered. */
export function nginxConfig(script: Script, dir: string, gatewayIp: string): string {
  const s = script.settings ?? {};
  const routes = routesOf(script);
  const format = (s.logFormat ?? upstreamInfo).replaceAll("'", String.raw`\'`);
  return `
user root;
daemon off;
worker_processes 1;
pid ${dir}/nginx.pid;
error_log ${dir}/${logName} ${s.errorLevel ?? "notice"};
${s.rlimitNofile === undefined ? "" : `worker_rlimit_nofile ${s.rlimitNofile};`}
worker_shutdown_timeout 240s;
events { multi_accept on; worker_connections ${s.workerConnections ?? 16384}; use epoll; }
http {
  map $http_x_request_id $req_id { default $http_x_request_id; "" $request_id; }
  log_format upstreaminfo escape=${s.logEscape ?? "default"} '${format}';
  access_log ${dir}/${logName} upstreaminfo;
  server_tokens off;
  keepalive_timeout 75s;
  keepalive_requests 1000;
  client_header_buffer_size 1k;
  client_header_timeout 60s;
  large_client_header_buffers 4 8k;
  client_body_buffer_size 8k;
  client_body_temp_path ${dir}/body;
  proxy_temp_path ${dir}/proxy;
  limit_req_status 503;
  limit_conn_status 503;
  ${script.resolver === undefined ? "" : "resolver 127.0.0.53 valid=5s ipv6=off; resolver_timeout 2s;"}
  ${limitZones(s)}
  ${s.httpSnippet ?? ""}
  ${routes.map((r, i) => upstream(r, i, s)).join("\n  ")}
  server {
    server_name _;
    listen ${gatewayIp}:80 default_server backlog=4096;
    set $proxy_upstream_name "-";
    location / { set $proxy_upstream_name "upstream-default-backend"; set $proxy_alternative_upstream_name ""; return 404; }
  }
  server {
    server_name ${script.host ?? "shop.example.com"};
    listen ${gatewayIp}:80;
    set $proxy_upstream_name "-";
    ${s.serverSnippet ?? ""}
    ${routes.map((r, i) => location(r, i, s, dir)).join("\n    ")}
  }
}
`;
}

/** The script's one route and its further ones. */
export function routesOf(script: Script): RouteScript[] {
  const named = script.routes ?? [];
  if (script.upstreamName === undefined) return [...named];
  return [
    {
      path: "/",
      upstreamName: script.upstreamName,
      servers: script.servers ?? Object.keys(script.pods ?? {}),
    },
    ...named,
  ];
}

function limitZones(s: GatewaySettings): string {
  const zone = s.limitZone ?? "shop_cart_3f1c";
  const key = "$binary_remote_addr";
  return [
    s.limitRps === undefined ? "" : `limit_req_zone ${key} zone=${zone}_rps:5m rate=${s.limitRps}r/s;`,
    s.limitConnections === undefined ? "" : `limit_conn_zone ${key} zone=${zone}_conn:5m;`,
  ].join(" ");
}

/**
 * The Lua balancer may ask the same endpoint again on each of its tries; nginx itself asks a server
 * once per request. So every server stands three times in a row of all.
 */
function upstream(route: RouteScript, index: number, s: GatewaySettings): string {
  const servers = route.servers ?? [];
  if (servers.length === 0) return "";
  const lines = [1, 2, 3].flatMap(() => servers.map((server) => `server ${server} max_fails=0;`));
  const keepalive = s.keepaliveConnections ?? 320;
  const reuse =
    keepalive === 0
      ? ""
      : `keepalive ${keepalive}; keepalive_time 1h; keepalive_timeout ${s.keepaliveTimeoutS ?? 60}s; keepalive_requests 10000;`;
  return `upstream upstream_balancer_${index} { ${lines.join(" ")} ${reuse} }`;
}

function location(route: RouteScript, index: number, s: GatewaySettings, dir: string): string {
  const protocol = s.backendProtocol ?? "HTTP";
  const grpc = protocol.startsWith("GRPC");
  const scheme = { HTTP: "http", HTTPS: "https", GRPC: "grpc", GRPCS: "grpcs" }[protocol];
  const p = grpc ? "grpc" : "proxy";
  const pass =
    route.externalName === undefined
      ? `${p}_pass ${scheme}://upstream_balancer_${index};`
      : `set $external "${route.externalName}"; ${p}_pass ${scheme}://$external;`;
  const limits = [
    s.limitRps === undefined
      ? ""
      : `limit_req zone=${s.limitZone ?? "shop_cart_3f1c"}_rps burst=${s.limitRps * 5} nodelay;`,
    s.limitConnections === undefined
      ? ""
      : `limit_conn ${s.limitZone ?? "shop_cart_3f1c"}_conn ${s.limitConnections};`,
  ].join(" ");
  const nothing = route.externalName === undefined && (route.servers ?? []).length === 0;
  const answered = route.returns ?? (nothing ? 503 : undefined);
  return `location ${route.path} {
      set $proxy_upstream_name "${route.upstreamName}";
      set $proxy_alternative_upstream_name "${route.alternativeUpstreamName ?? ""}";
      ${limits}
      ${route.snippet ?? ""}
      ${answered === undefined ? `${proxySettings(s, p, dir)} ${pass}` : `return ${answered};`}
    }`;
}

function proxySettings(s: GatewaySettings, p: "proxy" | "grpc", dir: string): string {
  const tries = `${p}_next_upstream ${s.nextUpstream ?? "error timeout"}; ${p}_next_upstream_timeout ${s.nextUpstreamTimeoutS ?? 0}; ${p}_next_upstream_tries ${s.tries ?? 3};`;
  const timeouts = `${p}_connect_timeout ${s.connectTimeoutS ?? 5}s; ${p}_read_timeout ${s.readTimeoutS ?? 60}s; ${p}_send_timeout ${s.sendTimeoutS ?? 60}s;`;
  const verify =
    s.sslVerify === true
      ? `${p}_ssl_verify on; ${p}_ssl_trusted_certificate ${dir}/ca.pem; ${p}_ssl_verify_depth 1;`
      : "";
  if (p === "grpc") return `${tries} ${timeouts} ${verify} grpc_set_header Host $host;`;
  return `${tries} ${timeouts} ${verify}
      client_max_body_size ${s.bodySize ?? "1m"};
      proxy_http_version 1.1; proxy_set_header Host $host; proxy_set_header Connection ""; proxy_set_header X-Request-ID $req_id;
      proxy_buffering ${s.buffering ?? "off"}; proxy_buffer_size ${s.bufferSize ?? "4k"}; proxy_buffers 4 ${s.bufferSize ?? "4k"}; proxy_request_buffering on;`;
}
