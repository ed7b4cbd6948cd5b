import type { FailureClass } from "../traffic.ts";

/** A timer that a proxy, load balancer, kernel or library has when nobody sets it. */
export interface KnownTimer {
  readonly valueMs: number;
  /** As a person would look it up: "ingress-nginx proxy-read-timeout". */
  readonly name: string;
  /** What the log says of a request that it ended. */
  readonly ends: readonly (FailureClass | "client-left")[];
  /** Words of the formats in whose lines it can show; absent: in any. */
  readonly formats?: readonly string[];
  /** Tries that one request may make of it; where only whole requests are timed their sums show. */
  readonly tries?: number;
  /** How late it may show, where that is more than a proxy's own timer would be. */
  readonly lateMs?: number;
}

const second = 1000;
const waits = ["response-timeout", "unclassified"] as const;
const connects = ["connect-timeout", "unclassified"] as const;
const cuts = ["closed-before-header", "truncated"] as const;

const nginx = ["nginx"];
const envoy = ["envoy", "istio", "contour"];
const haproxy = ["haproxy"];
const alb = ["alb"];
const gcp = ["gcp", "google"];
const azure = ["azure", "application-gateway"];

const timer = (
  seconds: number,
  name: string,
  ends: KnownTimer["ends"],
  formats?: readonly string[],
  more: Pick<KnownTimer, "tries" | "lateMs"> = {},
): KnownTimer => ({
  valueMs: seconds * second,
  name,
  ends,
  ...(formats === undefined ? {} : { formats }),
  ...more,
});

/** Timers of the proxy that writes the log. Sources: beside the gateway defaults, and each project's own reference. */
const ofProxies: readonly KnownTimer[] = [
  // kubernetes/ingress-nginx internal/ingress/controller/config/config.go; three tries.
  timer(5, "ingress-nginx proxy-connect-timeout", connects, nginx, { tries: 3 }),
  timer(60, "ingress-nginx proxy-read-timeout", [...waits, "truncated"], ["ingress-nginx"], { tries: 3 }),
  // nginx src/http/modules/ngx_http_proxy_module.c; the F5 controller, Kong and APISIX write the same.
  timer(60, "nginx proxy_read_timeout", [...waits, "truncated"], [...nginx, "kong", "apisix"]),
  timer(60, "nginx proxy_connect_timeout", connects, [...nginx, "kong", "apisix"]),
  timer(240, "ingress-nginx worker-shutdown-timeout", cuts, ["ingress-nginx"]),
  // traefik/traefik pkg/config/static, forwardingTimeouts and the transport's TLSHandshakeTimeout.
  timer(30, "Traefik dialTimeout", connects, ["traefik"]),
  timer(10, "Traefik TLS handshake", ["tls-failure", ...connects], ["traefik"]),
  // haproxy doc/configuration.txt: 3 retries with a turn-around of 1 s; defaults of both ingress controllers.
  timer(3, "HAProxy's 3 retries, 1 s apart", ["connect-refused", "connect-timeout"], haproxy),
  timer(5, "HAProxy timeout connect", connects, haproxy),
  timer(20, "4 tries of HAProxy timeout connect", connects, haproxy),
  timer(23, "4 tries of HAProxy timeout connect, 1 s apart", connects, haproxy),
  timer(5, "HAProxy timeout queue", ["local-resource", "unclassified"], haproxy),
  timer(5, "HAProxy timeout http-request", ["client-left", "unclassified"], haproxy),
  timer(50, "HAProxy ingress timeout server", [...waits, "truncated"], haproxy),
  // envoy api/envoy/config/{cluster,route}; envoyproxy/gateway internal/xds/translator; projectcontour/contour pkg/config.
  timer(15, "Envoy route timeout", waits, envoy),
  timer(10, "Envoy connect_timeout as Envoy Gateway and Istio set it", connects, envoy),
  timer(5, "Envoy connect_timeout", connects, envoy),
  timer(2, "Envoy connect_timeout as Contour sets it", connects, envoy),
  timer(300, "Envoy stream_idle_timeout", [...waits, "truncated"], envoy),
  timer(3600, "Envoy idle_timeout", cuts, envoy),
  // docs.aws.amazon.com, Application Load Balancer attributes and troubleshooting.
  timer(60, "ALB idle timeout", waits, alb),
  timer(10, "ALB connect to the target", connects, alb),
  timer(10, "ALB TLS handshake with the target", ["tls-failure"], alb),
  // cloud.google.com/load-balancing/docs/https and learn.microsoft.com, Application Gateway and Front Door.
  timer(30, "Google Cloud backend service timeout", waits, gcp),
  timer(20, "Application Gateway request timeout", waits, azure),
  timer(40, "2 tries of Application Gateway request timeout", waits, azure),
  timer(30, "Azure Front Door origin timeout", waits, azure),
  timer(240, "Azure Front Door's longest origin timeout", waits, azure),
  // developers.cloudflare.com, connection limits and 5xx errors.
  timer(19, "Cloudflare 522 (connect)", connects, ["cloudflare"], { lateMs: 1000 }),
  timer(100, "Cloudflare 524 (older plans and pages)", waits, ["cloudflare"], { lateMs: 1000 }),
  timer(120, "Cloudflare 524", waits, ["cloudflare"], { lateMs: 1000 }),
];

/** Timers before, behind and below the proxy: they show in any log. */
const ofOthers: readonly KnownTimer[] = [
  // What hangs up in front of the proxy.
  timer(60, "ALB idle timeout in front", ["client-left"]),
  timer(30, "Google Cloud backend service timeout in front", ["client-left"]),
  timer(30, "Azure Front Door origin timeout in front", ["client-left"]),
  timer(30, "a client library's usual timeout", ["client-left"]),
  timer(20, "Application Gateway request timeout in front", ["client-left"]),
  timer(15, "Envoy route timeout in front", ["client-left"]),
  timer(100, "Cloudflare's 524 in front (older plans and pages)", ["client-left"]),
  timer(120, "Cloudflare's 524 in front", ["client-left"]),
  timer(350, "NLB idle timeout (silent)", ["client-left", ...cuts]),
  // The kernel: ARP gives up after 3 s, a SYN is sent again after 1, 3, 7 … s (ip-sysctl, tcp_syn_retries 6).
  timer(3, "the kernel's wait for ARP (no route to host)", ["unreachable"], undefined, { lateMs: 150 }),
  timer(127, "the kernel's last SYN retry", ["connect-timeout", "unreachable"], undefined, { lateMs: 5000 }),
  timer(5, "one DNS resolver timeout", ["no-endpoint", "app-status"], undefined, { lateMs: 250 }),
  timer(10, "two DNS resolver timeouts", ["no-endpoint", "app-status"], undefined, { lateMs: 250 }),
  // The application: benoitc/gunicorn config.py, puma, nodejs lib/_http_server.js, brettwooldridge/HikariCP.
  timer(30, "gunicorn worker timeout", cuts),
  timer(60, "Puma worker_timeout", cuts),
  timer(300, "Node.js requestTimeout", cuts),
  timer(30, "HikariCP connectionTimeout", ["app-status"]),
  timer(60, "a read timeout of 60 s behind this proxy", ["app-status"]),
  // kubernetes docs, pod lifecycle; the delete call starts it, so only requests begun then last as long.
  timer(30, "terminationGracePeriodSeconds", cuts),
];

export const knownTimers: readonly KnownTimer[] = [...ofProxies, ...ofOthers];
