import { ownLabel, without } from "../promql.ts";
import { everywhere, type TrafficSource } from "./traffic-source.ts";

/**
 * traefik/traefik pkg/observability/metrics/prometheus.go. A service is called NAMESPACE-NAME-PORT@kubernetes, which does
 * not say where the namespace ends. The metrics of a service begin behind its load balancer (pkg/server/service/service.go):
 * a 503 for want of a server is counted at the entry point only, so that is a row too. The time of the last reload is
 * told, but not that one failed.
 */
const service = { metric: "traefik_service_requests_total" };
const relabels = [without("namespace"), ownLabel("service")];
const withCode = (code: number) => ({ metric: service.metric, where: [`code="${code}"`] });

export const traefik: TrafficSource = {
  alive: { metric: "traefik_config_reloads_total" },
  traffic: [
    { requests: service, failed: 'code=~"5.."', relabels },
    {
      requests: { metric: "traefik_entrypoint_requests_total" },
      failed: 'code=~"5.."',
      relabels: [
        without("namespace"),
        { label: "service", from: "entrypoint", pattern: "(.+)", as: "entrypoint $1" },
      ],
    },
  ],
  classes: [
    { id: "bad-gateway", series: withCode(502), relabels },
    { id: "unavailable", series: withCode(503), relabels },
    { id: "timeout", series: withCode(504), relabels },
  ],
  latency: {
    series: { metric: "traefik_service_request_duration_seconds" },
    kind: "histogram",
    unit: "s",
    relabels,
  },
  command: everywhere,
  isNotByService: true,
  certificates: {
    expr: "max by (cn, sans) (traefik_tls_certs_not_after)",
    name: "{{ $labels.cn }} {{ $labels.sans }}",
  },
};
