import { serviceCommand, type TrafficSource } from "./traffic-source.ts";

/**
 * HAProxy's own exporter: haproxy/haproxy addons/promex/service-prometheus.c. A backend is called NAMESPACE_svc_SERVICE_PORT
 * (haproxytech/kubernetes-ingress pkg/service/service.go GetBackendName, without svc_ before 3.0) or NAMESPACE_SERVICE_PORT
 * (jcmoraisjr/haproxy-ingress). Connection errors are counted for each attempt; response errors hold what timed out,
 * was cut off and was not understood (haproxy/haproxy src/http_ana.c http_wait_for_response).
 */
const named = 'proxy=~"[^_]+_.+_[^_]+"';
const relabels = [
  { label: "namespace", from: "proxy", pattern: "([^_]+)_.+" },
  { label: "service", from: "proxy", pattern: "[^_]+_(?:svc_)?([^_]+)_[^_]+" },
];

export const haproxy: TrafficSource = {
  alive: { metric: "haproxy_process_start_time_seconds" },
  traffic: [
    {
      requests: { metric: "haproxy_backend_http_responses_total", where: [named] },
      failed: 'code="5xx"',
      relabels,
    },
  ],
  classes: [
    {
      id: "connect",
      series: { metric: "haproxy_backend_connection_errors_total", where: [named] },
      relabels,
    },
    {
      id: "no-answer",
      series: { metric: "haproxy_backend_response_errors_total", where: [named] },
      relabels,
    },
  ],
  latency: {
    series: { metric: "haproxy_backend_total_time_average_seconds", where: [named] },
    kind: "average",
    unit: "s",
    relabels,
  },
  command: serviceCommand,
  // haproxytech/kubernetes-ingress pkg/metrics/prometheus.go
  reload: {
    expr: "haproxy_unable_to_sync_configuration == 1",
    summary: "the HAProxy controller at {{ $labels.instance }} cannot load its configuration",
  },
};
