/** Sizes at which something on the way refuses or breaks, with the name to look for. */
const limits: readonly (readonly [bytes: number, name: string])[] = [
  // One packet: path MTU 1,500 less headers; overlays take 50 or more.
  [1400, "one packet of 1,500 bytes (MTU of an overlay network)"],
  // apache/tomcat AbstractHttp11Protocol maxHttpHeaderSize; jetty requestHeaderSize; nodejs --max-http-header-size.
  [8 * 1024, "8 KiB of request headers (Tomcat, Jetty, one buffer of nginx)"],
  [16 * 1024, "16 KiB of request headers (Node.js, HAProxy tune.bufsize)"],
  // nginx large_client_header_buffers 4 8k; envoy max_request_headers_kb.
  [32 * 1024, "32 KiB of request headers (nginx large_client_header_buffers 4 8k, Application Gateway)"],
  [60 * 1024, "60 KiB of request headers (Envoy max_request_headers_kb)"],
  [64 * 1024, "64 KiB"],
  [128 * 1024, "128 KiB of request headers (Cloudflare)"],
  // ingress-nginx internal/ingress/controller/config/config.go; expressjs body-parser; apache/tomcat maxPostSize; grpc.
  [100 * 1024, "100 KiB (body-parser)"],
  [1024 ** 2, "1 MiB (nginx client_max_body_size, ingress-nginx proxy-body-size)"],
  [2 * 1024 ** 2, "2 MiB (Tomcat maxPostSize)"],
  [4 * 1024 ** 2, "4 MiB (gRPC message)"],
  [10 * 1024 ** 2, "10 MiB (API Gateway)"],
  [30_000_000, "30 MB (Kestrel MaxRequestBodySize)"],
  [100 * 1024 ** 2, "100 MiB (Cloudflare)"],
];

/** A threshold is read from the requests that were sent: the first failing one is a little above the limit. */
const below = 0.95;
const above = 1.25;

/** The known limit nearest to a threshold; undefined when none is near. */
export function limitNear(bytes: number): string | undefined {
  const near = limits.filter(([limit]) => bytes >= limit * below && bytes <= limit * above);
  const [nearest] = near.toSorted(([a], [b]) => Math.abs(a - bytes) - Math.abs(b - bytes));
  return nearest?.[1];
}
