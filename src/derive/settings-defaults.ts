import type { GatewayKind } from "./views.ts";

/** Values that hold when nothing is written. Infinity: no limit; keep-alive 0: connections are not reused. */
export interface GatewayDefaults {
  readonly connectTimeoutMs: number;
  readonly readTimeoutMs: number;
  readonly sendTimeoutMs: number;
  /** Tries in all, the first one included. */
  readonly nextUpstreamTries: number;
  readonly upstreamKeepaliveMs: number;
  readonly bufferSizeBytes: number;
}

const none = Number.POSITIVE_INFINITY;
const second = 1000;
const hour = 3600 * second;
const envoyHeaderBytes = 60 * 1024;

const defaults = (
  connectTimeoutMs: number,
  readTimeoutMs: number,
  sendTimeoutMs: number,
  nextUpstreamTries: number,
  upstreamKeepaliveMs: number,
  bufferSizeBytes: number,
): GatewayDefaults => ({
  connectTimeoutMs,
  readTimeoutMs,
  sendTimeoutMs,
  nextUpstreamTries,
  upstreamKeepaliveMs,
  bufferSizeBytes,
});

/** A kind that is not here has no defaults we could vouch for. */
export const gatewayDefaults: { readonly [K in GatewayKind]?: GatewayDefaults } = {
  // kubernetes/ingress-nginx internal/ingress/controller/config/config.go, NewDefault.
  "ingress-nginx": defaults(5 * second, 60 * second, 60 * second, 3, 60 * second, 4096),
  // nginx/kubernetes-ingress internal/configs/config_params.go; reuse is off until `keepalive` is set.
  "nginx-ingress": defaults(60 * second, 60 * second, 60 * second, none, 0, 4096),
  // traefik/traefik pkg/config/static: dialTimeout 30s, responseHeaderTimeout 0, idleConnTimeout 90s.
  traefik: defaults(30 * second, none, none, 1, 90 * second, none),
  // haproxytech/kubernetes-ingress and jcmoraisjr/haproxy-ingress agree; 3 retries after the first try.
  haproxy: defaults(5 * second, 50 * second, 50 * second, 4, none, 16_384),
  // projectcontour/contour pkg/config/parameters.go; Envoy's route timeout of 15s.
  contour: defaults(2 * second, 15 * second, none, 1, hour, envoyHeaderBytes),
  // envoyproxy/gateway internal/xds/translator/cluster.go, tcpClusterPerConnectTimeout.
  "envoy-gateway": defaults(10 * second, 15 * second, none, 1, hour, envoyHeaderBytes),
  // istio/istio pilot/pkg/networking/core/route/retry: 2 retries; the route timeout is disabled.
  istio: defaults(10 * second, none, none, 3, hour, envoyHeaderBytes),
  // Kong/kong kong/db/schema/entities/services.lua: 60s each, 5 retries.
  kong: defaults(60 * second, 60 * second, 60 * second, 6, 60 * second, 4096),
  // docs.aws.amazon.com, Application Load Balancer attributes and troubleshooting.
  "aws-lbc": defaults(10 * second, 60 * second, 60 * second, 1, 60 * second, 32 * 1024),
};
