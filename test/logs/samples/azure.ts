/** Composed from "Monitoring data reference for Azure Application Gateway" and "Monitor … Azure Front Door". */
const gateway = (properties: Record<string, unknown>, more: Record<string, unknown> = {}): string =>
  JSON.stringify({
    timeStamp: "2026-11-20T14:47:01+00:00",
    resourceId: "/SUBSCRIPTIONS/A/RESOURCEGROUPS/B/PROVIDERS/MICROSOFT.NETWORK/APPLICATIONGATEWAYS/C",
    listenerName: "https",
    backendPoolName: "pool-shop-web",
    category: "ApplicationGatewayAccessLog",
    properties: {
      instanceId: "appgw_0",
      clientIP: "203.0.113.9",
      clientPort: 51000,
      httpMethod: "GET",
      requestUri: "/report",
      requestQuery: "x=1",
      userAgent: "curl/8.11",
      httpStatus: 200,
      httpVersion: "HTTP/1.1",
      receivedBytes: 301,
      sentBytes: 488,
      timeTaken: 0.018,
      serverRouted: "10.240.3.17:8080",
      serverStatus: "200",
      serverResponseLatency: "0.016",
      originalHost: "shop.example",
      host: "internal.example",
      error_info: "ERRORINFO_NO_ERROR",
      ...properties,
    },
    ...more,
  });

const none = { serverRouted: "", serverStatus: "", serverResponseLatency: "" };

export const appGateway = {
  success: gateway({}),
  noLive: gateway({ ...none, httpStatus: 502, timeTaken: 0.002, error_info: "ERRORINFO_UPSTREAM_NO_LIVE" }),
  timedOut: gateway({
    httpStatus: 504,
    timeTaken: 40.004,
    serverRouted: "10.240.3.17:8080, 10.240.3.18:8080",
    serverStatus: "504, 504",
    serverResponseLatency: "20.001, 20.002",
    error_info: "ERRORINFO_UPSTREAM_TIMED_OUT",
  }),
  connectTimeout: gateway({
    httpStatus: 504,
    serverStatus: "504",
    serverConnectTime: "-",
    error_info: "ERRORINFO_UPSTREAM_TIMED_OUT",
  }),
  closed: gateway({
    httpStatus: 502,
    serverStatus: "502",
    error_info: "ERRORINFO_UPSTREAM_CLOSED_CONNECTION",
  }),
  server503: gateway({ httpStatus: 503, serverStatus: "503" }),
  left: gateway({ httpStatus: 499, serverStatus: "-", error_info: "ERRORINFO_CLIENT_CLOSED_REQUEST" }),
  withoutErrorInfo: gateway({ httpStatus: 502, serverStatus: "502", error_info: undefined }),
  v1: gateway(
    {
      instanceId: "ApplicationGatewayRole_IN_0",
      requestQuery:
        "X-AzureApplicationGateway-CACHE-HIT=0&SERVER-ROUTED=10.240.3.17&X-AzureApplicationGateway-LOG-ID=8bf3&SERVER-STATUS=200",
      timeTaken: 205,
      serverRouted: undefined,
      serverStatus: undefined,
      error_info: undefined,
    },
    { timeStamp: undefined, time: "2026-11-20T14:47:01.0000001Z" },
  ),
  v1Unquoted: gateway({
    instanceId: "ApplicationGatewayRole_IN_0",
    requestQuery: "SERVER-STATUS=502",
    httpStatus: 502,
    timeTaken: 20_010,
    error_info: undefined,
  }).replace('"clientPort":51000', '"clientPort":-'),
  table: JSON.stringify({
    TimeGenerated: "2026-11-20T14:47:01.5Z",
    ClientIp: "203.0.113.9",
    HttpMethod: "GET",
    RequestUri: "/report",
    HttpStatus: 502,
    TimeTaken: 0.004,
    ServerRouted: "10.240.3.17:8080",
    ErrorInfo: "ERRORINFO_UPSTREAM_CLOSED_CONNECTION",
  }),
  diagnostics: JSON.stringify({
    TimeGenerated: "2026-11-20T14:47:01.5Z",
    httpMethod_s: "GET",
    requestUri_s: "/report",
    httpStatus_d: 504,
    timeTaken_d: 180.02,
    error_info_s: "ERRORINFO_UPSTREAM_TIMED_OUT",
    serverRouted_s: "10.240.3.17:8080",
  }),
};

const door = (properties: Record<string, unknown>): string =>
  JSON.stringify({
    time: "2026-11-20T14:47:31.0120000Z",
    category: "FrontDoorAccessLog",
    properties: {
      trackingReference: "0aBcD",
      httpMethod: "GET",
      requestUri: "https://shop.example:443/report?x=1",
      clientIp: "203.0.113.9",
      userAgent: "curl/8.11",
      timeTaken: "0.044",
      httpStatusCode: "200",
      pop: "AMS",
      cacheStatus: "CONFIG_NOCACHE",
      routeName: "shop",
      errorInfo: "NoError",
      originIp: "20.50.1.2:443",
      originName: "ingress.shop.example:443",
      ...properties,
    },
  });

export const frontDoor = {
  success: door({}),
  timeout: door({ httpStatusCode: "0", timeTaken: "30.012", errorInfo: "OriginTimeout" }),
  aborted: door({ httpStatusCode: "503", errorInfo: "OriginConnectionAborted" }),
  refused: door({ httpStatusCode: "503", errorInfo: "OriginConnectionRefused" }),
  certificate: door({ httpStatusCode: "502", errorInfo: "CertificateNameCheckFailed" }),
  headers: door({ httpStatusCode: "502", errorInfo: "ResponseHeaderTooBig" }),
  dns: door({ httpStatusCode: "503", errorInfo: "DNSFailure", originIp: "N/A" }),
  passed: door({ httpStatusCode: "503" }),
  left: door({ httpStatusCode: "499", errorInfo: "ClientDisconnected" }),
  pascal: JSON.stringify({
    Time: "2026-11-20T14:47:31.012Z",
    TrackingReference: "0aBcE",
    HttpMethod: "POST",
    RequestUri: "https://shop.example:443/pay",
    TimeTaken: "0.018",
    HttpStatusCode: "503",
    ErrorInfo: "OriginConnectionAborted",
    OriginIP: "20.50.1.2:443",
  }),
};

export const lines: readonly string[] = [...Object.values(appGateway), ...Object.values(frontDoor)];
