import { type Location, defaultBackendName } from "./configuration.ts";
import { customErrorTargets } from "./custom-errors.ts";
import { limitsOf } from "./limits.ts";
import { quoted } from "./quote.ts";
import type { GlobalSettings } from "./settings.ts";

/** Lines of one location, in the order of nginx.tmpl. */
export function locationBlock(location: Location, global: GlobalSettings, isRegex: boolean): string[] {
  const { source } = location;
  const body = [
    `set $namespace ${quoted(source.namespace)};`,
    `set $ingress_name ${quoted(source.ingress)};`,
    `set $service_name ${quoted(source.service)};`,
    `set $service_port ${quoted(source.port)};`,
    `set $location_path ${quoted(source.path.replaceAll("$", "${literal_dollar}"))};`,
    'rewrite_by_lua_block { require("balancer").rewrite() }',
    'log_by_lua_block { require("monitor").call() }',
    ...(location.isLogged ? [] : ["access_log off;"]),
    `set $proxy_upstream_name ${quoted(location.backend)};`,
    'set $proxy_alternative_upstream_name "";',
    ...(location.denied === undefined ? allowed(location, global) : ["return 503;"]),
  ];
  return [`location ${matcher(location, isRegex)} {`, ...body.map((line) => `  ${line}`), "}"];
}

/** template.go `buildLocation`. */
function matcher({ path, pathType }: Location, isRegex: boolean): string {
  if (isRegex) return `~* ${quoted(`^${path}`)}`;
  return pathType === "Exact" ? `= ${quoted(path)}` : quoted(path);
}

function allowed(location: Location, global: GlobalSettings): string[] {
  const { settings: s } = location;
  return [
    ...(s.authSecret === undefined ? [] : ['auth_basic "Authentication Required";']),
    ...limitsOf(location),
    `client_max_body_size ${s.bodySize};`,
    ...headers(location),
    ...proxyLines(location, global),
    s.configurationSnippet,
    global.locationSnippet,
    ...(location.backend.startsWith("custom-default-backend-") ? failureHeaders("503") : []),
    ...(s.customHttpErrors.length === 0 ? [] : ["proxy_intercept_errors on;"]),
    ...customErrorTargets(location.errorBackend, s.customHttpErrors),
    ...passLines(location),
    ...sslLines(location),
  ].filter((line) => line !== "");
}

const isGrpc = ({ settings, backend }: Location): boolean =>
  settings.protocol.startsWith("GRPC") && backend !== defaultBackendName;

function headers(location: Location): string[] {
  const directive = isGrpc(location) ? "grpc_set_header" : "proxy_set_header";
  const host = location.settings.upstreamVhost;
  const pairs: readonly (readonly [string, string])[] = [
    ["Host", host === undefined ? "$http_host" : quoted(host)],
    ["Upgrade", "$http_upgrade"],
    ["Connection", "$connection_upgrade"],
    ["X-Request-ID", "$req_id"],
    ["X-Real-IP", "$remote_addr"],
    ["X-Forwarded-For", "$remote_addr"],
    ["X-Forwarded-Host", "$http_host"],
    ["X-Forwarded-Port", "$server_port"],
    ["X-Forwarded-Proto", "$scheme"],
    ["X-Forwarded-Scheme", "$scheme"],
    ["X-Scheme", "$scheme"],
    ["X-Original-Forwarded-For", "$http_x_forwarded_for"],
    ["Proxy", '""'],
  ];
  return pairs.map(([name, value]) => `${directive} ${name} ${value};`);
}

/** What a default backend is told of the failure it answers for. */
export const failureHeaders = (code: string): string[] => [
  `proxy_set_header X-Code ${code};`,
  "proxy_set_header X-Format $http_accept;",
  "proxy_set_header X-Original-URI $request_uri;",
  "proxy_set_header X-Namespace $namespace;",
  "proxy_set_header X-Ingress-Name $ingress_name;",
  "proxy_set_header X-Service-Name $service_name;",
  "proxy_set_header X-Service-Port $service_port;",
];

function proxyLines(location: Location, global: GlobalSettings): string[] {
  const { settings: s } = location;
  const timers = (p: string): string[] => [
    `${p}_connect_timeout ${s.connectTimeoutS}s;`,
    `${p}_send_timeout ${s.sendTimeoutS}s;`,
    `${p}_read_timeout ${s.readTimeoutS}s;`,
  ];
  return [
    ...timers("proxy"),
    `proxy_buffering ${s.buffering};`,
    `proxy_buffer_size ${s.bufferSize};`,
    `proxy_buffers ${s.buffersNumber} ${s.bufferSize};`,
    `proxy_request_buffering ${s.requestBuffering};`,
    `proxy_http_version ${s.httpVersion};`,
    "proxy_cookie_domain off;",
    "proxy_cookie_path off;",
    `proxy_next_upstream ${nextUpstream(s.nextUpstream, global.retryNonIdempotent)};`,
    `proxy_next_upstream_timeout ${s.nextUpstreamTimeoutS};`,
    `proxy_next_upstream_tries ${s.nextUpstreamTries};`,
    ...(isGrpc(location) ? timers("grpc") : []),
  ];
}

/** template.go `buildNextUpstream`. */
function nextUpstream(text: string, isAlways: boolean): string {
  const words = text.split(" ").filter((word) => word !== "" && word !== "non_idempotent");
  return [...words, ...(isAlways || text.includes("non_idempotent") ? ["non_idempotent"] : [])].join(" ");
}

/** template.go `buildProxyPass`. */
function passLines(location: Location): string[] {
  const { path, settings, backend } = location;
  const { protocol, rewriteTarget: target } = settings;
  const schemes = { HTTP: "http", HTTPS: "https", GRPC: "grpc", GRPCS: "grpcs", AUTO_HTTP: "$scheme" };
  const scheme = backend === defaultBackendName ? "http" : schemes[protocol];
  const pass = `${isGrpc(location) ? "grpc_pass" : "proxy_pass"} ${scheme}://upstream_balancer;`;
  const rewrite =
    target === undefined || target === "" || target === path
      ? []
      : [`rewrite ${quoted(`(?i)${path}`)} ${target} break;`];
  return [...rewrite, pass, "proxy_redirect off;"];
}

function sslLines({ settings: { proxySsl } }: Location): string[] {
  const { verify, verifyDepth, serverName, name, secret } = proxySsl;
  return [
    ...(secret === undefined
      ? []
      : [
          `proxy_ssl_trusted_certificate certificates/${secret.replace("/", "-")}.pem;`,
          `proxy_ssl_verify ${verify};`,
          `proxy_ssl_verify_depth ${verifyDepth};`,
        ]),
    ...(name === undefined ? [] : [`proxy_ssl_name ${quoted(name)};`]),
    ...(serverName === "on" ? ["proxy_ssl_server_name on;"] : []),
  ];
}
