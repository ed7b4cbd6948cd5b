import { ownLabel } from "../promql.ts";
import { serviceCommand, type TrafficSource } from "./traffic-source.ts";

/**
 * kubernetes/ingress-nginx internal/ingress/metric/collectors/socket.go (requests, durations) and controller.go
 * (reloads, certificates); rootfs/etc/nginx/lua/monitor.lua fills the labels from variables of the location. Status is
 * the client's: what a retry made good is not counted. With --report-status-classes it is "5xx", and classes are not told.
 */
const requests = { metric: "nginx_ingress_controller_requests", where: ['ingress!~"-?"'] };
const relabels = [ownLabel("namespace"), ownLabel("service")];
const withStatus = (status: number) => ({
  metric: requests.metric,
  where: [...requests.where, `status="${status}"`],
});

export const ingressNginx: TrafficSource = {
  alive: { metric: "nginx_ingress_controller_config_last_reload_successful" },
  traffic: [{ requests, failed: 'status=~"5.."', relabels }],
  classes: [
    { id: "bad-gateway", series: withStatus(502), relabels },
    { id: "unavailable", series: withStatus(503), relabels },
    { id: "timeout", series: withStatus(504), relabels },
  ],
  latency: {
    series: { metric: "nginx_ingress_controller_request_duration_seconds", where: requests.where },
    kind: "histogram",
    unit: "s",
    relabels,
  },
  command: serviceCommand,
  reload: {
    expr: "nginx_ingress_controller_config_last_reload_successful == 0",
    summary: "{{ $labels.controller_namespace }}/{{ $labels.controller_pod }} cannot load its configuration",
  },
  certificates: {
    expr: "min by (host, secret_name) (nginx_ingress_controller_ssl_expire_time_seconds)",
    name: "{{ $labels.host }} (Secret {{ $labels.secret_name }})",
  },
};
