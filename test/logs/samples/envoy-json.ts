/** Composed from the JSON formats of Istio, Envoy Gateway and Contour, with values as Envoy's source writes them. */
const line = (entry: Record<string, unknown>): string => JSON.stringify(entry);

const istioEntry = {
  start_time: "2026-11-20T14:47:01.488Z",
  route_name: "default",
  method: "GET",
  path: "/orders?page=2",
  protocol: "HTTP/1.1",
  response_code: 200,
  response_flags: "-",
  response_code_details: "via_upstream",
  connection_termination_details: null,
  bytes_received: 0,
  bytes_sent: 1893,
  duration: 19,
  upstream_service_time: "18",
  x_forwarded_for: "198.51.100.7,203.0.113.9",
  user_agent: "okhttp/4.12",
  request_id: "c0d24b36-5483-46aa-9d3e-1f0e5d1b7f11",
  authority: "shop.example",
  upstream_host: "10.42.3.17:8080",
  upstream_cluster: "outbound|80||orders.shop.svc.cluster.local",
  upstream_local_address: "10.42.0.9:51200",
  downstream_local_address: "10.42.0.9:8443",
  downstream_remote_address: "203.0.113.9:40112",
  requested_server_name: "shop.example",
  upstream_transport_failure_reason: null,
};

const gatewayEntry = {
  start_time: "2026-11-20T14:49:00.000Z",
  method: "GET",
  "x-envoy-origin-path": "/orders",
  protocol: "HTTP/2",
  response_code: "200",
  response_flags: "-",
  response_code_details: "via_upstream",
  connection_termination_details: "-",
  upstream_transport_failure_reason: "-",
  bytes_received: "0",
  bytes_sent: "512",
  duration: "7",
  "x-envoy-upstream-service-time": null,
  "x-forwarded-for": "203.0.113.9",
  "user-agent": "curl/8.11",
  "x-request-id": "9f1a",
  ":authority": "shop.example",
  upstream_host: "10.42.3.17:8080",
  upstream_cluster: "httproute/shop/web/rule/0",
  downstream_remote_address: "[2001:db8::9]:40112",
  route_name: "httproute/shop/web/rule/0/match/0/shop_example",
};

const contourEntry = {
  "@timestamp": "2026-11-20T14:50:00.250Z",
  authority: "shop.example",
  bytes_received: 0,
  bytes_sent: 512,
  downstream_remote_address: "203.0.113.9:40112",
  duration: 7,
  method: "GET",
  path: "/orders",
  protocol: "HTTP/1.1",
  request_id: "77aa",
  response_code: 200,
  response_flags: "-",
  upstream_cluster: "shop/orders/80/da39a3ee5e",
  upstream_host: "10.42.3.17:8080",
  upstream_service_time: "6",
  user_agent: "curl/8.11",
  x_forwarded_for: "203.0.113.9",
  grpc_status: null,
};

export const istio = {
  success: line(istioEntry),
  refused: line({
    ...istioEntry,
    response_code: 503,
    response_flags: "UF,URX",
    response_code_details:
      "upstream_reset_before_response_started{remote_connection_failure|delayed_connect_error:_111}",
    upstream_transport_failure_reason: "delayed_connect_error:_111",
    upstream_service_time: null,
    duration: 82,
  }),
  sidecar: line({ ...istioEntry, upstream_cluster: "inbound|8080||" }),
  left: line({
    ...istioEntry,
    response_code: 0,
    response_flags: "DC",
    response_code_details: "downstream_remote_disconnect",
    upstream_service_time: null,
  }),
};

const ownAnswer = {
  ...gatewayEntry,
  upstream_host: null,
  upstream_cluster: null,
  bytes_sent: 0,
  duration: 0,
};

export const envoyGateway = {
  success: line(gatewayEntry),
  app503: line({ ...gatewayEntry, response_code: 503 }),
  noEndpoint: line({ ...ownAnswer, response_code: 503, response_code_details: "direct_response" }),
  brokenRef: line({ ...ownAnswer, response_code: 500, response_code_details: "direct_response" }),
  unhealthy: line({
    ...gatewayEntry,
    response_code: 503,
    response_flags: "UH",
    response_code_details: "no_healthy_upstream",
    upstream_host: null,
  }),
  retried: line({ ...gatewayEntry, upstream_request_attempt_count: "3" }),
};

export const contour = {
  success: line(contourEntry),
  closed: line({
    ...contourEntry,
    response_code: 503,
    response_flags: "UC",
    upstream_service_time: null,
    bytes_sent: 95,
  }),
  epoch: line({ ...contourEntry, "@timestamp": undefined, ts: 1_795_186_200.25 }),
};

export const lines: readonly string[] = [
  ...Object.values(istio),
  ...Object.values(envoyGateway),
  ...Object.values(contour),
];
