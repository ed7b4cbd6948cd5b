import { grew, type Relabel, type Series, without } from "../promql.ts";
import { everywhere, type ReloadAlert, serviceCommand, type TrafficSource } from "./traffic-source.ts";

/**
 * Envoy's statistics as its /stats/prometheus names them (envoyproxy/envoy docs, upstream cluster stats): a cluster
 * counts the answers that its requests got, those that Envoy made itself among them, and not the attempts that were
 * retried; timeouts and failed connections are counted for each attempt.
 */
const alive: Series = { metric: "envoy_server_live" };

const clusterSource = (
  where: readonly string[],
  relabels: readonly Relabel[],
): Pick<TrafficSource, "alive" | "traffic" | "classes" | "latency"> => ({
  alive,
  traffic: [
    {
      requests: { metric: "envoy_cluster_upstream_rq_xx", where },
      failed: 'envoy_response_code_class="5"',
      relabels,
    },
  ],
  classes: [
    { id: "timeout", series: { metric: "envoy_cluster_upstream_rq_timeout", where }, relabels },
    { id: "connect", series: { metric: "envoy_cluster_upstream_cx_connect_fail", where }, relabels },
    { id: "unavailable", series: { metric: "envoy_cluster_upstream_cx_none_healthy", where }, relabels },
  ],
  latency: {
    series: { metric: "envoy_cluster_upstream_rq_time", where },
    kind: "histogram",
    unit: "ms",
    relabels,
  },
});

const updates = [
  "envoy_cluster_manager_cds_update_rejected",
  "envoy_listener_manager_lds_update_rejected",
  "envoy_http_rds_update_rejected",
];
export const rejectedUpdates: ReloadAlert = {
  expr: updates.map((metric) => grew({ metric }, "15m", alive)).join("\nor\n"),
  summary: "Envoy at {{ $labels.instance }} rejects the configuration that it is sent",
};

/**
 * A cluster is called KIND/NAMESPACE/NAME/rule/N after its route (envoyproxy/gateway internal/gatewayapi/helpers.go
 * irRouteDestinationName). A route without a backend is answered by the listener, so that is a row too; its prefix is
 * that of internal/xds/translator/listener.go hcmStatPrefix.
 */
const ofRoutes = clusterSource(
  ['envoy_cluster_name=~"(http|grpc)route/.+"'],
  [
    { label: "namespace", from: "envoy_cluster_name", pattern: "[^/]+/([^/]+)/.+" },
    { label: "service", from: "envoy_cluster_name", pattern: "([^/]+)/[^/]+/([^/]+)/.+", as: "$1/$2" },
  ],
);
export const envoyGateway: TrafficSource = {
  ...ofRoutes,
  traffic: [
    ...ofRoutes.traffic,
    {
      requests: {
        metric: "envoy_http_downstream_rq_xx",
        where: ['envoy_http_conn_manager_prefix=~"https?(-[0-9]+)?"'],
      },
      failed: 'envoy_response_code_class="5"',
      relabels: [
        without("namespace"),
        { label: "service", from: "envoy_http_conn_manager_prefix", pattern: "(.+)", as: "listener $1" },
      ],
    },
  ],
  command: `{{ if $labels.namespace }}why5xx {{ $labels.service }} -n {{ $labels.namespace }} --since 1h{{ else }}${everywhere}{{ end }}`,
  isNotByService: true,
  reload: rejectedUpdates,
};

/**
 * NAMESPACE_SERVICE_PORT (projectcontour/contour internal/envoy/cluster.go AltStatName); Contour's own clusters are named
 * in internal/envoy/v3/bootstrap.go.
 */
export const contour: TrafficSource = {
  ...clusterSource(
    ['envoy_cluster_name=~"[^_]+_[^_]+_[0-9]+"', 'envoy_cluster_name!~"[^_]+_(contour|envoy-admin)_[0-9]+"'],
    [
      { label: "namespace", from: "envoy_cluster_name", pattern: "([^_]+)_.+" },
      { label: "service", from: "envoy_cluster_name", pattern: "[^_]+_([^_]+)_[0-9]+" },
    ],
  ),
  command: serviceCommand,
  reload: rejectedUpdates,
};
