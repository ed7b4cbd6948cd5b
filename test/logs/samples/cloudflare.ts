/** Composed from the fields of Cloudflare's Logpush dataset http_requests. */
const line = (edge: number, origin: number, more: Record<string, unknown> = {}): string =>
  JSON.stringify({
    ClientIP: "203.0.113.9",
    ClientRequestHost: "shop.example",
    ClientRequestMethod: "GET",
    ClientRequestURI: "/report?x=1",
    ClientRequestProtocol: "HTTP/2",
    ClientRequestSource: "eyeball",
    ClientRequestBytes: 512,
    EdgeResponseStatus: edge,
    EdgeResponseBytes: 7100,
    OriginResponseStatus: origin,
    OriginIP: "198.51.100.20",
    OriginResponseDurationMs: 6,
    OriginTCPHandshakeDurationMs: 3,
    CacheCacheStatus: "dynamic",
    RayID: "8f1c",
    EdgeStartTimestamp: "2026-11-20T14:47:01Z",
    ...more,
  });

export const cf = {
  success: line(200, 200),
  unixNano: line(200, 200, {
    EdgeStartTimestamp: 1_795_186_021_250_000_000,
    EdgeEndTimestamp: 1_795_186_021_500_000_000,
  }),
  unix: line(200, 200, { EdgeStartTimestamp: 1_795_186_021, EdgeEndTimestamp: 1_795_186_022 }),
  passed: line(502, 502, { OriginTCPHandshakeDurationMs: 0 }),
  made502: line(502, 0),
  unknown: line(520, 0),
  refused: line(521, 0),
  connectTimeout: line(522, 0, { OriginResponseDurationMs: 19_001 }),
  unreachable: line(523, 0),
  timeout: line(524, 0, { OriginResponseDurationMs: 120_004 }),
  tls: line(525, 0),
  certificate: line(526, 0),
  other: line(530, 0, { OriginIP: "" }),
  earlyHints: line(504, 0, { ClientRequestSource: "earlyHintsCache" }),
  left: line(499, 0),
  fewFields: JSON.stringify({ EdgeResponseStatus: 502, EdgeStartTimestamp: "2026-11-20T14:47:01Z" }),
};

export const lines: readonly string[] = Object.values(cf);
