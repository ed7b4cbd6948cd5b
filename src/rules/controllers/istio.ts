import { rejectedUpdates } from "./envoy.ts";
import { serviceCommand, type TrafficSource } from "./traffic-source.ts";

/**
 * istio/istio: standard metrics, told by the client's side of each request, which is the gateway for what comes from
 * outside and a sidecar for calls within the mesh. Response flags are Envoy's (envoyproxy/envoy access log RESPONSE_FLAGS).
 * Of Envoy's own statistics a proxy tells those of the server and of configuration by default.
 */
const requests = { metric: "istio_requests_total", where: ['reporter="source"'] };
const relabels = [
  { label: "namespace", from: "destination_service_namespace", pattern: "(.+)" },
  { label: "service", from: "destination_service_name", pattern: "(.+)" },
];
const flagged = (flags: string) => ({
  metric: requests.metric,
  where: [...requests.where, `response_flags=~".*(${flags}).*"`],
});

export const istio: TrafficSource = {
  alive: { metric: "envoy_server_live" },
  traffic: [{ requests, failed: 'response_code=~"5.."', relabels }],
  classes: [
    { id: "timeout", series: flagged("UT"), relabels },
    { id: "connect", series: flagged("UF"), relabels },
    { id: "no-answer", series: flagged("UC|UR$"), relabels },
    { id: "unavailable", series: flagged("UH|UO|NR|NC"), relabels },
  ],
  latency: {
    series: { metric: "istio_request_duration_milliseconds", where: requests.where },
    kind: "histogram",
    unit: "ms",
    relabels,
  },
  command: serviceCommand,
  reload: rejectedUpdates,
};
