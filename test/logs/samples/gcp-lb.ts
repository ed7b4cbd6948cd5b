/** Composed from the log fields of Google Cloud's "External Application Load Balancer logging". */
const line = (status: number, details: string, latency: string, more: Record<string, unknown> = {}): string =>
  JSON.stringify({
    httpRequest: {
      requestMethod: "GET",
      requestUrl: "https://shop.example/report?x=1",
      requestSize: "301",
      status,
      responseSize: "488",
      userAgent: "curl/8.11",
      remoteIp: "203.0.113.9",
      serverIp: "10.8.3.17",
      latency,
    },
    insertId: "1f3a",
    jsonPayload: {
      "@type": "type.googleapis.com/google.cloud.loadbalancing.type.LoadBalancerLogEntry",
      statusDetails: details,
    },
    resource: {
      type: "http_load_balancer",
      labels: { backend_service_name: "k8s1-0a1b2c3d-shop-web-80-3f4e5d6c", zone: "global" },
    },
    timestamp: "2026-11-20T14:47:01.100123Z",
    ...more,
  });

const regional = (status: number, error: string): string =>
  line(status, "", "10.002s", {
    jsonPayload: { proxyStatus: `error="${error}"; details="x"` },
    resource: {
      type: "http_external_regional_lb_rule",
      labels: { backend_name: "gkegw1-x1y2-shop-web-80-ab12cd34" },
    },
  });

export const gcp = {
  success: line(200, "response_sent_by_backend", "0.004120s"),
  backend503: line(503, "response_sent_by_backend", "0.004120s"),
  closed: line(502, "backend_connection_closed_before_data_sent_to_client", "0.004120s"),
  timeout: line(504, "backend_timeout", "30.001223s"),
  noBackend: line(503, "failed_to_pick_backend", "0.001s"),
  refused: line(502, "failed_to_connect_to_backend", "0.002s"),
  connectTimeout: line(502, "failed_to_connect_to_backend", "5.003s"),
  tls: line(502, "ssl_certificate_san_verification_failed", "0.02s"),
  headers: line(502, "backend_response_headers_too_long", "0.02s"),
  truncated: line(200, "backend_connection_closed_after_partial_response_sent", "1.5s"),
  left: line(0, "client_disconnected_before_any_response", "9.998s"),
  denied: line(403, "denied_by_security_policy", "0.001s"),
  direct: line(503, "direct_response", "0.001s"),
  unknown: line(502, "internal_error", "0.1s"),
  websocket: line(101, "backend_timeout", "30.1s"),
  regionalTimeout: regional(504, "http_response_timeout"),
  regionalRefused: regional(503, "connection_refused"),
};

export const lines: readonly string[] = Object.values(gcp);
