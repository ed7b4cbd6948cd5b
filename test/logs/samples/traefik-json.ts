/** Composed from traefik pkg/middlewares/accesslog/logdata.go and logger.go. */
const entry = (more: Record<string, unknown>): string =>
  JSON.stringify({
    ClientAddr: "10.42.0.1:51514",
    ClientHost: "203.0.113.9",
    ClientPort: "51514",
    ClientUsername: "-",
    DownstreamContentSize: 11,
    DownstreamStatus: 502,
    Duration: 2913844,
    OriginContentSize: 11,
    OriginDuration: 2610113,
    OriginStatus: 502,
    Overhead: 303731,
    RequestContentSize: 0,
    RequestCount: 48120,
    RequestHost: "shop.example",
    RequestMethod: "GET",
    RequestPath: "/api",
    RequestProtocol: "HTTP/1.1",
    RetryAttempts: 0,
    RouterName: "shop-shop-ingress-api@kubernetes",
    ServiceAddr: "10.42.3.17:8080",
    ServiceName: "shop-api-80@kubernetes",
    ServiceURL: "http://10.42.3.17:8080",
    StartUTC: "2026-11-20T14:47:01.100123456Z",
    entryPointName: "web",
    level: "info",
    msg: "",
    time: "2026-11-20T14:47:01Z",
    ...more,
  });

const unasked = {
  OriginStatus: 0,
  OriginContentSize: 0,
  OriginDuration: 0,
  ServiceAddr: undefined,
  ServiceURL: undefined,
};
const slow = { Duration: 30_003_112_944, OriginDuration: 30_002_901_110 };

export const samples = {
  success: entry({
    DownstreamStatus: 200,
    OriginStatus: 200,
    DownstreamContentSize: 1893,
    OriginContentSize: 1893,
  }),
  failed: entry({}),
  dialTimeout: entry({
    DownstreamStatus: 504,
    OriginStatus: 504,
    DownstreamContentSize: 15,
    OriginContentSize: 15,
    ...slow,
  }),
  noServer: entry({ DownstreamStatus: 503, DownstreamContentSize: 20, ...unasked }),
  breaker: entry({ DownstreamStatus: 503, DownstreamContentSize: 19, ...unasked }),
  errorsPage: entry({ DownstreamContentSize: 4321 }),
  app502: entry({ DownstreamContentSize: 91, OriginContentSize: 91 }),
  changed: entry({ DownstreamStatus: 503, OriginStatus: 200 }),
  retried: entry({ DownstreamStatus: 200, OriginStatus: 200, RetryAttempts: 2 }),
  left: entry({ DownstreamStatus: 499, OriginStatus: 499, DownstreamContentSize: 21, OriginContentSize: 21 }),
  named: entry({
    KubernetesIngressNamespace: "shop",
    KubernetesServiceName: "api",
    KubernetesServicePort: "http",
  }),
  few: JSON.stringify({
    DownstreamStatus: 502,
    RequestPath: "/api",
    RouterName: "api@file",
    time: "2026-11-20T14:47:01Z",
  }),
  withHeaders: entry({
    "request_User-Agent": "okhttp/4.12",
    "request_X-Request-Id": "c0d24b36",
    request_Authorization: "REDACTED",
  }),
} as const;

export const lines: readonly string[] = Object.values(samples);
