import { grew, ownLabel, without } from "../promql.ts";
import { everywhere, type TrafficSource } from "./traffic-source.ts";

/**
 * Kong/kong kong/plugins/prometheus/exporter.lua, with the plugin's status_code_metrics switched on. What Kong calls a
 * service is made from a route's names (Kong/kubernetes-ingress-controller internal/dataplane/translator) and does not
 * say which part is the Service.
 */
const requests = { metric: "kong_http_requests_total" };
const alive = { metric: "kong_node_info" };
const relabels = [without("namespace"), ownLabel("service")];
const withCode = (code: number) => ({ metric: requests.metric, where: [`code="${code}"`] });
const pushes = "ingress_controller_configuration_push_count";

export const kong: TrafficSource = {
  alive,
  traffic: [{ requests, failed: 'code=~"5.."', relabels }],
  classes: [
    { id: "bad-gateway", series: withCode(502), relabels },
    { id: "unavailable", series: withCode(503), relabels },
    { id: "timeout", series: withCode(504), relabels },
  ],
  latency: {
    series: { metric: "kong_request_latency_ms" },
    kind: "histogram",
    unit: "ms",
    relabels,
  },
  command: everywhere,
  isNotByService: true,
  // Kong/kubernetes-ingress-controller internal/metrics/prometheus.go
  reload: {
    expr: grew({ metric: pushes, where: ['success="false"'] }, "15m", { metric: pushes }),
    summary: "the Kong controller at {{ $labels.instance }} cannot hand its configuration over",
  },
};
